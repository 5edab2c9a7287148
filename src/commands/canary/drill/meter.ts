// What a drill comes to: what saw the fault, how soon, and who met it.

import type { Served } from '../../../canary/served/served.ts'
import type { Evaluation, RampEvent, Standing } from '../../../core/rollout.ts'

/** What saw it, and after how much. */
export interface Sight {
  /** A guard or a summary's name. */
  readonly by: string
  readonly because: string
  readonly afterMs: number
  /** Of the candidate. */
  readonly afterRequests: number
}

export interface DrillResult {
  /** The rollback; null where none was. */
  readonly caught: Sight | null
  /** The first rule that was shown to be broken and did not roll back. */
  readonly noticed: Sight | null
  /** Exchanges with the candidate, and how many of them were spoilt. */
  readonly requests: number
  readonly spoilt: number
  /** Distinct ones who were served a spoilt answer, and those whom production's answer kept from all of theirs. */
  readonly usersHit: number
  readonly usersSaved: number
  readonly totalMs: number
  /** Share of users on the candidate when it ended, or when it was rolled back. */
  readonly share: number
}

export interface Meter {
  readonly see: (served: Served) => void
  readonly hear: (event: RampEvent) => void
  readonly look: (evaluation: Evaluation | null) => void
  readonly requests: () => number
  readonly isCaught: () => boolean
  readonly result: () => Omit<DrillResult, 'share'>
}

/** `elapsed`: monotonic ms. Counts from now on. */
export function createMeter(elapsed: () => number): Meter {
  const startedAt = elapsed()
  const [hit, saved] = [new Set<string>(), new Set<string>()]
  let [requests, spoilt] = [0, 0]
  let caught: Sight | null = null
  let noticed: Sight | null = null
  const sight = (by: string, because: string): Sight => {
    return { by, because, afterMs: elapsed() - startedAt, afterRequests: requests }
  }
  return {
    see: ({ servedBy, failure, drill, isUnseen, user }) => {
      if (servedBy !== 'candidate' || failure?.kind === 'left') return
      requests++
      if (drill === undefined) return
      spoilt++
      if (user !== null) (isUnseen ? saved : hit).add(user)
    },
    hear: (event) => {
      if (event.kind !== 'rolled-back' || event.by.kind !== 'ramp') return
      const { tripped, evaluation, because } = event
      const broken = brokenIn(evaluation, true).map(({ rule }) => rule.metric)
      caught ??= sight(tripped?.guard ?? broken.join(', '), because)
    },
    look: (evaluation) => {
      const [found] = brokenIn(evaluation, false)
      if (found !== undefined) noticed ??= sight(found.rule.metric, found.because)
    },
    requests: () => requests,
    isCaught: () => caught !== null,
    result: () => ({
      caught,
      noticed,
      requests,
      spoilt,
      usersHit: hit.size,
      usersSaved: [...saved].filter((user) => !hit.has(user)).length,
      totalMs: elapsed() - startedAt,
    }),
  }
}

function brokenIn(evaluation: Evaluation | null, isBlocking: boolean): readonly Standing[] {
  const broken = evaluation?.rules?.filter(({ outcome }) => outcome === 'fail') ?? []
  return broken.filter(({ rule }) => (rule.severity === 'block') === isBlocking)
}
