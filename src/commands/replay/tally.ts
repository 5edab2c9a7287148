// What the progress line of a replay says.

import { type Arm, type Attempt, arms } from '../../core/types.ts'
import type { EngineState } from '../../replay/orders.ts'
import { count, usd } from '../../report/format.ts'

export interface Tally {
  readonly see: (attempts: readonly Attempt[]) => void
  readonly know: (state: EngineState) => void
  readonly text: () => string
  readonly numbers: () => TallyNumbers
}

export interface TallyNumbers {
  readonly calls: number
  readonly done: number
  readonly perSecond: number
  /** null while nobody can know. */
  readonly secondsLeft: number | null
  readonly errors: Readonly<Record<'production' | 'candidate', number>>
  /** How calls ended that brought no answer: "HTTP 500", "timeout (total)". */
  readonly errorKinds: Readonly<Record<Arm, Readonly<Record<string, number>>>>
  readonly retries: number
  readonly costUsd: number | null
  readonly state: EngineState | null
}

export interface TallyOptions {
  readonly calls: number
  /** Calls that an earlier, interrupted part has made. */
  readonly before: number
  readonly elapsed: () => number
  readonly spent: () => number | null
}

export function createTally({ calls, before, elapsed, spent }: TallyOptions): Tally {
  const startedAt = elapsed()
  let done = before
  let retries = 0
  let state: EngineState | null = null
  const errors = { production: 0, candidate: 0 }
  const errorKinds: Record<Arm, Record<string, number>> = { production: {}, candidate: {} }
  const numbers = (): TallyNumbers => {
    const perSecond = (done - before) / Math.max((elapsed() - startedAt) / 1000, 0.001)
    const secondsLeft = done < calls && perSecond > 0 ? Math.ceil((calls - done) / perSecond) : null
    return { calls, done, perSecond, secondsLeft, errors, errorKinds, retries, costUsd: spent(), state }
  }
  return {
    see: (attempts) => {
      for (const attempt of attempts) {
        const { isFinal, outcome, arm } = attempt
        if (!isFinal) retries += 1
        else {
          // A pair that is asked again brings calls that nobody planned.
          done = Math.min(calls, done + 1)
          if (outcome.kind === 'reply') continue
          errors[arm] += 1
          const kind = kindOf(attempt)
          errorKinds[arm][kind] = (errorKinds[arm][kind] ?? 0) + 1
        }
      }
    },
    know: (news) => {
      state = news
    },
    numbers,
    text: () => words(numbers()),
  }
}

/** Few words: there may be thousands of calls, and each word is counted. */
function kindOf({ outcome, httpStatus }: Attempt): string {
  if (outcome.kind === 'timeout') return `timeout (${outcome.phase})`
  return outcome.kind === 'rejected' && httpStatus !== null ? `HTTP ${httpStatus}` : outcome.kind
}

function words({ calls, done, perSecond, secondsLeft, errors, retries, costUsd, state }: TallyNumbers): string {
  const parts = [`replay   ${count(done)}/${count(calls)} calls`, `${Math.round(perSecond)}/s`]
  if (secondsLeft !== null) parts.push(`${span(secondsLeft)} left`)
  if (costUsd !== null) parts.push(usd(costUsd))
  parts.push(`errors ${errors.production} production, ${errors.candidate} candidate`)
  if (retries > 0) parts.push(`${retries} retries`)
  if (state?.isPaused) parts.push('paused')
  for (const arm of arms) {
    const lane = state?.lanes[arm]
    if (lane && lane.heldMs > 1000)
      parts.push(`waits ${span(Math.ceil(lane.heldMs / 1000))} for the ${arm} (rate limit or Retry-After)`)
  }
  return parts.join(' · ')
}

function span(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
