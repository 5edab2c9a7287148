// Plans: every call once, what is done and what remains make the whole, orders balanced and stable.

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Call,
  callKey,
  type PlannedRecord,
  type Progress,
  planRecords,
  remainingTrials,
} from '../../src/replay/plan.ts'

const ids = Array.from({ length: 4000 }, (_, index) =>
  createHash('sha256').update(String(index)).digest('hex').slice(0, 24),
)
const nothing = { done: new Set<string>() }
const remainingCalls = (planned: PlannedRecord, seed: number, progress: Progress): Call[] =>
  remainingTrials(planned, seed, progress).flatMap(({ calls }) => calls)
const planned = fc.record({
  recordId: fc.constantFrom(...ids),
  ordinal: fc.nat(),
  trials: fc.integer({ min: 1, max: 2 }),
})

describe('remainingTrials', () => {
  test('asks both arms as often as planned, each trial in one go', () => {
    fc.assert(
      fc.property(planned, fc.integer(), (record, seed) => {
        const calls = remainingCalls(record, seed, nothing)
        const keys = calls.map(({ arm, trial }) => `${arm} ${trial}`).toSorted()
        const expected = ['candidate 0', 'candidate 1', 'production 0', 'production 1'].filter(
          (key) => record.trials === 2 || key.endsWith('0'),
        )
        expect(keys).toEqual(expected)
        expect(calls.map(({ position }) => position)).toEqual(calls.map((_, index) => index))
      }),
    )
  })

  test('resume ∪ done = plan: disjoint, and what remains keeps its order and place', () => {
    fc.assert(
      fc.property(planned, fc.integer(), fc.nat(15), (record, seed, mask) => {
        const all = remainingCalls(record, seed, nothing)
        const done = new Set(all.filter((_, index) => mask & (1 << index)).map(callKey))
        const remaining = remainingCalls(record, seed, { done })
        expect(remaining.some((call) => done.has(callKey(call)))).toBe(false)
        expect(remaining).toEqual(all.filter((call) => !done.has(callKey(call))))
      }),
    )
  })

  test('is not misled by calls of other records', () => {
    const [one = '', other = ''] = ids
    const record = { recordId: one, ordinal: 0, trials: 2 }
    const done = new Set(remainingCalls({ ...record, recordId: other }, 1, nothing).map(callKey))
    expect(remainingCalls(record, 1, { done })).toHaveLength(4)
  })

  test.each([
    ['two calls: each first in about half of the records', 1, 2],
    ['four calls: each of the eight orders about equally often', 2, 8],
  ])('%s', (_why, trials, orders) => {
    const counts = new Map<string, number>()
    for (const recordId of ids) {
      const calls = remainingCalls({ recordId, ordinal: 0, trials }, 1, nothing)
      const order = calls.map(({ arm, trial }) => `${arm} ${trial}`).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(orders)
    const expected = ids.length / orders
    // Five standard deviations of a binomial.
    const bound = 5 * Math.sqrt(expected * (1 - 1 / orders))
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(bound)
  })

  test('another seed gives another order in about half of the records', () => {
    const first = (seed: number) =>
      ids.map((recordId) => remainingCalls({ recordId, ordinal: 0, trials: 1 }, seed, nothing)[0]?.arm)
    const [one, other] = [first(1), first(3)]
    const same = one.filter((arm, index) => arm === other[index]).length
    expect(Math.abs(same - ids.length / 2)).toBeLessThan(5 * Math.sqrt(ids.length / 4))
  })
})

describe('planRecords', () => {
  test.each([
    ['nobody twice', 0],
    ['a fifth twice', 0.2],
    ['everybody twice', 1],
  ])('noise floor: %s', (_why, noise) => {
    const plan = planRecords(ids, { noise, seed: 7 })
    const twice = plan.filter(({ trials }) => trials === 2).length
    expect(Math.abs(twice - noise * ids.length)).toBeLessThanOrEqual(5 * Math.sqrt(ids.length * noise * (1 - noise)))
    expect(plan.every(({ trials }) => trials === 1 || trials === 2)).toBe(true)
  })

  test('keeps the order and draws from the seed and the record alone', () => {
    const options = { noise: 0.5, seed: 7 }
    const plan = planRecords(ids.slice(0, 100), options)
    expect(plan.map(({ recordId, ordinal }) => [recordId, ordinal])).toEqual(
      ids.slice(0, 100).map((id, index) => [id, index]),
    )
    const trialsOf = new Map(plan.map(({ recordId, trials }) => [recordId, trials]))
    for (const each of planRecords(ids.slice(50, 150).toReversed(), options)) {
      if (trialsOf.has(each.recordId)) expect(each.trials).toBe(trialsOf.get(each.recordId))
    }
  })
})
