// Text change over the noise floor against SciPy, and what each form of it can be deceived by.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { energyExcess, plainExcess, symmetrisedExcess } from '../../src/stats/excess-change.ts'
import { near, nearLimits, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

/** 1 where two replays of a request gave different answers. */
function changed(from: readonly number[], to: readonly number[]): number[] {
  return from.map((label, i) => (label === to[i] ? 0 : 1))
}

type Answers = Readonly<Record<'prod' | 'prod2' | 'cand' | 'cand2', readonly number[]>>

function distances({ prod, prod2, cand, cand2 }: Answers) {
  return {
    cross: [changed(cand, prod), changed(cand, prod2), changed(cand2, prod), changed(cand2, prod2)] as const,
    controlFloor: changed(prod, prod2),
    treatmentFloor: changed(cand, cand2),
  }
}

const plainOf = (answers: Answers) => plainExcess({ ...distances(answers), cross: distances(answers).cross[0] })
const symmetrisedOf = (answers: Answers) => {
  const { cross, controlFloor } = distances(answers)
  return symmetrisedExcess({ cross: [cross[0], cross[1]], controlFloor })
}
const energyOf = (answers: Answers) => energyExcess(distances(answers))

describe.each(references)('excess change, $from cases', ({ reference: { excessChange } }) => {
  const { labels, ...expected } = excessChange
  it('plain', () => {
    const plain = plainOf(labels)
    expect(plain).toMatchObject({ method: 'plain-newcombe-10', n: labels.prod.length })
    expect(plain.treatment).toEqual(near(expected.raw_change))
    expect(plain.control).toEqual(near(expected.noise_floor))
    expect(plain.estimate).toEqual(near(expected.excess_plain))
    expect(plain.limits(0.05)).toEqual(nearLimits(expected.newcombe90))
  })
  it('symmetrised', () => {
    const symmetrised = symmetrisedOf(labels)
    expect(symmetrised.method).toBe('symmetrised-paired-t')
    expect(symmetrised.estimate).toEqual(near(expected.excess_symmetrised))
    expect(symmetrised.limits(0.05)).toEqual(nearLimits(expected.t90))
  })
  it('energy', () => {
    const energy = energyOf(labels)
    expect(energy.method).toBe('energy-paired-t')
    expect(energy.estimate).toEqual(near(expected.energy))
    expect(energy.limits(0.05)).toEqual(nearLimits(expected.energy_t90))
  })
})

describe('a candidate that is only sharper, and one that hides change in it', () => {
  const random = seededBy(20261123, 'sharper answers')
  /** The likeliest answer is `usual`, with probability `sure`; otherwise any of six. */
  const answer = (usual: number, sure: number): number => (random.unit() < sure ? usual : random.below(6))
  const requests = Array.from({ length: 2000 }, () => ({ usual: random.below(6), isChanged: random.unit() < 0.12 }))
  const prod = () => requests.map(({ usual }) => answer(usual, 0.6))
  const cand = (sure: number, changes: boolean) =>
    requests.map(({ usual, isChanged }) => answer(changes && isChanged ? (usual + 1) % 6 : usual, sure))

  it('passes by the excess over the floor and fails by the energy', () => {
    const answers = { prod: prod(), prod2: prod(), cand: cand(0.95, true), cand2: cand(0.95, true) }
    expect(plainOf(answers).limits(0.05).upper).toBeLessThan(0.05)
    expect(symmetrisedOf(answers).limits(0.05).upper).toBeLessThan(0.05)
    expect(energyOf(answers).limits(0.05).lower).toBeGreaterThan(0.05)
  })
  it('an equal one has no energy, and narrower limits than by the other forms', () => {
    const answers = { prod: prod(), prod2: prod(), cand: cand(0.6, false), cand2: cand(0.6, false) }
    const [plain, symmetrised, energy] = [plainOf, symmetrisedOf, energyOf].map((of) => {
      const { lower, upper } = of(answers).limits(0.05)
      expect(lower).toBeLessThan(0)
      expect(upper).toBeGreaterThan(0)
      return upper - lower
    })
    expect(symmetrised).toBeLessThan(0.95 * (plain ?? 0))
    expect(energy).toBeLessThan(0.7 * (plain ?? 0))
  })
})

const share = fc.double({ min: 0, max: 1, noNaN: true })

describe('excess', () => {
  it('of similarities is a mean, which clusters widen or leave', () => {
    const rows = fc.array(fc.tuple(share, share), { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(rows, (list) => {
        const args = { cross: list.map(([x]) => x), controlFloor: list.map(([, y]) => y) }
        const plain = plainExcess(args)
        const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length
        expect(plain.estimate).toBeCloseTo(mean(args.cross) - mean(args.controlFloor), 9)
        expect(plainExcess({ ...args, cluster: list.map((_, i) => i) }).clusters).toBe(list.length)
      }),
    )
  })
  it('of equal columns is exactly 0', () => {
    const same = [0, 0.25, 1]
    expect(plainExcess({ cross: same, controlFloor: same }).estimate).toBe(0)
    expect(symmetrisedExcess({ cross: [same, same], controlFloor: same }).estimate).toBe(0)
    const energy = energyExcess({ cross: [same, same, same, same], controlFloor: same, treatmentFloor: same })
    expect(energy.estimate).toBe(0)
  })
  it.each([
    ['no requests', { cross: [], controlFloor: [] }],
    ['unequal lengths', { cross: [1], controlFloor: [1, 0] }],
    ['a distance above 1', { cross: [1.1], controlFloor: [0] }],
    ['NaN', { cross: [0], controlFloor: [Number.NaN] }],
    ['clusters of another length', { cross: [0], controlFloor: [0], cluster: [1, 2] }],
  ])('refuses %s', (_, args) => {
    const { cross } = args
    expect(() => plainExcess(args)).toThrow(RangeError)
    expect(() => symmetrisedExcess({ ...args, cross: [cross, cross] })).toThrow(RangeError)
    expect(() =>
      energyExcess({ ...args, cross: [cross, cross, cross, cross], treatmentFloor: args.controlFloor }),
    ).toThrow(RangeError)
  })
})
