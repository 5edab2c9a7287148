// Hard limits on the candidate's answers: no statistics, no waiting. Whoever meets one is rolled back at once.

import type { Tripped } from '../../core/rollout.ts'

export interface GuardLimits {
  /** Of the last `window` requests so large a share may fail, 0..1; not looked at before there are so many. */
  readonly errorRate: number
  readonly window: number
  /** So many failures in a row. */
  readonly consecutive: number
  /** Minutes in which the candidate was asked and gave no answer at all. */
  readonly silentMinutes: number
}

/** What they count just now. */
export interface GuardCounts {
  /** Of the candidate's last requests, `window` at most. */
  readonly looked: number
  readonly failed: number
  readonly inARow: number
}

export interface Guards {
  /** Of one request of the candidate. Gives what was tripped, once. */
  readonly see: (isAnswered: boolean, nowMs: number) => Tripped | null
  /**
   * A client left after so long, and nothing of the answer had come. Whoever changes their mind does so too, so it is no failure yet; but
   * clients that give up before our own limits must not hide a candidate that says nothing at all.
   */
  readonly leave: (waitedMs: number, nowMs: number) => Tripped | null
  /** Forgets everything: another candidate, or another try. */
  readonly reset: () => void
  readonly counts: () => GuardCounts
}

export function createGuards({ errorRate, window, consecutive, silentMinutes }: GuardLimits): Guards {
  let ring = new Uint8Array(window)
  let [seen, failed, inARow] = [0, 0, 0]
  let silentSince: number | null = null
  let leftSince: number | null = null
  let waitedMs = 0
  const silentMs = silentMinutes * 60_000
  const noAnswer: Tripped = {
    guard: 'no-answer',
    because: `The candidate was asked for ${silentMinutes} minutes and gave no answer.`,
  }
  const reset = () => {
    ring = new Uint8Array(window)
    seen = failed = inARow = 0
    silentSince = leftSince = null
    waitedMs = 0
  }
  return {
    reset,
    leave: (ms, nowMs) => {
      leftSince ??= nowMs - ms
      waitedMs += ms
      // Waited for, too: two who left at once with minutes between them say nothing.
      return waitedMs >= silentMs && nowMs - leftSince >= silentMs ? noAnswer : null
    },
    counts: () => ({ looked: Math.min(seen, window), failed, inARow }),
    see: (isAnswered, nowMs) => {
      const place = seen % window
      failed += (isAnswered ? 0 : 1) - (seen >= window ? (ring[place] ?? 0) : 0)
      ring[place] = isAnswered ? 0 : 1
      seen++
      inARow = isAnswered ? 0 : inARow + 1
      silentSince = isAnswered ? null : (silentSince ?? nowMs)
      if (isAnswered) {
        leftSince = null
        waitedMs = 0
      }
      if (inARow >= consecutive) {
        return { guard: 'consecutive-failures', because: `The candidate failed ${inARow} times in a row.` }
      }
      if (seen >= window && failed > errorRate * window) {
        const because = `${failed} of the candidate's last ${window} requests failed; at most ${Math.floor(errorRate * window)} may.`
        return { guard: 'error-rate', because }
      }
      return silentSince !== null && nowMs - silentSince >= silentMs ? noAnswer : null
    },
  }
}
