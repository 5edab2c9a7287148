// The distributions against SciPy, and what they refuse.

import { describe, expect, it } from 'vitest'
import {
  betaCdf,
  betaQuantile,
  binomialCdf,
  binomialPmf,
  chiSquareCdf,
  chiSquareTail,
  fTail,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
} from '../../src/stats/dist.ts'
import { near, references } from './reference.ts'

describe.each(references)('distributions, $from cases', ({ reference: { distributions } }) => {
  it('normal quantile', () => {
    for (const [p, expected] of distributions.norm_ppf) expect(normalQuantile(p)).toEqual(near(expected))
  })
  it('normal cdf', () => {
    for (const [x, expected] of distributions.norm_cdf) expect(normalCdf(x)).toEqual(near(expected))
  })
  it('t quantile', () => {
    for (const [p, df, expected] of distributions.t_ppf) expect(tQuantile(p, df)).toEqual(near(expected))
  })
  it('beta cdf', () => {
    for (const [x, a, b, expected] of distributions.beta_cdf) expect(betaCdf(x, a, b)).toEqual(near(expected))
  })
  it('beta quantile', () => {
    for (const [p, a, b, expected] of distributions.beta_ppf) expect(betaQuantile(p, a, b)).toEqual(near(expected))
  })
  it('binomial cdf', () => {
    for (const [x, n, p, expected] of distributions.binom_cdf) expect(binomialCdf(x, n, p)).toEqual(near(expected))
  })
  it('chi-square cdf', () => {
    for (const [x, df, expected] of distributions.chi2_cdf) expect(chiSquareCdf(x, df)).toEqual(near(expected))
  })
})

describe('distributions', () => {
  it('keep the digits of a far tail that 1 − p would lose', () => {
    expect(-normalQuantile(normalCdf(-8))).toEqual(near(8))
    expect(normalQuantile(1 - 1e-17)).toBe(Infinity)
  })
  it('t cdf is the inverse of the t quantile', () => {
    for (const p of [1e-6, 0.05, 0.3, 0.5, 0.9]) expect(tCdf(tQuantile(p, 7), 7)).toEqual(near(p))
  })
  it('the beta quantile ends where the distribution does', () => {
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1])
  })
  it('upper tails, against SciPy', () => {
    expect(fTail(2.5, 29, 970)).toEqual(near(2.293544282283131e-5))
    expect([fTail(0, 3, 4), fTail(Infinity, 3, 4)]).toEqual([1, 0])
    expect(chiSquareTail(11, 3)).toEqual(near(0.0117258755784214))
    // One degree of freedom is a squared normal, whose far tail keeps its digits.
    expect(chiSquareTail(100, 1)).toEqual(near(1.523970604832105e-23))
    expect(chiSquareTail(0, 1)).toBe(1)
  })
  it('a binomial mass is a step of its cdf', () => {
    expect(binomialPmf(3, 10, 0.3)).toEqual(near(binomialCdf(3, 10, 0.3) - binomialCdf(2, 10, 0.3)))
  })
  it.each([
    ['p above 1', () => normalQuantile(1.5)],
    ['NaN', () => normalCdf(Number.NaN)],
    ['no degrees of freedom', () => tQuantile(0.1, 0)],
    ['a negative shape', () => betaCdf(0.5, -1, 2)],
    ['a share above 1 of a beta', () => betaQuantile(1.5, 1, 2)],
    ['a shape of 0', () => betaQuantile(1, 0, 2)],
    ['F with NaN', () => fTail(Number.NaN, 1, 2)],
    ['a broken count of trials', () => binomialCdf(1, 2.5, 0.5)],
    ['a probability above 1', () => binomialPmf(1, 2, 1.5)],
    ['negative degrees of freedom', () => chiSquareCdf(1, -2)],
    ['t with NaN', () => tCdf(Number.NaN, 3)],
  ])('refuse %s', (_, call) => {
    expect(call).toThrow(RangeError)
  })
})
