// Welch's t against SciPy.

import { describe, expect, it } from 'vitest'
import { welch } from '../../src/stats/welch.ts'
import { near, nearLimits, references } from './reference.ts'

describe.each(references)('welch, $from cases', ({ reference: { meanDifference } }) => {
  it('equals scipy.stats.ttest_ind(y, x, equal_var=False)', () => {
    const { x, y, welch: expected } = meanDifference
    const test = welch({ control: x, treatment: y })
    expect(test.t).toEqual(near(expected.t))
    expect(test.p).toEqual(near(expected.p_two))
  })
})

describe('welch', () => {
  it('groups of different sizes, as SciPy', () => {
    const test = welch({ control: [2, 5, 4], treatment: [1, 2, 3, 9] })
    expect(test).toMatchObject({ n: 7, t: near(0.0416305447121814), p: near(0.9686765783758629) })
    expect(test.degreesOfFreedom).toEqual(near(4.249416059325821))
    expect(test.limits(0.05)).toEqual(nearLimits([-4.113101254830507, 4.279767921497173]))
  })
  it('groups that do not vary are known exactly', () => {
    const differ = welch({ control: [2, 2], treatment: [3, 3] })
    expect(differ).toMatchObject({ estimate: 1, p: 0 })
    expect(differ.limits(0.05)).toEqual({ lower: 1, upper: 1 })
    expect(welch({ control: [2, 2], treatment: [2, 2] })).toMatchObject({ estimate: 0, t: 0, p: 1 })
  })
  it('a group of one tells nothing', () => {
    const test = welch({ control: [1], treatment: [3, 4, 5] })
    expect(test).toMatchObject({ estimate: 3, t: 0, p: 1 })
    expect(test.limits(0.05)).toEqual({ lower: -Infinity, upper: Infinity })
  })
  it.each([
    ['an empty group', { control: [], treatment: [1] }],
    ['NaN', { control: [1, 2], treatment: [1, Number.NaN] }],
    ['Infinity', { control: [1, Infinity], treatment: [1, 2] }],
  ])('refuses %s', (_, args) => {
    expect(() => welch(args)).toThrow(RangeError)
  })
  it('refuses alpha above a half', () => {
    expect(() => welch({ control: [1, 2], treatment: [1, 3] }).limits(0.6)).toThrow(RangeError)
  })
})
