// Percentile bootstrap limits for metrics without a formula of their own: seeded, never behind a default verdict.

import {
  type Clusters,
  finite,
  type Numbers,
  requireAlpha,
  requireCount,
  requirePaired,
  requireWithin,
} from './check.ts'
import type { Estimator, Limits } from './estimator.ts'
import { quantileType7 } from './quantile.ts'
import { denseUnits, unitTotals } from './units.ts'

/** A statistic of one's own has no arms to name. */
export type Bootstrapped = Omit<Estimator, 'control' | 'treatment'>

/** What every bootstrap is given; the same draws give the same limits. */
interface Draws {
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** How many resamples; 2000 unless given. Limits at alpha need more than 1 / alpha of them. */
  readonly replicates?: number | undefined
}

/**
 * A statistic of totals (a ratio of sums, a difference of rates) over resampled units: clusters are drawn whole, with
 * replacement (Efron 1979; Field & Welsh 2007), and only their sums are touched, so a resample costs the number of
 * clusters whatever their size. Without `cluster` each row is its own unit. Limits are percentiles of the replicates
 * (type 7), infinite below 1 / (replicates + 1) and for a single unit; a replicate that is NaN bounds nothing on either
 * side.
 *
 * Columns of finite values, of one length ≥ 1; `replicates` ≥ 1. Throws RangeError otherwise.
 */
export function bootstrapTotals<Name extends string>(
  args: Draws & {
    readonly columns: Readonly<Record<Name, Numbers>>
    readonly cluster?: Clusters | undefined
    readonly statistic: (totals: Readonly<Record<Name, number>>) => number
  },
): Bootstrapped {
  const { columns, cluster, statistic, random, replicates = 2000 } = args
  requirePaired({ ...columns, cluster })
  const names = Object.keys(columns) as Name[]
  const [first] = names
  if (first === undefined) throw new RangeError('columns is empty: nothing to add up')
  for (const name of names) requireWithin(name, columns[name], finite)
  const units = cluster === undefined ? null : denseUnits(cluster)
  const totals = names.map((name) => [name, unitTotals(columns[name], units)] as const)
  const n = columns[first].length
  const drawn = bootstrap({
    n: units?.count ?? n,
    random,
    replicates,
    statistic: (picked) => {
      const sums = totals.map(([name, values]) => [name, sumOf(values, picked)] as const)
      return statistic(Object.fromEntries(sums) as Record<Name, number>)
    },
  })
  return { ...drawn, method: units === null ? drawn.method : 'cluster-bootstrap', n }
}

/**
 * Any statistic of `n` independent pairs, given as the indices drawn (with replacement, in no order; the array is used
 * again for the next resample). Slow for what it is: a resample costs n draws and the statistic. Otherwise as
 * `bootstrapTotals`.
 */
export function bootstrap(
  args: Draws & { readonly n: number; readonly statistic: (picked: Int32Array) => number },
): Bootstrapped {
  const { n, statistic, random, replicates = 2000 } = args
  requireCount('n', n)
  requireCount('replicates', replicates)
  if (n === 0 || replicates === 0) throw new RangeError(`n and replicates must be above 0, got ${n} and ${replicates}`)
  const picked = Int32Array.from({ length: n }, (_, i) => i)
  const estimate = statistic(picked)
  const drawn = Float64Array.from({ length: n === 1 ? 0 : replicates }, () => {
    for (let at = 0; at < n; at++) picked[at] = Math.floor(random() * n)
    return statistic(picked)
  })
  return { method: 'bootstrap', estimate, n, clusters: n, limits: percentileLimits(drawn) }
}

function sumOf(values: Float64Array, picked: Int32Array): number {
  let total = 0
  for (const at of picked) total += values[at] ?? 0
  return total
}

/** Limits at the percentiles α and 1 − α of the replicates; one that is NaN lies beyond either. */
export function percentileLimits(replicates: Float64Array): (alphaOneSided: number) => Limits {
  // Infinity stands for all that is not known, and sorts last: so the lower side is looked at from below.
  const above = replicates.map((value) => (Number.isNaN(value) ? Infinity : value)).toSorted()
  const below = replicates.map((value) => (Number.isNaN(value) ? Infinity : -value)).toSorted()
  return (alphaOneSided) => {
    requireAlpha(alphaOneSided)
    if (alphaOneSided * (replicates.length + 1) < 1) return { lower: -Infinity, upper: Infinity }
    return { lower: 0 - percentile(below, 1 - alphaOneSided), upper: percentile(above, 1 - alphaOneSided) }
  }
}

/** Between −Infinity and a number nothing can be interpolated: then the percentile is not known. */
function percentile(sorted: Float64Array, p: number): number {
  const value = quantileType7(sorted, p)
  return Number.isNaN(value) ? Infinity : value
}
