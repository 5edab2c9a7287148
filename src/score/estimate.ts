// Columns → an estimator, by the method that the summary names.

import { unreachable } from '../core/fault.ts'
import type { Estimator } from '../stats/estimator.ts'
import { hitRateDifference } from '../stats/hit-rate.ts'
import { meanDifference } from '../stats/mean-difference.ts'
import { pairedProportions } from '../stats/paired-proportions.ts'
import { quantileRatios } from '../stats/quantile-ratio.ts'
import { quantileRatiosOverTime } from '../stats/quantile-ratio-over-time.ts'
import { ratioOfMeans } from '../stats/ratio-of-means.ts'
import { type Column, placesWhere } from './columns.ts'
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
    sentAt: taken(sentAt, column.record),
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
    case 'repeat-share':
      return found(
        pairedProportions({
          control: repeatedIn(column.production),
          treatment: repeatedIn(column.candidate),
          ...clusterOf(column.record, clusters),
        }),
      )
    case 'excess-share':
    case 'excess-mean':
      return excess(method.kind, columns, clusters)
    default:
      return unreachable(method)
  }
}

/** 1 for each number that is there more than once, else 0. */
function repeatedIn(numbers: Float64Array): Float64Array {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return numbers.map((number) => ((counts.get(number) ?? 0) > 1 ? 1 : 0))
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

/** How alike the arms are, against how alike each is to itself, over the records that were asked twice. */
function excess(kind: 'excess-share' | 'excess-mean', columns: Columns, clusters: Int32Array | null): Estimate {
  const { noise: own, candidate: to, cross, crossCandidate, crossBoth, candidateNoise } = columns
  const twice = joined([own, to])
  if (twice.records.length < 2) return none('no-noise-floor')
  const between = (control: Float64Array, treatment: Float64Array, { records }: Joined) => ({
    control,
    treatment,
    ...clusterOf(records, clusters),
  })
  if (kind === 'excess-share') return found(pairedProportions(between(twice.meanOf([0]), twice.meanOf([1]), twice)))
  // Two answers of each: all four across against both within, in energy form. A candidate that is steadier than production
  // hides no change that way. Else production's two against the candidate's one (symmetrised), where its own noise is unknown.
  const both = joined([own, to, cross, crossCandidate, crossBoth, candidateNoise])
  if (both.records.length >= 2 && both.records.length >= twice.records.length / 2)
    return found(meanDifference(between(both.meanOf([0, 5]), both.meanOf([1, 2, 3, 4]), both)))
  const some = joined([own, to, cross])
  return some.records.length < 2
    ? none('no-noise-floor')
    : found(meanDifference(between(some.meanOf([0]), some.meanOf([1, 2]), some)))
}

interface Joined {
  /** Those that all parts have, in the order of the run. */
  readonly records: Int32Array
  /** The mean of some parts, record by record. */
  readonly meanOf: (parts: readonly number[]) => Float64Array
}

/** Comparisons of the same records side by side. */
function joined(parts: readonly Column[]): Joined {
  const all = parts[0]?.record ?? new Int32Array()
  const aside = parts.map(({ record }) => placesOf(all, record))
  const kept = placesWhere(all.length, (at) => aside.every((places) => (places[at] ?? -1) >= 0))
  const places = aside.map((own) => kept.map((at) => own[at] ?? 0))
  return {
    records: kept.map((at) => all[at] ?? 0),
    meanOf: (wanted) => {
      const means = new Float64Array(kept.length)
      for (let at = 0; at < means.length; at++) {
        let sum = 0
        for (const index of wanted) sum += parts[index]?.candidate[places[index]?.[at] ?? 0] ?? 0
        means[at] = sum / wanted.length
      }
      return means
    },
  }
}

/** Where each of the wanted records stands, −1 where it does not. Both are in the order of the run, so one walk does. */
function placesOf(wanted: Int32Array, records: Int32Array): Int32Array {
  const places = new Int32Array(wanted.length)
  let place = 0
  for (let at = 0; at < wanted.length; at++) {
    const record = wanted[at] ?? 0
    while (place < records.length && (records[place] ?? 0) < record) place++
    places[at] = records[place] === record ? place : -1
  }
  return places
}

function taken(from: Float64Array, records: Int32Array): Float64Array {
  const into = new Float64Array(records.length)
  for (let at = 0; at < into.length; at++) into[at] = from[records[at] ?? 0] ?? 0
  return into
}

function clusterOf(records: Int32Array, clusters: Int32Array | null): { cluster?: Int32Array } {
  if (clusters === null) return {}
  const cluster = new Int32Array(records.length)
  for (let at = 0; at < cluster.length; at++) cluster[at] = clusters[records[at] ?? 0] ?? 0
  return { cluster }
}
