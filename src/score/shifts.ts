// How far apart the arms' quantiles are, by the method of the rules about quantiles; and tokens that no rule is about.

import type { Effect } from '../core/judgement.ts'
import type { QuantileShift, TokenUse } from '../core/shift.ts'
import type { Comparison } from '../core/types.ts'
import type { Column, ScoreTable } from './columns.ts'
import { evidenceOf } from './effects.ts'
import type { Metric } from './metric.ts'
import { latency } from './metrics/latency.ts'
import { outputTokens } from './metrics/output-tokens.ts'
import { totalTokens } from './metrics/total-tokens.ts'

/** The deciles of the shift function, and the tail that people promise each other. */
const shown = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

/** Of calls without an answer too, which are infinitely slow; by blocks of time where the rules go by them. */
export function latencyShifts(table: ScoreTable, level: number): readonly QuantileShift[] {
  return shiftsOf(latency, table, level)
}

export function tokenUse(table: ScoreTable, level: number): TokenUse {
  // Load that comes and goes makes answers late, not long.
  const timeless = { ...table, sentAt: null }
  const tokens = table.column('output-tokens', 'candidate')
  return {
    output: { production: tokens.production, candidate: tokens.candidate },
    outputShifts: shiftsOf(outputTokens, timeless, level),
    input: inputTokens(timeless, level),
    cached: cachedTokens(table.column('cache-hit-rate', 'candidate')),
  }
}

/** As summaries of the metric, so that p50 here and the rule on p50 can't differ. */
function shiftsOf(metric: Metric, table: ScoreTable, level: number): readonly QuantileShift[] {
  const summaries = shown.map((p) => {
    const name = `${metric.name}-p${Math.round(p * 100)}`
    return { name, title: name, method: { kind: 'quantile-ratio', p }, minPairs: 2 } as const
  })
  const found = evidenceOf(table, { metrics: [{ ...metric, summaries }], segments: [], level })
  return found.flatMap(({ effect }, index) => (effect ? [{ p: shown[index] ?? 0, effect }] : []))
}

/** What is left of all tokens without those written; null where these are not of the same pairs: a store may lack one. */
function inputTokens(table: ScoreTable, level: number): Effect | null {
  const columns = (comparison: Comparison) => ({
    all: table.column('total-tokens', comparison),
    written: table.column('output-tokens', comparison),
  })
  const { all, written } = columns('candidate')
  if (all.record.length !== written.record.length) return null
  const name = 'input-tokens'
  const summaries = [{ name, title: 'Input tokens', method: { kind: 'mean-ratio' }, minPairs: 2 } as const]
  const read = { ...table, column: (_: string, comparison: Comparison) => withoutWritten(columns(comparison)) }
  const [found] = evidenceOf(read, { metrics: [{ ...totalTokens, name, summaries }], segments: [], level })
  return found?.effect ?? null
}

function withoutWritten({ all, written }: { readonly all: Column; readonly written: Column }): Column {
  return {
    ...all,
    production: all.production.map((each, place) => each - (written.production[place] ?? 0)),
    candidate: all.candidate.map((each, place) => each - (written.candidate[place] ?? 0)),
  }
}

/** null where no pair tells its cached tokens. */
function cachedTokens({ production, candidate }: Column): TokenUse['cached'] {
  const pairs = production.length
  if (pairs === 0) return null
  const mean = (of: Float64Array) => of.reduce((sum, each) => sum + each, 0) / pairs
  return { pairs, production: mean(production), candidate: mean(candidate) }
}
