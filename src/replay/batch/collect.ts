// The results of one batch → attempts; and which calls are to be asked again.

import type { Batch, BatchCall } from '../../core/batch.ts'
import type { Attempt, Outcome } from '../../core/types.ts'
import { cleaned } from '../clean.ts'
import { callKey } from '../plan.ts'
import type { BatchApi, BatchResult, ResultsSource } from './batch-api.ts'
import { unanswered } from './batch-result.ts'

export interface Collecting {
  readonly api: Pick<BatchApi, 'results'>
  readonly batch: Pick<Batch, 'arm' | 'submittedAt'>
  /** What the batch holds, by custom id. */
  readonly calls: ReadonlyMap<string, BatchCall>
  readonly isDone: (call: BatchCall) => boolean
  readonly mayAskAgain: (call: BatchCall) => boolean
}

/**
 * Stores an attempt for each call that is answered, and for each that was left without an answer for good. Gives the others, by
 * `callKey`, with the reason. Results that are nobody's, or of calls that are done, are passed over.
 */
export async function collect(
  sources: readonly ResultsSource[],
  { api, batch, calls, isDone, mayAskAgain }: Collecting,
  store: (attempt: Attempt) => void,
): Promise<ReadonlyMap<string, string>> {
  const open = new Map<string, Omit<BatchResult, 'customId'>>()
  for (const source of sources) {
    for await (const result of api.results(source)) {
      const call = calls.get(result.customId)
      if (call === undefined || isDone(call)) continue
      if (result.isFinal) store(attemptOf(batch, call, result))
      else open.set(result.customId, result)
    }
  }
  const again = new Map<string, string>()
  for (const [customId, call] of calls) {
    if (isDone(call)) continue
    const result = open.get(customId) ?? unanswered('missing: the batch ended without an answer to it')
    if (mayAskAgain(call)) again.set(callKey({ ...call, arm: batch.arm }), reasonOf(result.outcome))
    else store(attemptOf(batch, call, result))
  }
  return again
}

function reasonOf(outcome: Outcome): string {
  if (outcome.kind === 'rejected') return `HTTP ${outcome.status}`
  return 'detail' in outcome ? (outcome.detail.split(':')[0] ?? '') : outcome.kind
}

/** Nobody waits for an answer of a batch, so it has no times. */
function attemptOf(
  { arm, submittedAt }: Pick<Batch, 'arm' | 'submittedAt'>,
  { recordId, ordinal, trial, position }: BatchCall,
  { outcome, httpStatus }: Omit<BatchResult, 'customId'>,
): Attempt {
  return {
    recordId,
    ordinal,
    arm,
    trial,
    position,
    round: 0,
    tries: 0,
    isFinal: true,
    dueAt: submittedAt,
    sentAt: submittedAt,
    delayMs: 0,
    timing: { headersMs: null, firstTokenMs: null, totalMs: null },
    outcome: cleaned(outcome),
    httpStatus,
  }
}
