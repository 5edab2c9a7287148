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

export interface Collected {
  /** Calls to be asked again, by `callKey`, with the reason. */
  readonly again: ReadonlyMap<string, string>
  /** Whether all the results are of somebody else's requests: the batch was mistaken for ours. */
  readonly isForeign: boolean
}

/**
 * Stores an attempt for each call that is answered, and for each that was left without an answer for good. Results that are nobody's,
 * or of calls that are done, are passed over.
 */
export async function collect(
  sources: readonly ResultsSource[],
  { api, batch, calls, isDone, mayAskAgain }: Collecting,
  store: (attempt: Attempt) => void,
): Promise<Collected> {
  let [own, foreign] = [0, 0]
  const open = new Map<string, Omit<BatchResult, 'customId'>>()
  for (const source of sources) {
    for await (const result of api.results(source)) {
      const call = calls.get(result.customId)
      if (call === undefined) foreign += 1
      else own += 1
      if (call === undefined || isDone(call)) continue
      if (result.isFinal) store(attemptOf(batch, call, result))
      else open.set(result.customId, result)
    }
  }
  const isForeign = own === 0 && foreign > 0
  const again = new Map<string, string>()
  for (const [customId, call] of calls) {
    if (isDone(call)) continue
    const result = open.get(customId) ?? unanswered('missing: the batch ended without an answer to it')
    if (isForeign || mayAskAgain(call)) again.set(callKey({ ...call, arm: batch.arm }), reasonOf(result.outcome))
    else store(attemptOf(batch, call, result))
  }
  return { again, isForeign }
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

/** "HTTP 500 ×2, expired ×10". */
export function tallied(reasons: Iterable<string>): string {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => `${reason} ×${count}`).join(', ')
}
