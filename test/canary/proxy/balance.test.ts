// Which target is asked: users stay, weights hold, and nobody drowns.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBalance } from '../../../src/canary/proxy/balance.ts'

const three = [
  { name: 'http://a/v1', weight: 1 },
  { name: 'http://b/v1', weight: 1 },
  { name: 'http://c/v1', weight: 2 },
]
const idle = () => 0
const users = Array.from({ length: 20_000 }, (_, n) => ({ user: `user-${n}` }))

function sharesOf(picked: readonly (number | null)[]): number[] {
  return three.map((_, at) => picked.filter((each) => each === at).length / picked.length)
}

describe('a user', () => {
  it('has a target by its weight, the same one in every process and whatever the order in the config', () => {
    const picked = users.map((leaning) => createBalance(three).pick(idle, leaning))
    const [a, b, c] = sharesOf(picked)
    expect(a).toBeCloseTo(0.25, 1)
    expect(b).toBeCloseTo(0.25, 1)
    expect(c).toBeCloseTo(0.5, 1)
    const turned = three.toReversed()
    const again = users.slice(0, 500).map((leaning) => createBalance(turned).pick(idle, leaning))
    expect(again.map((at) => 2 - (at ?? 9))).toEqual(picked.slice(0, 500))
  })

  it('alone moves when its target is down, and comes back with it', () => {
    const balance = createBalance(three)
    for (const leaning of users.slice(0, 1000)) {
      const own = balance.pick(idle, leaning)
      const without = balance.pick((at) => (at === 1 ? null : 0), leaning)
      if (own === 1) expect([0, 2]).toContain(without)
      else expect(without).toBe(own)
      expect(balance.pick(idle, leaning)).toBe(own)
    }
  })

  it('who asks more than their target’s share is helped by the others', () => {
    const balance = createBalance(three)
    const loads = [0, 0, 0]
    for (let n = 0; n < 120; n++) {
      const at = balance.pick((target) => loads[target] ?? null, { user: 'the-only-one' })
      if (at !== null) loads[at] = (loads[at] ?? 0) + 1
    }
    expect(loads.reduce((sum, each) => sum + each, 0)).toBe(120)
    // At most one and a half times 30, 30 and 60.
    expect(loads[0]).toBeLessThanOrEqual(45)
    expect(loads[1]).toBeLessThanOrEqual(45)
    expect(loads[2]).toBeLessThanOrEqual(90)
  })
})

describe('a request of nobody', () => {
  it('goes where least is in flight for the weight', () => {
    const balance = createBalance(three)
    const loads = [3, 1, 4]
    expect(balance.pick((at) => loads[at] ?? null, 'any')).toBe(1)
    loads[1] = 4
    expect(balance.pick((at) => loads[at] ?? null, 'any')).toBe(2)
  })

  it('takes turns by weight where all are idle, and one that was away makes up for nothing', () => {
    const balance = createBalance(three.slice(0, 2))
    const away = (at: number) => (at === 0 ? null : 0)
    for (let n = 0; n < 100; n++) balance.pick(away, 'any')
    const next = Array.from({ length: 10 }, () => balance.pick(idle, 'any'))
    expect(next.filter((at) => at === 0).length).toBeLessThanOrEqual(6)
    expect(next.filter((at) => at === 1).length).toBeLessThanOrEqual(6)
  })
})

describe('any pick', () => {
  it('is the first one that can be asked, where the request is about what lives there', () => {
    expect(createBalance(three).pick(idle, 'first')).toBe(0)
    expect(createBalance(three).pick((at) => (at === 0 ? null : 7), 'first')).toBe(1)
  })

  it('is of a target that can be asked, as long as there is one', () => {
    const load = fc.option(fc.nat({ max: 50 }))
    const leaning = fc.oneof(
      fc.constantFrom<('first' | 'any')[]>('first', 'any'),
      fc.string().map((user) => ({ user })),
    )
    fc.assert(
      fc.property(fc.array(load, { minLength: 1, maxLength: 6 }), leaning, (loads, leans) => {
        const balance = createBalance(loads.map((_, at) => ({ name: `http://${at}`, weight: at + 1 })))
        const at = balance.pick((target) => loads[target] ?? null, leans)
        if (loads.every((each) => each === null)) expect(at).toBeNull()
        else expect(loads[at ?? -1]).not.toBeNull()
      }),
    )
  })
})
