// McNemar's test against R and statsmodels.

import { describe, expect, it } from 'vitest'
import { mcnemar, mcnemarChiSquare } from '../../src/stats/mcnemar.ts'
import { near, references } from './reference.ts'

describe.each(references)('mcnemar, $from cases', ({ reference }) => {
  it('equals R', () => {
    for (const { b, c, ...expected } of reference.mcnemar.cases) {
      const p = mcnemar({ treatOnly: b, ctrlOnly: c })
      expect(p.exact).toEqual(near(expected.exact_two_sided))
      expect(p.exactGreater).toEqual(near(expected.exact_one_sided_b_greater))
      expect(p.midP).toEqual(near(expected.midp_two_sided))
    }
  })
  it('equals R by chi-square', () => {
    for (const { b, c, chi2_cc, chi2_nocc } of reference.mcnemar.cases) {
      const counts = { treatOnly: b, ctrlOnly: c }
      // R gives no number without discordant pairs; nothing speaks against equal arms then.
      const none = { stat: 0, p: 1 }
      for (const [correct, expected] of [[true, chi2_cc ?? none] as const, [false, chi2_nocc ?? none] as const]) {
        const { statistic, p } = mcnemarChiSquare({ ...counts, correct })
        expect(statistic).toEqual(near(expected.stat))
        expect(p).toEqual(near(expected.p))
      }
    }
  })
})

describe('mcnemar', () => {
  it.each([
    ['a fraction', { treatOnly: 0.5, ctrlOnly: 1 }],
    ['a negative count', { treatOnly: 1, ctrlOnly: -1 }],
    ['NaN', { treatOnly: Number.NaN, ctrlOnly: 1 }],
  ])('refuses %s', (_, args) => {
    expect(() => mcnemar(args)).toThrow(RangeError)
    expect(() => mcnemarChiSquare(args)).toThrow(RangeError)
  })
})
