// The reference cases (R, SciPy, statsmodels, or the design), as committed here and as the design documents hold them now.

import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

// Infinities are words in JSON.
const num = z.union([z.number(), z.enum(['Infinity', '-Infinity', '0'])]).transform(Number)
const nums = z.array(num)
const pair = z.tuple([num, num])
const sameAsFirst = z.literal('same as first case of this kind')

const schema = z.object({
  mcnemar: z.object({
    cases: z.array(
      z.object({ b: num, c: num, exact_two_sided: num, exact_one_sided_b_greater: num, midp_two_sided: num }),
    ),
  }),
  pairedProportionDifference: z.object({
    tolerance: num,
    cases: z.array(
      z.object({
        n11: num,
        treatOnly: num,
        ctrlOnly: num,
        n00: num,
        twoSidedLevel: num,
        tango_ratesci: pair,
        tango_PropCIs: pair,
        tango: pair,
        newcombe_wilson_corrected_phi_ratesci: pair,
        newcombe_method10: pair,
      }),
    ),
  }),
  singleProportion: z.object({ cases: z.array(z.object({ k: num, n: num, twoSidedLevel: num, wilson: pair })) }),
  meanDifference: z.object({
    x: nums,
    y: nums,
    groups_equal: nums,
    groups_unequal: nums,
    paired: z.object({ mean: num, p_two: num, p_less: num, ci90: pair }),
    cluster_equal: z.object({ ci90_t_Gminus1: pair }),
    cluster_unequal: z.object({ ci90_t_Gminus1: pair }),
  }),
  ratioOfMeans: z.object({
    cases: z.array(z.object({ control: nums, treatment: nums, twoSidedLevel: num, ratio: num, fieller: pair })),
    clustered: z.object({
      control: nums,
      treatment: nums,
      cluster: nums,
      twoSidedLevel: num,
      ratio: num,
      fieller_on_cluster_totals: pair,
    }),
  }),
  orderStatisticRanks: z.object({
    minNUpper: z.array(z.object({ p: num, alpha: num, n: num })),
    cases: z.array(z.object({ n: num, p: num, alphaOneSided: num, rankLower: num, rankUpper: num })),
  }),
  quantileRatio: z.object({
    tolerance: num,
    cases: z.array(
      z.object({
        kind: z.string(),
        p: num,
        alphaOneSided: num,
        control: z.union([nums, sameAsFirst]),
        treatment: z.union([nums, sameAsFirst]),
        ratio: num,
        phi: num,
        lower: num,
        upper: num,
      }),
    ),
  }),
  pAdjust: z.object({ cases: z.array(z.object({ p: nums, holm: nums, BH: nums })) }),
  quantileType7: z.object({ cases: z.array(z.object({ x: nums, p: num, q7: num })) }),
  sampleSize: z.object({
    cases: z.object({ zeroEvents: z.array(z.object({ margin: num, alphaOneSided: num, n: num })) }),
  }),
  distributions: z.object({
    norm_ppf: z.array(pair),
    norm_cdf: z.array(pair),
    t_ppf: z.array(z.tuple([num, num, num])),
    beta_cdf: z.array(z.tuple([num, num, num, num])),
    binom_cdf: z.array(z.tuple([num, num, num, num])),
    chi2_cdf: z.array(z.tuple([num, num, num])),
  }),
  excessChange: z.object({
    labels: z.object({ prod: nums, prod2: nums, cand: nums, cand2: nums }),
    excess_plain: num,
    newcombe90: pair,
    excess_symmetrised: num,
    t90: pair,
    energy: num,
    energy_t90: pair,
  }),
  cacheHitRatio: z.object({
    cluster: nums,
    control_prompt: nums,
    control_cached: nums,
    treat_prompt: nums,
    treat_cached: nums,
    rate_control: num,
    rate_treat: num,
    diff: num,
    jackknife_ci90_t11: pair,
  }),
  timeoutMass: z.object({
    cases: z.array(
      z.object({
        control: nums,
        treatment: nums,
        p: num,
        alphaOneSided: num,
        ratio: num,
        upper: num,
        lower: num,
      }),
    ),
  }),
  clusteredPairedBinary: z.object({
    cluster: nums,
    control: nums,
    treatment: nums,
    deff: num,
    kappa: num,
    limits_one_sided_95: pair,
  }),
  clusteredQuantileRatio: z.object({
    cluster: nums,
    control: nums,
    treatment: nums,
    cases: z.array(
      z.object({ p: num, alphaOneSided: num, deff_control: num, deff_treatment: num, lower: num, upper: num }),
    ),
  }),
  morePairs: z.object({
    cases: z.array(
      z.object({
        n: num,
        estimate: num,
        limit: num,
        margin: num,
        alphaOneSided: num,
        power: num,
        nRequired: num,
        morePairs: num,
      }),
    ),
  }),
})

export type Reference = z.infer<typeof schema>

const committed = new URL('reference.json', import.meta.url)
const design = new URL('../../../shared/design/stats-reference.json', import.meta.url)

/** The committed cases, and beside them the design's own where that file is within reach. */
export const references: readonly { readonly from: string; readonly reference: Reference }[] = [
  { from: 'committed', file: committed },
  { from: 'design', file: design },
]
  .filter(({ file }) => existsSync(file))
  .map(({ from, file }) => ({ from, reference: schema.parse(JSON.parse(readFileSync(file, 'utf8'))) }))

/** What `expect(…).toEqual` takes in the place of a value. */
interface Near {
  readonly $$typeof: symbol
  readonly asymmetricMatch: (actual: unknown) => boolean
  readonly toAsymmetricMatcher: () => string
}

/** Matches within a relative tolerance; infinities exactly, zeros up to rounding noise of 1e-12. */
export function near(expected: number, tolerance = 1e-6): Near {
  const reach = Number.isFinite(expected) ? Math.max(tolerance * Math.abs(expected), 1e-12) : 0
  return {
    $$typeof: Symbol.for('jest.asymmetricMatcher'),
    asymmetricMatch: (actual) =>
      actual === expected || (typeof actual === 'number' && Math.abs(actual - expected) <= reach),
    toAsymmetricMatcher: () => `near ${expected} (relative tolerance ${tolerance})`,
  }
}

/** Matches limits, each within a relative tolerance. */
export function nearLimits(
  [lower, upper]: readonly [number, number],
  tolerance = 1e-6,
): { readonly lower: Near; readonly upper: Near } {
  return { lower: near(lower, tolerance), upper: near(upper, tolerance) }
}

/** alpha of each side of a two-sided interval. */
export function oneSided(twoSidedLevel: number): number {
  return (1 - twoSidedLevel) / 2
}
