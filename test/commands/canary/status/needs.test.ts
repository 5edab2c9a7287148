// What open rules still need: enough of it decides them.

import { describe, expect, it } from 'vitest'
import { at, type Of, rule, serve, watchBy } from '../watching.ts'

describe('what a rule still needs', () => {
  const rules = [rule('latency-p50', { margin: 0.2 })]
  /** Users whose speed is their own: what is known of them does not grow with each answer alone. */
  const own: Of = (_, user) => ({ latencyMs: 300 + ((user * 7919) % 997) })
  const needOf = (users: number) => {
    const watch = watchBy(rules)
    serve(watch, { candidate: users, control: users }, own)
    return watch.evaluate(at)
  }
  it('is told while it is open, and is enough', () => {
    const { decision, needs = [] } = needOf(120)
    expect(decision).toBe('INCONCLUSIVE')
    const [need] = needs
    expect(need?.metric).toBe('latency-p50')
    expect(need?.requests).toBeGreaterThan(100)
    // Three answers of each.
    expect(need?.users).toBe(Math.ceil((360 + (need?.requests ?? 0)) / 3))
    expect(needOf(Math.ceil(1.3 * (need?.users ?? 0)))).toMatchObject({ decision: 'GO', needs: [] })
  })
  it('is not told of rules that roll nothing back', () => {
    const watch = watchBy([rule('answered', { margin: 0.1 }), rule('latency-p50', { severity: 'investigate' })])
    serve(watch, { candidate: 120, control: 120 }, own)
    expect(watch.evaluate(at).needs?.map(({ metric }) => metric)).not.toContain('latency-p50')
  })
  it('is not known where nothing was measured', () => {
    const watch = watchBy([rule('cache-hit-rate', { margin: 0.05, mode: 'difference' })])
    serve(watch, { candidate: 60, control: 60 }, () => ({ usage: null }))
    expect(watch.evaluate(at).needs).toEqual([{ metric: 'cache-hit-rate', requests: null, users: null }])
  })
  it('counts all requests where only some are rated', () => {
    const needed = (rated: number) => {
      const watch = watchBy([rule('feedback', { margin: 0.03, stage: 'canary' })])
      serve(watch, { candidate: 600, control: 600 })
      for (const group of ['candidate', 'control'] as const) {
        for (let user = 0; user < rated; user++) watch.hear({ id: `${group}-${user}-0`, score: user % 5 === 0 ? 0 : 1 })
      }
      return watch.evaluate(at).needs?.[0]?.requests ?? 0
    }
    // A third of the ratings, and as many of them missing: three times the requests.
    expect(needed(200) / needed(600)).toBeGreaterThan(2)
  })
})
