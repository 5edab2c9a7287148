// Calls and pairs made by hand.

import type { AnsweredCall, Comparison, MeasureRow, Outcome, Pair, Reply, Usage } from '../../src/core/types.ts'
import type { MeasureContext } from '../../src/score/metric.ts'

export const noPrices: MeasureContext = {
  prices: { production: null, candidate: null },
  reportsCache: { production: false, candidate: false },
}

export const usage: Usage = { input: 100, output: 10, cachedInput: null, reasoning: null }

/** A call that was answered "Paris." within 800 ms, not streamed. */
export function replied(reply: Partial<Reply> = {}, call: Partial<AnsweredCall> = {}): AnsweredCall {
  const whole: Reply = { text: 'Paris.', toolCalls: [], stop: 'end', usage, servedModel: 'model-1', ...reply }
  return { outcome: { kind: 'reply', reply: whole }, latencyMs: 800, firstTokenMs: null, tries: 1, ...call }
}

/** A call that ended otherwise: infinitely slow. */
export function failed(outcome: Exclude<Outcome, { kind: 'reply' }>): AnsweredCall {
  return { outcome, latencyMs: Infinity, firstTokenMs: Infinity, tries: 3 }
}

export const rejected = failed({ kind: 'rejected', status: 500, code: null, detail: 'internal error' })
export const rateLimited = failed({ kind: 'rejected', status: 429, code: 'rate_limit_exceeded', detail: 'slow down' })
export const timedOut = failed({ kind: 'timeout', phase: 'total' })
export const broken = failed({ kind: 'broken', detail: 'connection reset' })
export const cancelled = failed({ kind: 'cancelled' })

export function pair(production: AnsweredCall, candidate: AnsweredCall, comparison: Comparison = 'candidate'): Pair {
  return { recordId: 'r0', comparison, production, candidate }
}

/** The measure of one record; numbers for each side. */
export function row(metric: string, parts: Partial<MeasureRow> = {}): MeasureRow {
  return {
    recordId: 'r0',
    comparison: 'candidate',
    metric,
    version: 1,
    production: null,
    productionWeight: null,
    candidate: null,
    candidateWeight: null,
    absent: null,
    ...parts,
  }
}
