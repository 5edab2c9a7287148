// The shape of the reference cases, whole: a field that no test reads says why (`reference.test.ts` looks for others).

import { z } from 'zod'
import { leftOut, notOurs, num, nums, pair, rejected, sameAsFirst, section } from './reference-fields.ts'
import { planSections } from './reference-schema-plans.ts'

export const referenceSchema = z.object({
  _meta: z.record(z.string(), z.string()),
  ...planSections,
  mcnemar: section({
    cases: z.array(
      z.object({
        b: num,
        c: num,
        exact_two_sided: num,
        exact_one_sided_b_greater: num,
        midp_two_sided: num,
        chi2_cc: z.object({ stat: num, p: num }).nullable(),
        chi2_nocc: z.object({ stat: num, p: num }).nullable(),
      }),
    ),
  }),
  wilcoxonSignedRank: section({
    cases: z.array(
      z.object({
        diffs: nums,
        exact_two_sided: z.object({ V: num, p: num }).nullable(),
        exact_greater: z.object({ V: num, p: num }).nullable(),
        normal_cc_two_sided: z.object({ V: num, p: num }),
        normal_nocc_two_sided: z.object({ V: num, p: num }),
        normal_cc_greater: z.object({ V: num, p: num }),
        scipy_wilcox_approx: pair,
        scipy_wilcox_approx_cc: pair,
        scipy_pratt_approx: leftOut(notOurs),
        scipy_pratt_approx_cc: leftOut(notOurs),
        scipy_zsplit_approx: leftOut(notOurs),
        scipy_zsplit_approx_cc: leftOut(notOurs),
      }),
    ),
  }),
  pairedProportionDifference: section({
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
        newcombe_wilson_uncorrected_phi_ratesci: leftOut(rejected),
        newcombe_phi: leftOut(rejected),
      }),
    ),
  }),
  singleProportion: section({
    cases: z.array(
      z.object({
        k: num,
        n: num,
        twoSidedLevel: num,
        wilson: pair,
        clopperPearson: pair,
        jeffreys: leftOut(notOurs),
        agrestiCoull: leftOut(notOurs),
      }),
    ),
  }),
  twoProportionDifference: section({
    cases: z.array(
      z.object({
        k1: num,
        n1: num,
        k2: num,
        n2: num,
        newcomb: pair,
        'agresti-caffo': pair,
        wald: leftOut(rejected),
        score: leftOut('statsmodels solves a wrong cubic (count0·diff for nobs0·diff), with N/(N − 1): see the test'),
      }),
    ),
  }),
  meanDifference: section({
    x: nums,
    y: nums,
    groups_equal: nums,
    groups_unequal: nums,
    paired: z.object({ mean: num, t: num, p_two: num, p_less: num, ci90: pair }),
    welch: z.object({ t: num, p_two: num }),
    cluster_equal: z.object({ se: num, ci90_t_Gminus1: pair }),
    cluster_unequal: z.object({ se: num, ci90_t_Gminus1: pair }),
  }),
  ratioOfMeans: section({
    cases: z.array(z.object({ control: nums, treatment: nums, twoSidedLevel: num, ratio: num, fieller: pair })),
    clustered: z.object({
      control: nums,
      treatment: nums,
      cluster: nums,
      twoSidedLevel: num,
      ratio: num,
      fieller_on_cluster_totals: pair,
      df: num,
    }),
  }),
  bootstrap: section({
    control: nums,
    treatment: nums,
    cases: z.array(
      z.object({
        stat: z.enum(['ratio_of_means', 'log_ratio_of_means']),
        estimate: num,
        twoSidedLevel: num,
        percentile_lower_in: pair,
        percentile_upper_in: pair,
        bootstrap_B_at_least: num,
        bca_lower_in: leftOut(rejected),
        bca_upper_in: leftOut(rejected),
      }),
    ),
  }),
  orderStatisticRanks: section({
    minNUpper: z.array(z.object({ p: num, alpha: num, n: num })),
    cases: z.array(
      z.object({
        n: num,
        p: num,
        alphaOneSided: num,
        rankLower: num,
        rankUpper: num,
        integerLower_R_qbinom: num,
        integerUpper_R_qbinom_plus1: num,
      }),
    ),
  }),
  quantileRatio: section({
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
  pAdjust: section({
    cases: z.array(
      z.object({
        p: nums,
        holm: nums,
        BH: nums,
        BY: leftOut(notOurs),
        bonferroni: leftOut(notOurs),
        hochberg: leftOut(notOurs),
      }),
    ),
  }),
  quantileType7: section({ cases: z.array(z.object({ x: nums, p: num, q7: num })) }),
  distributions: section({
    norm_ppf: z.array(pair),
    norm_cdf: z.array(pair),
    t_ppf: z.array(z.tuple([num, num, num])),
    beta_ppf: z.array(z.tuple([num, num, num, num])),
    beta_cdf: z.array(z.tuple([num, num, num, num])),
    binom_cdf: z.array(z.tuple([num, num, num, num])),
    chi2_cdf: z.array(z.tuple([num, num, num])),
  }),
  signFlipPermutation: section({ diffs: nums, count: num }),
  excessChange: section({
    labels: z.object({ prod: nums, prod2: nums, cand: nums, cand2: nums }),
    raw_change: num,
    noise_floor: num,
    excess_plain: num,
    newcombe90: pair,
    excess_symmetrised: num,
    t90: pair,
    energy: num,
    energy_t90: pair,
  }),
  cacheHitRatio: section({
    cluster: nums,
    control_prompt: nums,
    control_cached: nums,
    treat_prompt: nums,
    treat_cached: nums,
    rate_control: num,
    rate_treat: num,
    diff: num,
    jackknife_se: num,
    jackknife_ci90_t11: pair,
    se: leftOut(rejected),
    ci90_t11: leftOut(rejected),
  }),
  medianRatioPaired_PriceBonett: section({
    cases: z.array(z.object({ y1: nums, y2: nums, ratio: num, LL: num, UL: num })),
  }),
  timeoutMass: section({
    cases: z.array(
      z.object({
        control: nums,
        treatment: nums,
        p: num,
        alphaOneSided: num,
        ratio: num,
        upper: num,
        lower: num,
        verdict_margin_1_2: z.enum(['pass', 'fail', 'inconclusive']),
        why: z.string(),
      }),
    ),
  }),
  clusteredPairedBinary: section({
    cluster: nums,
    control: nums,
    treatment: nums,
    deff: num,
    kappa: num,
    limits_one_sided_95: pair,
  }),
  clusteredQuantileRatio: section({
    cluster: nums,
    control: nums,
    treatment: nums,
    cases: z.array(
      z.object({ p: num, alphaOneSided: num, deff_control: num, deff_treatment: num, lower: num, upper: num }),
    ),
  }),
})
