// Calls and pairs made by hand.

import {
  type AnsweredCall,
  absenceReasons,
  type Comparison,
  type MeasureColumn,
  type MeasureRow,
  type Outcome,
  type Pair,
  present,
  type Reply,
  type Usage,
} from '../../src/core/types.ts'
import type { MeasureContext } from '../../src/score/metric.ts'

export const noPrices: MeasureContext = {
  prices: { production: null, candidate: null },
  reportsCache: { production: false, candidate: false },
  asked: null,
  record: null,
  judged: null,
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
  return { recordId: 'r0', ordinal: 0, comparison, production, candidate }
}

/** The measure of the run's first record; numbers for each side. */
export function row(metric: string, parts: Partial<MeasureRow> = {}): MeasureRow {
  return {
    ordinal: 0,
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

/** The rows as the store gives them back: a column for each metric and comparison, in the order of the run. */
export function columnsOf(rows: readonly MeasureRow[]): MeasureColumn[] {
  const groups = Map.groupBy(rows, ({ metric, comparison }) => `${metric} ${comparison}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first ? [columnOf(first, group)] : []
  })
}

function columnOf({ metric, comparison }: MeasureRow, group: readonly MeasureRow[]): MeasureColumn {
  const sorted = group.toSorted((a, b) => a.ordinal - b.ordinal)
  const numbers = (of: (each: MeasureRow) => number | null) => Float64Array.from(sorted, (each) => of(each) ?? 0)
  return {
    metric,
    comparison,
    version: Math.max(...sorted.map(({ version }) => version)),
    ordinal: Int32Array.from(sorted, ({ ordinal }) => ordinal),
    production: numbers((each) => each.production),
    productionWeight: numbers((each) => each.productionWeight),
    candidate: numbers((each) => each.candidate),
    candidateWeight: numbers((each) => each.candidateWeight),
    absent: Uint8Array.from(sorted, (each) => (each.absent === null ? present : absenceReasons.indexOf(each.absent))),
  }
}
