// The bootstrap of a paired quantile ratio without resampling: a cross-check of `quantileRatio` at any size.

import { percentileLimits } from './bootstrap.ts'
import { requireCount } from './check.ts'
import { betaCdf, normalQuantile } from './dist.ts'
import type { Estimator } from './estimator.ts'
import { type LatencyPairs, quantileRatio } from './quantile-ratio.ts'

/**
 * The ratio of the p-quantiles of treatment and control with percentile limits of a paired bootstrap that draws ranks
 * in the place of samples (Schultzberg & Ankargren 2022, extended to pairs): the rank of a resample's p-quantile is the
 * smallest j with I_{j/n}(m, n − m + 1) ≥ Φ(z), m = ⌈np⌉, and z of both arms are normal with the correlation φ of
 * `quantileRatio`. A replicate costs two normal draws and two searches, whatever n. The arms' values and the estimate
 * are those of `quantileRatio`. Where both arms' quantiles are timeouts, a replicate bounds nothing.
 *
 * `p` in (0, 1); latencies as in `quantileRatio`, without clusters; `random` uniform in [0, 1); `replicates` ≥ 1, ten
 * thousand unless given: limits at alpha need more than 1 / alpha. Throws RangeError otherwise.
 */
export function pairedIndexBootstrap(
  args: Omit<LatencyPairs, 'cluster'> & {
    readonly p: number
    readonly random: () => number
    readonly replicates?: number | undefined
  },
): Estimator {
  const { control, treatment, p, random, replicates = 10_000 } = args
  requireCount('replicates', replicates)
  if (replicates === 0) throw new RangeError('replicates must be above 0')
  const { phi, limits: _, designEffects: __, ...ratio } = quantileRatio({ control, treatment, p })
  const sortedControl = new Float64Array(control).toSorted()
  const sortedTreatment = new Float64Array(treatment).toSorted()
  const rankAt = resampledRank(control.length, p)
  const own = Math.sqrt(1 - phi * phi)
  const logRatios = Float64Array.from({ length: replicates }, () => {
    const [shared, private_] = twoNormals(random)
    const c = sortedControl[rankAt(shared)] ?? Infinity
    const t = sortedTreatment[rankAt(phi * shared + own * private_)] ?? Infinity
    // Equal infinities or zeros tell nothing: NaN.
    return Math.log(t) - Math.log(c)
  })
  const logLimits = percentileLimits(logRatios)
  return {
    ...ratio,
    method: 'paired-index-bootstrap',
    limits: (alphaOneSided) => {
      const { lower, upper } = logLimits(alphaOneSided)
      return { lower: Math.exp(lower), upper: Math.exp(upper) }
    },
  }
}

/** From a normal score to the index (from 0) of the sorted sample that is the p-quantile of a resample. */
function resampledRank(n: number, p: number): (z: number) => number {
  // Not ⌈np⌉ as it stands: 100 × 0.07 is 7.000000000000001 to a computer.
  const m = Math.max(1, Math.ceil(n * p * (1 - 2 * Number.EPSILON)))
  // Beyond ten deviations no draw of 53 bits lands; the table would be n long otherwise.
  const reach = Math.ceil(10 * Math.sqrt(n * p * (1 - p)) + 10)
  const first = Math.max(1, m - reach)
  const last = Math.min(n, m + reach)
  const scores = Float64Array.from({ length: last - first + 1 }, (_, at) =>
    normalQuantile(betaCdf((first + at) / n, m, n - m + 1)),
  )
  return (z) => {
    let [low, high] = [0, scores.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((scores[middle] ?? Infinity) >= z) high = middle
      else low = middle + 1
    }
    return first + low - 1
  }
}

/** Box and Muller 1958; 1 − u keeps ln away from 0. */
function twoNormals(random: () => number): readonly [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  const angle = 2 * Math.PI * random()
  return [radius * Math.cos(angle), radius * Math.sin(angle)]
}
