// The distributions: the one place that knows which library computes them.

import betaCdfOf from '@stdlib/stats-base-dists-beta-cdf'
import binomialCdfOf from '@stdlib/stats-base-dists-binomial-cdf'
import binomialPmfOf from '@stdlib/stats-base-dists-binomial-pmf'
import chiSquareCdfOf from '@stdlib/stats-base-dists-chisquare-cdf'
import normalCdfOf from '@stdlib/stats-base-dists-normal-cdf'
import normalQuantileOf from '@stdlib/stats-base-dists-normal-quantile'
import tCdfOf from '@stdlib/stats-base-dists-t-cdf'
import tQuantileOf from '@stdlib/stats-base-dists-t-quantile'

// Accuracy against SciPy on the reference grid: 3e-13 or better for cdfs, 1e-10 for quantiles. An upper tail loses its
// digits in 1 − p: take upper quantiles as −quantile(alpha), never as quantile(1 − alpha), which is Infinity from
// alpha = 1e-16 on.

/** Φ⁻¹(p), the standard normal quantile; `p` in [0, 1], −Infinity and Infinity at its ends. Throws RangeError outside. */
export function normalQuantile(p: number): number {
  const z = known('normalQuantile', normalQuantileOf(p, 0, 1))
  return p > 0 && p < 1e-8 ? polished(p) : z
}

/** The library is off by 4e-7 at p = 1e-12, by 3e-4 at 6e-16 and infinite soon after: Newton's method on ln Φ instead. */
function polished(p: number): number {
  const logP = Math.log(p)
  let z = -Math.sqrt(-2 * logP - Math.log(-4 * Math.PI * logP))
  for (let step = 0; step < 4; step++) {
    const cdf = normalCdf(z)
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
    z -= ((Math.log(cdf) - logP) * cdf) / density
  }
  return z
}

/** Φ(x), the standard normal distribution function. Throws RangeError on NaN. */
export function normalCdf(x: number): number {
  return known('normalCdf', normalCdfOf(x, 0, 1))
}

/** Quantile of Student's t with `df` > 0 degrees of freedom; `p` in [0, 1]. Throws RangeError outside. */
export function tQuantile(p: number, df: number): number {
  return known('tQuantile', tQuantileOf(p, df))
}

/** Distribution function of Student's t with `df` > 0 degrees of freedom. Throws RangeError outside. */
export function tCdf(x: number, df: number): number {
  return known('tCdf', tCdfOf(x, df))
}

/** I_x(a, b), the regularised incomplete beta function; a, b > 0. Throws RangeError outside. */
export function betaCdf(x: number, a: number, b: number): number {
  return known('betaCdf', betaCdfOf(x, a, b))
}

/** The x with I_x(a, b) = p; a, b > 0, `p` in [0, 1], 0 and 1 at its ends. Throws RangeError outside. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must be within [0, 1], got ${p}`)
  // The cdf ends at 0 and 1 too.
  if (p === 0 || p === 1) return betaCdf(p, a, b)
  // By halves of ln x, since a quantile can be 1e-16, and of x once it is near 1, where ln x has lost its digits.
  let [low, high] = betaCdf(0.5, a, b) >= p ? [-745, Math.log(0.5)] : [0.5, 1]
  const of = (x: number): number => (high <= 0 ? Math.exp(x) : x)
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2
    if (betaCdf(of(middle), a, b) >= p) high = middle
    else low = middle
  }
  return of((low + high) / 2)
}

/** P(X ≤ x) for X ~ Binomial(n, p); whole n ≥ 0, p in [0, 1]. Throws RangeError outside. */
export function binomialCdf(x: number, n: number, p: number): number {
  return known('binomialCdf', binomialCdfOf(x, n, p))
}

/** P(X = x) for X ~ Binomial(n, p); whole n ≥ 0, p in [0, 1]. Throws RangeError outside. */
export function binomialPmf(x: number, n: number, p: number): number {
  return known('binomialPmf', binomialPmfOf(x, n, p))
}

/** Distribution function of chi-square with `df` > 0 degrees of freedom. Throws RangeError outside. */
export function chiSquareCdf(x: number, df: number): number {
  return known('chiSquareCdf', chiSquareCdfOf(x, df))
}

/** P(X > x) for chi-square with `df` > 0 degrees of freedom: 1 − cdf, so good to 1e-16, and to all digits at 1. Throws RangeError outside. */
export function chiSquareTail(x: number, df: number): number {
  return df === 1 ? Math.min(1, 2 * normalCdf(-Math.sqrt(Math.max(0, x)))) : Math.max(0, 1 - chiSquareCdf(x, df))
}

/** P(F > x) for Fisher's F with `df1`, `df2` > 0 degrees of freedom, x ≥ 0. Throws RangeError outside. */
export function fTail(x: number, df1: number, df2: number): number {
  return known('fTail', x === Infinity ? 0 : betaCdf(df2 / (df2 + df1 * x), df2 / 2, df1 / 2))
}

/** The library answers NaN to arguments that it refuses; a NaN that travels on would look like a result. */
function known(name: string, value: number): number {
  if (Number.isNaN(value)) throw new RangeError(`${name}: an argument is NaN or outside the range of the distribution`)
  return value
}
