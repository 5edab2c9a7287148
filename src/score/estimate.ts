// Columns → an estimator, by the method that the summary names.

import { unreachable } from '../core/fault.ts'
import type { Estimator } from '../stats/estimator.ts'
import { hitRateDifference } from '../stats/hit-rate.ts'
import { meanDifference } from '../stats/mean-difference.ts'
import { pairedProportions } from '../stats/paired-proportions.ts'
import { quantileRatios } from '../stats/quantile-ratio.ts'
import { quantileRatiosOverTime } from '../stats/quantile-ratio-over-time.ts'
import { ratioOfMeans } from '../stats/ratio-of-means.ts'
import type { Column } from './columns.ts'
import type { Method } from './metric.ts'

/** A column of each comparison; `crossCandidate` holds the candidate's second answer, `crossBoth` both seconds. */
export interface Columns {
  readonly candidate: Column
  readonly noise: Column
  readonly cross: Column
  readonly candidateNoise: Column
  readonly crossCandidate: Column
  readonly crossBoth: Column
}

/** An estimator, or the word for why there is none. */
export type Estimate =
  | { readonly estimator: Estimator; readonly why: null }
  | { readonly estimator: null; readonly why: string | null }

const none = (why: string | null): Estimate => ({ estimator: null, why })
const found = (estimator: Estimator): Estimate => ({ estimator, why: null })

/** What is known of each record beside its measures. */
export interface Surroundings {
  /** The unit of independence; null where every record stands alone. */
  readonly clusters: Int32Array | null
  readonly sentAt: Float64Array | null
}

/** An estimate by each of a metric's methods, in their order: what they share is done once. */
export function estimates(methods: readonly Method[], columns: Columns, around: Surroundings): readonly Estimate[] {
  const { candidate: column } = columns
  const { length } = column.record
  if (length < 2) return methods.map(({ kind }) => none(length === 1 && kind !== 'users-only' ? 'single-pair' : null))
  const ps = methods.flatMap((method) => (method.kind === 'quantile-ratio' ? [method.p] : []))
  const ratios = ps.length > 0 ? quantiles(column, ps, around) : []
  return methods.map((method) => {
    if (method.kind !== 'quantile-ratio') return estimate(method, columns, around.clusters)
    const ratio = ratios[ps.indexOf(method.p)]
    return ratio ? found(ratio) : none(null)
  })
}

function quantiles(column: Column, ps: readonly number[], { clusters, sentAt }: Surroundings): readonly Estimator[] {
  const paired = pairedOf(column, clusters)
  if (sentAt === null) return quantileRatios({ ...paired, ps })
  return quantileRatiosOverTime({
    ...paired,
    ps,
    sentAt: Float64Array.from(column.record, (each) => sentAt[each] ?? 0),
  })
}

function pairedOf({ record, production, candidate }: Column, clusters: Int32Array | null) {
  return { control: production, treatment: candidate, ...clusterOf(record, clusters) }
}

function estimate(
  method: Exclude<Method, { kind: 'quantile-ratio' }>,
  columns: Columns,
  clusters: Int32Array | null,
): Estimate {
  const { candidate: column } = columns
  switch (method.kind) {
    case 'users-only':
      return none(null)
    case 'mean-ratio':
      return column.production.some((each) => each > 0)
        ? found(ratioOfMeans(pairedOf(column, clusters)))
        : none('zero-production')
    case 'share-difference':
      return found(pairedProportions(pairedOf(column, clusters)))
    case 'rate-difference':
      return rateDifference(columns, clusters)
    case 'excess-share':
    case 'excess-mean':
      return excess(method.kind, columns, clusters)
    default:
      return unreachable(method)
  }
}

/** The geometric mean of the ratios of the pairs in which both arms have something; null where no pair has. */
export function typicalRatioIn({ production, candidate }: Column): number | null {
  let [sum, count] = [0, 0]
  for (let place = 0; place < production.length; place++) {
    const [left = 0, right = 0] = [production[place], candidate[place]]
    if (left <= 0 || right <= 0) continue
    sum += Math.log(right / left)
    count += 1
  }
  return count === 0 ? null : Math.exp(sum / count)
}

function rateDifference({ candidate }: Columns, clusters: Int32Array | null): Estimate {
  return found(
    hitRateDifference({
      controlCached: candidate.production,
      controlPrompt: candidate.productionWeight,
      treatCached: candidate.candidate,
      treatPrompt: candidate.candidateWeight,
      ...clusterOf(candidate.record, clusters),
    }),
  )
}

/** How alike the arms are, against how alike each is to itself, over the records that were asked twice (STATISTICS 4.6). */
function excess(kind: 'excess-share' | 'excess-mean', columns: Columns, clusters: Int32Array | null): Estimate {
  const to = byRecord(columns.candidate)
  const own = byRecord(columns.noise)
  const twice = columns.noise.record.filter((record) => to.has(record))
  if (twice.length < 2) return none('no-noise-floor')
  if (kind === 'excess-share') {
    const shares = { control: meanOf(twice, [own]), treatment: meanOf(twice, [to]) }
    return found(pairedProportions({ ...shares, ...clusterOf(twice, clusters) }))
  }
  const cross = byRecord(columns.cross)
  const rest = [columns.crossCandidate, columns.crossBoth, columns.candidateNoise].map(byRecord)
  const both = twice.filter((record) => cross.has(record) && rest.every((part) => part.has(record)))
  // Two answers of each: all four across against both within, in energy form. A candidate that is steadier than production
  // hides no change that way. Else production's two against the candidate's one (symmetrised), where its own noise is unknown.
  const isEnergy = both.length >= 2 && both.length >= twice.length / 2
  const records = isEnergy ? both : twice.filter((record) => cross.has(record))
  if (records.length < 2) return none('no-noise-floor')
  const [crossCandidate = to, crossBoth = to, candidateOwn = own] = rest
  const control = meanOf(records, isEnergy ? [own, candidateOwn] : [own])
  const treatment = meanOf(records, isEnergy ? [to, cross, crossCandidate, crossBoth] : [to, cross])
  return found(meanDifference({ control, treatment, ...clusterOf(records, clusters) }))
}

/** The mean of some comparisons, record by record. */
function meanOf(records: Int32Array, parts: readonly ReadonlyMap<number, number>[]): Float64Array {
  return Float64Array.from(
    records,
    (record) => parts.reduce((sum, part) => sum + (part.get(record) ?? 0), 0) / parts.length,
  )
}

function byRecord(column: Column): Map<number, number> {
  return new Map(Array.from(column.record, (record, place) => [record, column.candidate[place] ?? 0]))
}

function clusterOf(records: Int32Array, clusters: Int32Array | null): { cluster?: Int32Array } {
  return clusters === null ? {} : { cluster: records.map((record) => clusters[record] ?? 0) }
}
