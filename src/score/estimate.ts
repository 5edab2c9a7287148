// Columns → an estimator, by the method that the summary names.

import { unreachable } from '../core/fault.ts'
import type { Estimator } from '../stats/estimator.ts'
import { hitRateDifference } from '../stats/hit-rate.ts'
import { meanDifference } from '../stats/mean-difference.ts'
import { pairedProportions } from '../stats/paired-proportions.ts'
import { quantileRatio } from '../stats/quantile-ratio.ts'
import { ratioOfMeans } from '../stats/ratio-of-means.ts'
import { type Column, filterColumn } from './columns.ts'
import type { Method } from './metric.ts'

export interface Columns {
  readonly candidate: Column
  readonly noise: Column
  readonly cross: Column
}

/** An estimator, or the word for why there is none. */
export type Estimate =
  | { readonly estimator: Estimator; readonly why: null }
  | { readonly estimator: null; readonly why: string | null }

const none = (why: string | null): Estimate => ({ estimator: null, why })
const found = (estimator: Estimator): Estimate => ({ estimator, why: null })

/** `clusters` holds the unit of independence of each record; null where every record stands alone. */
export function estimate(method: Method, columns: Columns, clusters: Int32Array | null): Estimate {
  const { candidate: column } = columns
  if (method.kind === 'users-only' || column.record.length === 0) return none(null)
  if (column.record.length === 1) return none('single-pair')
  const paired = { control: column.production, treatment: column.candidate, ...clusterOf(column.record, clusters) }
  switch (method.kind) {
    case 'quantile-ratio':
      return found(quantileRatio({ ...paired, p: method.p }))
    case 'mean-ratio':
      return column.production.some((each) => each > 0) ? found(ratioOfMeans(paired)) : none('zero-production')
    case 'share-difference':
      return found(pairedProportions(paired))
    case 'rate-difference':
      return rateDifference(columns, clusters)
    case 'excess-share':
    case 'excess-mean':
      return excess(method.kind, columns, clusters)
    default:
      return unreachable(method)
  }
}

/**
 * Over the records that production answered once: of two answers one finds the prompt that the other has put into the cache,
 * and the candidate has no such twin.
 */
function rateDifference({ candidate, noise }: Columns, clusters: Int32Array | null): Estimate {
  const twice = new Set(noise.record)
  const once = twice.size === 0 ? candidate : filterColumn(candidate, (record) => !twice.has(record))
  if (once.record.length < 2) return none('asked-twice')
  return found(
    hitRateDifference({
      controlCached: once.production,
      controlPrompt: once.productionWeight,
      treatCached: once.candidate,
      treatPrompt: once.candidateWeight,
      ...clusterOf(once.record, clusters),
    }),
  )
}

/** How alike the arms are, against how alike production is to itself, over the records that production answered twice. */
function excess(kind: 'excess-share' | 'excess-mean', columns: Columns, clusters: Int32Array | null): Estimate {
  const toCandidate = byRecord(columns.candidate)
  const across = byRecord(columns.cross)
  const places = [...columns.noise.record.keys()].filter((place) => toCandidate.has(columns.noise.record[place] ?? 0))
  if (places.length < 2) return none('no-noise-floor')
  const records = Int32Array.from(places, (place) => columns.noise.record[place] ?? 0)
  const control = Float64Array.from(places, (place) => columns.noise.candidate[place] ?? 0)
  const plain = Float64Array.from(records, (record) => toCandidate.get(record) ?? 0)
  const cluster = clusterOf(records, clusters)
  if (kind === 'excess-share') return found(pairedProportions({ control, treatment: plain, ...cluster }))
  // Both of production's answers against the candidate's: narrower by an eighth (STATISTICS 4.6, symmetrised).
  const treatment = plain.map((similarity, place) => (similarity + (across.get(records[place] ?? 0) ?? similarity)) / 2)
  return found(meanDifference({ control, treatment, ...cluster }))
}

function byRecord(column: Column): Map<number, number> {
  return new Map(Array.from(column.record, (record, place) => [record, column.candidate[place] ?? 0]))
}

function clusterOf(records: Int32Array, clusters: Int32Array | null): { cluster?: Int32Array } {
  return clusters === null ? {} : { cluster: records.map((record) => clusters[record] ?? 0) }
}
