// How long a stage was lived through before a restart, by the times at which its requests were served.

import type { Instant } from '../../core/types.ts'

/**
 * A longer gap counts as no more: the router may have been down in it, or the machine's clock set forward, and neither is time in which
 * users could have met the candidate.
 */
const mostGapMs = 60_000

/** `see` takes times in whatever order. */
export function createStageTime(since: Instant): { readonly see: (at: Instant) => void; readonly ms: () => number } {
  let [lastMs, ms] = [Date.parse(since), 0]
  return {
    see: (at) => {
      const gapMs = Date.parse(at) - lastMs
      if (!(gapMs > 0)) return
      ms += Math.min(gapMs, mostGapMs)
      lastMs += gapMs
    },
    ms: () => ms,
  }
}
