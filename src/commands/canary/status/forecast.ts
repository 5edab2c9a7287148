// How long the open rules of a stage will still take at the traffic that comes, in sentences: said before the stage has waited for it.

import type { Need, Stage } from '../../../core/rollout.ts'
import { count, counted, span } from '../../../report/format.ts'

export interface Forecasting {
  readonly needs: readonly Need[]
  /** The stage that the ramp is at; null where it has none. */
  readonly stage: Stage | null
  /** The next one, whose larger share brings more requests; null at the last. */
  readonly next: Stage | null
  /** Answered by the candidate in this stage, and for how long. */
  readonly stageRequests: number
  readonly stageMs: number
}

const minuteMs = 60_000
/** Before so many requests a rate tells nothing. */
const leastRequests = 20

/** A line for each rule, the slowest first. */
export function forecastLines({ needs, stage, next, stageRequests, stageMs }: Forecasting): string[] {
  const perMs = stageRequests >= leastRequests && stageMs > 0 ? stageRequests / stageMs : null
  return needs
    .toSorted((a, b) => (b.requests ?? Infinity) - (a.requests ?? Infinity))
    .map(({ metric, requests, users }) => {
      if (requests === null || users === null) return `${metric}: nobody can say yet how many requests it takes`
      const many = `${metric}: about ${counted(requests, 'more request')} of the candidate, from ${counted(users, 'user')} in all`
      if (perMs === null) return many
      const takesMs = requests / perMs
      const pace = `${many}: ${span(takesMs)} at the ${count(perMs * minuteMs)} a minute that come`
      return `${pace}${tooLong(takesMs + stageMs, { stage, next })}`
    })
}

/** A rule that the stage's own time does not suffice for, and what can be done. */
function tooLong(wholeMs: number, { stage, next }: Pick<Forecasting, 'stage' | 'next'>): string {
  if (stage === null || wholeMs <= stage.minMinutes * minuteMs) return ''
  const larger =
    next === null
      ? ''
      : `; a stage of ${Number((100 * next.share).toFixed(2))} % brings ${(next.share / stage.share).toFixed(1)} times as many`
  return `, longer than the ${span(stage.minMinutes * minuteMs)} of the stage${larger}`
}
