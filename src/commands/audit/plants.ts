// Which regressions an audit plants: one of each kind that a swap of models brings, as far as the run has what it takes.

import { unreachable } from '../../core/fault.ts'
import type { Policy, Rule, Run, Segment } from '../../core/judgement.ts'
import { inSegment } from '../../core/segment-words.ts'
import type { Metric } from '../../score/metric.ts'
import { summaryNamed } from '../../score/metrics/index.ts'
import { refused } from '../../score/metrics/refused.ts'
import { lowered, type Plant, scaled, shifted, unanswered } from '../../score/plant.ts'
import { type Drawn, isPresent, type Pool } from '../../score/resample.ts'

export interface PlantedRegression {
  /** "latency × 1.5". */
  readonly name: string
  readonly plant: Plant
  /** Rules on these metrics see it, where the policy has them. */
  readonly metrics: readonly string[]
}

const waits = ['latency', 'ttft'] as const
/** A segment of at most this share of the records is one that the whole can hide. */
const maxHiddenShare = 1 / 3
/** And of at least so many pairs: in a smaller one no verdict is asked for. */
const minHiddenPairs = 50

/** In the order in which they are told. `pairs`: of a drawn sample. */
export function regressionsFor(pool: Pool, run: Run, policy: Policy, pairs: number): PlantedRegression[] {
  const has = (metric: string) => pool.columns.some((column) => column.metric === metric && anyPresent(column))
  const all: readonly (PlantedRegression | null)[] = [
    has('latency') ? { name: 'latency × 1.5', plant: scaled(waits, 1.5), metrics: waits } : null,
    { name: '3 pp more calls without an answer', plant: unanswered(0.03), metrics: ['answered', ...waits] },
    { name: '5 pp more refusals', plant: shifted(refused, 0.05), metrics: ['refused'] },
    has('output-tokens')
      ? { name: 'output tokens × 2', plant: moreTokens(run, 2), metrics: ['output-tokens', 'total-tokens', 'cost'] }
      : null,
    has('cache-hit-rate')
      ? { name: 'cache-hit rate 10 pp lower', plant: lowered('cache-hit-rate', 0.1), metrics: ['cache-hit-rate'] }
      : null,
    has('latency') ? inOneSegment(hiddenSegment(pool, policy, pairs)) : null,
  ]
  return all.filter((each) => each !== null)
}

function anyPresent(column: Pool['columns'][number]): boolean {
  return column.absent.some((_, index) => isPresent(column, index))
}

function inOneSegment(segment: Segment | null): PlantedRegression | null {
  if (segment === null) return null
  const name = `${inSegment('latency × 2', segment)} alone`
  return { name, plant: scaled(waits, 2, segment), metrics: waits }
}

/** The largest segment that the whole can hide, of the keys that the policy looks at. */
export function hiddenSegment({ records }: Pick<Pool, 'records'>, { segments }: Policy, pairs: number): Segment | null {
  const sizes = segments.flatMap((key) => {
    const own = Map.groupBy(
      records.filter((record) => Object.hasOwn(record.segments, key)),
      (record) => record.segments[key] ?? '',
    )
    return [...own].map(([value, members]) => ({ key, value, share: members.length / records.length }))
  })
  const hidden = sizes.filter(({ share }) => share <= maxHiddenShare && share * pairs >= minHiddenPairs)
  const [largest] = hidden.toSorted((a, b) => b.share - a.share || (a.value < b.value ? -1 : 1))
  return largest ? { key: largest.key, value: largest.value } : null
}

/** Longer answers: the tokens, what they add to the sum, and what they cost. */
function moreTokens(run: Run, factor: number): Plant {
  const price = run.targets.production.pricePerMillion?.output ?? 0
  return (drawn: Drawn) => {
    const output = drawn.measures.find(({ metric }) => metric === 'output-tokens')
    if (!output) return
    const more = output.candidate.map((tokens) => tokens * (factor - 1))
    const dollars: Readonly<Record<string, number>> = { 'output-tokens': 1, 'total-tokens': 1, cost: price / 1e6 }
    for (const column of drawn.measures) {
      const each = dollars[column.metric]
      if (each === undefined) continue
      for (let index = 0; index < more.length; index++)
        column.candidate[index] = (column.candidate[index] ?? 0) + (more[index] ?? 0) * each
    }
  }
}

/** A true worsening by so many margins of the rule's, as its metric can have it; null where it can't be planted. */
export function worseningOf({ metric, margin, mode }: Rule, margins: number, metrics: readonly Metric[]): Plant | null {
  const found = summaryNamed(metric, metrics)
  if (found === null) return null
  switch (found.summary.method.kind) {
    case 'quantile-ratio':
    case 'mean-ratio':
      return scaled([found.metric.name], (1 + margin) ** margins)
    case 'share-difference':
      return shifted(found.metric, margin * margins, mode === 'either-way' || mode === 'both-ways')
    case 'rate-difference':
      return lowered(found.metric.name, margin * margins)
    case 'repeat-share':
    case 'excess-mean':
    case 'excess-share':
    case 'users-only':
      return null
    default:
      return unreachable(found.summary.method)
  }
}
