// The simulated ramp: the same by the same seed, and able to tell arms apart.

import { describe, expect, it } from 'vitest'
import { type Behaviour, healthy } from './answers.ts'
import { chanceOf } from './chance.ts'
import { type Ramp, rampOf } from './rollouts.ts'

const ramp: Ramp = {
  users: 1500,
  perLook: 1500,
  minLooks: 2,
  maxLooks: 12,
  advances: 'verdict',
  activity: 'lognormal',
  rated: 0,
}
const end = (behaviour: Partial<Behaviour>, parts: Partial<Ramp> = {}) =>
  rampOf(chanceOf(3, 'ramp'), { ...healthy, ...behaviour }, { ...ramp, ...parts })

describe('a simulated ramp', () => {
  it('is the same by the same seed', () => {
    expect(end({})).toEqual(end({}))
  })
  it('goes back where the candidate fails half the time', () => {
    expect(end({ errors: 0.5 })).toMatchObject({ isRolledBack: true, isThrough: false })
  })
  it('waits for a person where a rule to investigate by is broken', () => {
    expect(end({ refusals: 0.4 })).toMatchObject({ isRolledBack: false, isFlagged: true })
  })
  it('that goes by plan meets half of all users', () => {
    const { isRolledBack, share } = end({}, { advances: 'plan' })
    expect(isRolledBack).toBe(false)
    expect(share).toBeGreaterThan(0.35)
  })
})
