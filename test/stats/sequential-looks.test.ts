// Looks at a run: when, at what alpha, and that what is decided stays decided.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../src/stats/dist.ts'
import { groupSequential } from '../../src/stats/group-sequential.ts'
import {
  notLookedYet,
  outcomeOf,
  planLooks,
  takeLook,
  type Watch,
  type Watched,
} from '../../src/stats/sequential-looks.ts'
import { near, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('verdict, $from cases', ({ reference }) => {
  it.each(reference.verdict.cases)('limits $lower … $upper against $margin: $verdict', ({ verdict, ...args }) => {
    expect(outcomeOf(args)).toBe(verdict)
  })
})

describe('outcomeOf', () => {
  const limit = fc.oneof(fc.double(), fc.constantFrom(Infinity, -Infinity, Number.NaN))
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
  it('NaN and infinite limits never decide for their side', () => {
    fc.assert(
      fc.property(limit, finite, (lower, margin) => {
        for (const upper of [Number.NaN, Infinity]) expect(outcomeOf({ lower, upper, margin })).not.toBe('pass')
        for (const none of [Number.NaN, -Infinity]) {
          expect(outcomeOf({ lower: none, upper: lower, margin })).not.toBe('fail')
        }
      }),
    )
  })
  it('a wider margin never worsens it', () => {
    const worse = ['pass', 'inconclusive', 'fail']
    fc.assert(
      fc.property(finite, finite, finite, finite, (a, b, m, n) => {
        const limits = { lower: Math.min(a, b), upper: Math.max(a, b) }
        const [narrow, wide] = [Math.min(m, n), Math.max(m, n)].map((margin) => outcomeOf({ ...limits, margin }))
        expect(worse.indexOf(wide ?? '')).toBeLessThanOrEqual(worse.indexOf(narrow ?? ''))
      }),
    )
  })
})

describe('planLooks', () => {
  it('looks ten times at shares of the most pairs, and pays for failing with alpha / m', () => {
    const plan = planLooks({ nMax: 4000, blocking: 6 })
    expect(plan.map(({ n }) => n)).toEqual([200, 400, 600, 800, 1200, 1600, 2000, 2400, 3200, 4000])
    const [pass, fail] = [groupSequential({}), groupSequential({ alphaOneSided: 0.05 / 6 })]
    expect(plan.map(({ alphaPass }) => alphaPass)).toEqual(pass.alphaAtLook)
    expect(plan.map(({ alphaFail }) => alphaFail)).toEqual(fail.alphaAtLook)
  })
  it('leaves out looks at fewer than 100 pairs, and pays nothing for them', () => {
    const plan = planLooks({ nMax: 600, blocking: 1 })
    expect(plan.map(({ n }) => n)).toEqual([120, 180, 240, 300, 360, 480, 600])
    const kept = groupSequential({ informationRates: plan.map(({ rate }) => rate) })
    expect(plan.map(({ alphaPass }) => alphaPass)).toEqual(kept.alphaAtLook)
  })
  it('the last look stays, however few pairs it has', () => {
    const plan = planLooks({ nMax: 40, blocking: 1 })
    expect(plan).toEqual([{ n: 40, rate: 1, alphaPass: near(0.05), alphaFail: near(0.05) }])
    expect(planLooks({ nMax: 40, blocking: 1, informationRates: [0.2, 0.5] }).map(({ n }) => n)).toEqual([20])
  })
  it('plans an extension out of a reserve', () => {
    const plan = planLooks({ nMax: 1000, blocking: 2, informationRates: [0.5, 1, 1.6], reserve: 0.2 })
    expect(plan.map(({ n }) => n)).toEqual([500, 1000, 1600])
  })
  it.each([
    ['no pairs', { nMax: 0, blocking: 1 }],
    ['no metric', { nMax: 100, blocking: 0 }],
    ['a fraction of a metric', { nMax: 100, blocking: 1.5 }],
    ['an extension without a reserve', { nMax: 100, blocking: 1, informationRates: [1, 2] }],
  ])('refuses %s', (_, args) => {
    expect(() => planLooks(args)).toThrow(RangeError)
  })
})

/** A normal estimate. */
function estimate(at: number, standardError: number, margin = 0): Watched {
  const reach = (alpha: number): number => -normalQuantile(alpha) * standardError
  return { margin, limits: (alpha) => ({ lower: at - reach(alpha), upper: at + reach(alpha) }) }
}

const plan = planLooks({ nMax: 1000, blocking: 2, informationRates: [0.25, 0.5, 0.75, 1] })
const [passing, failing, unclear] = [estimate(-1, 0.1), estimate(1, 0.1), estimate(0, 1)]

describe('takeLook', () => {
  it('first crossings count, whatever later data say', () => {
    const first = takeLook({ plan, watch: notLookedYet, metrics: { latency: passing, errors: unclear } })
    expect(first).toEqual({
      looks: 1,
      outcomes: { latency: { outcome: 'pass', look: 1 }, errors: { outcome: 'inconclusive', look: 0 } },
      isOver: false,
    })
    const second = takeLook({ plan, watch: first, metrics: { latency: failing, errors: passing } })
    expect(second).toEqual({
      looks: 2,
      outcomes: { latency: { outcome: 'pass', look: 1 }, errors: { outcome: 'pass', look: 2 } },
      isOver: true,
    })
    expect(first.looks).toBe(1)
  })
  it('stops at the first failure, or goes on where it is told to', () => {
    const metrics = { latency: failing, errors: unclear }
    expect(takeLook({ plan, watch: notLookedYet, metrics }).isOver).toBe(true)
    const patient = takeLook({ plan, watch: notLookedYet, metrics, failFast: false })
    expect(patient).toMatchObject({ isOver: false, outcomes: { latency: { outcome: 'fail', look: 1 } } })
  })
  it('is over with the last look, and refuses another', () => {
    let watch: Watch = notLookedYet
    for (let look = 0; look < plan.length; look++) {
      expect(watch.isOver).toBe(false)
      watch = takeLook({ plan, watch, metrics: { latency: unclear } })
    }
    expect(watch).toMatchObject({ looks: 4, isOver: true, outcomes: { latency: { outcome: 'inconclusive' } } })
    expect(() => takeLook({ plan, watch, metrics: { latency: passing } })).toThrow(RangeError)
  })
  it('asks for each side at its own alpha', () => {
    const asked: number[] = []
    const limits = (alpha: number) => {
      asked.push(alpha)
      return { lower: 0, upper: 0 }
    }
    takeLook({ plan, watch: notLookedYet, metrics: { latency: { limits, margin: 0 } } })
    expect(asked.toSorted((a, b) => a - b)).toEqual([plan[0]?.alphaFail, plan[0]?.alphaPass])
  })
  it('a look without alpha decides nothing, and asks for no limits', () => {
    const silent = [{ n: 10, rate: 0.01, alphaPass: 0, alphaFail: 0 }, ...plan]
    const limits = (): never => {
      throw new Error('asked')
    }
    const watch = takeLook({ plan: silent, watch: notLookedYet, metrics: { latency: { limits, margin: 0 } } })
    expect(watch.outcomes).toEqual({ latency: { outcome: 'inconclusive', look: 0 } })
  })
  it('nothing measured is nothing passed, and a metric that goes missing stays as it was', () => {
    expect(takeLook({ plan, watch: notLookedYet, metrics: {} })).toEqual({ looks: 1, outcomes: {}, isOver: false })
    const first = takeLook({ plan, watch: notLookedYet, metrics: { a: passing, b: unclear } })
    const second = takeLook({ plan, watch: first, metrics: { a: passing } })
    expect(second).toMatchObject({ isOver: false, outcomes: { a: { outcome: 'pass', look: 1 }, b: { look: 0 } } })
  })
})
