// Independent units: pairs of one conversation depend on each other, so variances are taken over their sums.

import type { Clusters } from './check.ts'
import { tQuantile } from './dist.ts'

/** The units as dense ids 0..count−1 in order of first appearance. */
export interface Units {
  readonly of: Int32Array
  readonly count: number
}

/** Numbers the clusters densely. Throws RangeError on an id that is not finite. */
export function denseUnits(cluster: Clusters): Units {
  const of = new Int32Array(cluster.length)
  const most = cluster instanceof Int32Array ? mostOf(cluster) : Infinity
  // Small whole ids, as ours are, need no hashing.
  if (most < 64 * cluster.length + 1024) return { of, count: numberSmall(cluster as Int32Array, most, of) }
  const seen = new Map<number, number>()
  for (let i = 0; i < cluster.length; i++) {
    const id = cluster[i] ?? Number.NaN
    if (!Number.isFinite(id)) throw new RangeError(`cluster[${i}] must be a finite number, got ${id}`)
    let unit = seen.get(id)
    if (unit === undefined) {
      unit = seen.size
      seen.set(id, unit)
    }
    of[i] = unit
  }
  return { of, count: seen.size }
}

/** The largest id; Infinity where one is negative. */
function mostOf(ids: Int32Array): number {
  let most = 0
  for (const id of ids) {
    if (id < 0) return Infinity
    if (id > most) most = id
  }
  return most
}

function numberSmall(ids: Int32Array, most: number, of: Int32Array): number {
  const units = new Int32Array(most + 1).fill(-1)
  let count = 0
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? 0
    if (units[id] === -1) units[id] = count++
    of[i] = units[id] ?? 0
  }
  return count
}

/** Totals of `values` over each unit; a copy of the values where every pair is its own unit. */
export function unitTotals(values: ArrayLike<number>, units: Units | null): Float64Array {
  if (units === null) return new Float64Array(values)
  const totals = new Float64Array(units.count)
  for (let i = 0; i < values.length; i++) {
    const unit = units.of[i] ?? 0
    totals[unit] = (totals[unit] ?? 0) + (values[i] ?? 0)
  }
  return totals
}

/** Σ of `values`. */
export function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0
  return total
}

/** Σ xᵢ·yᵢ. */
export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < x.length; i++) total += (x[i] ?? 0) * (y[i] ?? 0)
  return total
}

/** t₁₋α with `units` − 1 degrees of freedom; Infinity for a single unit, whose variance nobody can know. */
export function upperT(alphaOneSided: number, units: number): number {
  return units < 2 ? Infinity : Math.max(0, -tQuantile(alphaOneSided, units - 1))
}
