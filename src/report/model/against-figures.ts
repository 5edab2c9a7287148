// Figures of two runs beside each other, which no test speaks of: pairs, exclusions, cost, and how long the arms took.

import { count, duration, percent, usd } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { quantileOf } from './distribution.ts'

export interface AgainstFigure {
  readonly name: string
  readonly earlier: string
  readonly now: string
}

type Counted = Pick<ReportInput, 'counts' | 'latencies'>

const quantiles = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
] as const

export function againstFigures(now: Counted, earlier: Counted): readonly AgainstFigure[] {
  const [before, after] = [figuresOf(earlier), figuresOf(now)]
  return before.map(([name, value], place) => ({ name, earlier: value, now: after[place]?.[1] ?? '—' }))
}

/** The same names in the same order for every run. */
function figuresOf({ counts, latencies }: Counted): readonly (readonly [name: string, value: string])[] {
  const arms = [
    ['production', 'Production'],
    ['candidate', 'Candidate'],
  ] as const
  const excluded = Object.values(counts.excluded).reduce((sum, pairs) => sum + pairs, 0)
  const share = counts.planned === 0 ? '—' : percent(excluded / counts.planned)
  const sorted = { production: latencies.production.toSorted(), candidate: latencies.candidate.toSorted() }
  return [
    ['Pairs', `${count(counts.pairs)} of ${count(counts.planned)} planned`],
    ['Excluded', excluded === 0 ? 'none' : `${count(excluded)} (${share})`],
    ...arms.map(([arm, name]) => [`${name}, cost`, costWords(counts.costUsd[arm])] as const),
    ...arms.flatMap(([arm, name]) =>
      quantiles.map(([of, p]) => [`${name}, latency ${of}`, latencyWords(sorted[arm], p)] as const),
    ),
  ]
}

function costWords(cost: number | null): string {
  return cost === null ? 'no price given' : usd(cost)
}

/** A call without an answer is infinitely slow. */
function latencyWords(sorted: Float64Array, p: number): string {
  if (sorted.length === 0) return 'not measured'
  const ms = quantileOf(Array.from(sorted), p)
  return ms === Infinity ? 'no answer' : duration(ms)
}
