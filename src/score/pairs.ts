// The attempts of a record → what became of each call → the pairs that are compared.

import { type AnsweredCall, type Attempt, type Pair, replayedComparisons, type Side, sidesOf } from '../core/types.ts'

/** How the run was sent, as far as it matters to what a user would have waited for. */
export interface Waiting {
  /** Latency counts from when the request was due. */
  readonly isOpenLoop: boolean
}

/** The pairs of one record: of each comparison of which both sides came to an end. */
export function pairsOf(attempts: readonly Attempt[], waiting: Waiting): Pair[] {
  const [first] = attempts
  if (first === undefined) return []
  const calls = new Map<string, AnsweredCall | null>()
  const callOf = ([arm, trial]: Side) => {
    const key = `${arm} ${trial}`
    const known = calls.get(key)
    if (known !== undefined) return known
    const call = answeredCall(
      attempts.filter((attempt) => attempt.arm === arm && attempt.trial === trial),
      waiting,
    )
    calls.set(key, call)
    return call
  }
  const pairs: Pair[] = []
  for (const comparison of replayedComparisons) {
    const { left, right } = sidesOf[comparison]
    const [production, candidate] = [callOf(left), callOf(right)]
    if (production && candidate)
      pairs.push({ recordId: first.recordId, ordinal: first.ordinal, comparison, production, candidate })
  }
  return pairs
}

/**
 * What became of a call over its tries, in the order in which they were sent; null where none is final. The view `calls` says the
 * same in SQL, and why.
 */
export function answeredCall(tries: readonly Attempt[], { isOpenLoop }: Waiting): AnsweredCall | null {
  const finals = tries.filter(({ isFinal }) => isFinal)
  const round = Math.max(...finals.map((attempt) => attempt.round))
  const final = finals.findLast((attempt) => attempt.round === round)
  if (final === undefined) return null
  const own = tries.length === 1 ? tries : seriesOf(tries.filter((attempt) => attempt.round === round))
  const [first = final] = own
  const { outcome, timing } = final
  const unanswered = { outcome, latencyMs: Infinity, firstTokenMs: Infinity, tries: own.length }
  if (outcome.kind === 'timeout') return unanswered
  // A batch has no times, whatever became of its calls: the waiting was nobody's.
  if (timing.totalMs === null) return { outcome, latencyMs: null, firstTokenMs: null, tries: own.length }
  if (outcome.kind !== 'reply') return unanswered
  const wasLimited = own.some(({ httpStatus }) => httpStatus === 429)
  const beforeMs = wasLimited ? 0 : Date.parse(final.sentAt) - Date.parse(first.sentAt)
  const dueMs = wasLimited || !isOpenLoop ? 0 : first.delayMs
  return {
    outcome,
    latencyMs: timing.totalMs + beforeMs + dueMs,
    firstTokenMs: timing.firstTokenMs === null ? null : timing.firstTokenMs + beforeMs + dueMs,
    tries: own.length,
  }
}

/** From the last first try on: a call that was broken off between two tries began anew. */
function seriesOf(tries: readonly Attempt[]): readonly Attempt[] {
  const begin = tries.findLastIndex((attempt) => attempt.tries === 0)
  return begin <= 0 ? tries : tries.slice(begin)
}
