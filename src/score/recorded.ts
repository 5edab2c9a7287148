// The log's own answer against production's of now: whether the model still answers as it did then.

import type { AbsenceReason, AnsweredCall, Attempt, MeasureRow, Pair, RequestRecord } from '../core/types.ts'
import { measurePair } from './measure.ts'
import type { MeasureContext, Metric } from './metric.ts'
import { answerLength } from './metrics/answer-length.ts'
import { finished } from './metrics/finished.ts'
import { jsonKept } from './metrics/json-kept.ts'
import { jsonValid } from './metrics/json-valid.ts'
import { refused } from './metrics/refused.ts'
import { textSimilarity } from './metrics/text-similarity.ts'
import { toolCalled } from './metrics/tool-called.ts'
import { answeredCall } from './pairs.ts'

/** What is asked of drift: how alike the texts are, and whether the answer is still of the same kind and size. */
export const driftMetrics: readonly Metric[] = [
  textSimilarity,
  refused,
  toolCalled,
  jsonValid,
  jsonKept,
  finished,
  answerLength,
]

export interface OfLog {
  readonly record: RequestRecord
  readonly attempts: readonly Attempt[]
  readonly context: MeasureContext
}

/**
 * One row for each metric, and where production was asked twice one more of text similarity; none where the log has no answer. A row
 * without a measure says why it would be unfair: by what the log is like, never by how its answer compares, which would choose the
 * records by the outcome.
 */
export function measureRecorded({ record, attempts, context }: OfLog): MeasureRow[] {
  const { recorded } = record
  const first = callOf(attempts, 0)
  if (recorded === null || first === null) return []
  // Nobody waits for it any more.
  const then: AnsweredCall = {
    outcome: { kind: 'reply', reply: recorded },
    latencyMs: null,
    firstTokenMs: null,
    tries: 1,
  }
  const pairOf = (now: AnsweredCall, comparison: 'recorded' | 'recorded-again'): Pair => ({
    recordId: record.id,
    ordinal: attempts[0]?.ordinal ?? 0,
    comparison,
    production: then,
    candidate: now,
  })
  const unfair = unfairnessOf(record)
  const rowsOf = (pair: Pair, metrics: readonly Metric[]) =>
    measurePair(pair, metrics, context).map((row) => (unfair === null ? row : without(row, unfair)))
  const second = callOf(attempts, 1)
  return [
    ...rowsOf(pairOf(first, 'recorded'), driftMetrics),
    ...(second === null ? [] : rowsOf(pairOf(second, 'recorded-again'), [textSimilarity])),
  ]
}

function callOf(attempts: readonly Attempt[], trial: number): AnsweredCall | null {
  const own = attempts.filter((attempt) => attempt.arm === 'production' && attempt.trial === trial)
  return own.length === 0 ? null : answeredCall(own, { isOpenLoop: false })
}

/** Why the recorded answer is not to be held against one of now; null where it may be. */
function unfairnessOf({ fidelityReason, recorded, recordedUsage }: RequestRecord): AbsenceReason | null {
  // Then it was asked with what stands behind the placeholder.
  if (fidelityReason !== null) return 'redacted'
  if (recorded === null || recorded.text !== '' || recorded.toolCalls.length > 0 || recorded.stop !== 'end') return null
  const usage = recorded.usage ?? recordedUsage
  return usage !== null && usage.output > (usage.reasoning ?? 0) ? 'not-kept' : null
}

function without(row: MeasureRow, absent: AbsenceReason): MeasureRow {
  return { ...row, production: null, productionWeight: null, candidate: null, candidateWeight: null, absent }
}
