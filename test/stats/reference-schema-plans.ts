// The reference cases of plans and looks: how many pairs, when to look, what a limit decides.

import { z } from 'zod'
import { leftOut, num, nums, pair, repeated, section } from './reference-fields.ts'

const zeroEvents = z.object({ margin: num, alphaOneSided: num, n: num, formula: z.string() })

export const planSections = {
  groupSequential: section({
    tolerance_z: num,
    cases: z.array(
      z.object({
        K: num,
        alphaOneSided: num,
        type: z.enum(['asOF', 'asHSD', 'asKD', 'asP']),
        gamma: num.nullable(),
        informationRates: nums,
        zBoundaries: nums,
        alphaSpent: nums,
      }),
    ),
  }),
  sampleSize: section({
    cases: z.object({
      mcnemar: z.array(
        z.object({
          p10: num,
          p01: num,
          alphaTwoSided: num,
          power: num,
          connor1987: num,
          miettinen1968: num,
        }),
      ),
      niPairedBinary: z.array(z.object({ p10: num, p01: num, margin: num, alphaOneSided: num, power: num, n: num })),
      zeroEvents: z.array(zeroEvents),
      logRatioMean: z.array(
        z.object({ sdLogRatio: num, margin: num, trueRatio: num, alphaOneSided: num, power: num, n: num }),
      ),
      millerPairedMean: z.array(
        z.object({
          omega2: num,
          sigma2A: num,
          sigma2B: num,
          K: num,
          delta: num,
          alphaTwoSided: num,
          power: num,
          n: num,
        }),
      ),
    }),
  }),
  asymptoticConfidenceSequence: section({
    cases: z.array(z.object({ n: num, variance: num, alpha: num, rho: num, margin: num })),
  }),
  verdict: section({
    cases: z.array(
      z.object({ lower: num, upper: num, margin: num, verdict: z.enum(['pass', 'fail', 'inconclusive']) }),
    ),
    gate: leftOut('read by the tests of the gate, which knows severities'),
  }),
  eProcessPairedBinary: section({
    margin: num,
    alpha: num,
    d: nums,
    logK_at: z.array(pair),
    first_reject_n: num,
  }),
  morePairs: section({
    cases: z.array(
      z.object({
        n: num,
        estimate: num,
        limit: num,
        margin: num,
        side: leftOut(repeated),
        alphaOneSided: num,
        power: num,
        nRequired: num,
        morePairs: num,
      }),
    ),
  }),
  qualitative: section({
    cases: z.array(
      z.object({
        name: z.string(),
        observed: num.optional(),
        accept: pair.optional(),
        observed_pass: num.optional(),
        accept_min: num.optional(),
      }),
    ),
  }),
}
