// The watch over a rollout: who counts, whose vote counts, and what it comes to.

import { describe, expect, it } from 'vitest'
import { comparableOf } from '../../../src/commands/canary/comparable.ts'
import { createWatch, type Watch, type Witnessed } from '../../../src/commands/canary/watch.ts'
import type { Policy, Rule } from '../../../src/core/judgement.ts'
import { rolloutPolicy } from '../../../src/gate/policy.ts'
import { metrics } from '../../../src/score/metrics/index.ts'
import { type Answering, witnessed } from './witnesses.ts'

const at = '2026-11-26T08:00:00.000Z'
const rule = (metric: string, parts: Partial<Rule> = {}): Rule => ({
  metric,
  segment: null,
  margin: 0.2,
  severity: 'block',
  mode: 'worse',
  stage: 'replay',
  ...parts,
})

function watchBy(rules: readonly Rule[], stratify: string | null = null): Watch {
  const policy: Policy = { ...rolloutPolicy, rules }
  return createWatch({
    comparable: comparableOf(metrics, policy),
    comparison: { level: 0.95, expectedUsers: 300, minUsers: 50 },
    stratify,
    prices: { production: null, candidate: null },
    reportsCache: { production: true, candidate: true },
  })
}

type Group = 'candidate' | 'control'
type Of = (group: Group, user: number) => Answering

/** So many users of each group, with three answers each. */
function serve(watch: Watch, users: Readonly<Record<Group, number>>, of: Of = () => ({})): void {
  for (const group of ['candidate', 'control'] as const) {
    for (let user = 0; user < users[group]; user++) {
      for (let n = 0; n < 3; n++) {
        const id = `${group}-${user}-${n}`
        watch.see(witnessed({ id, group, user: `${group}-${user}` }, of(group, user)))
      }
    }
  }
}

const even = { candidate: 400, control: 400 }
const spread: Of = (_, user) => ({ latencyMs: 400 + (user % 50) * 4 })

describe('a rule', () => {
  const slowStart: Of = (group, user) => ({ ...spread(group, user), firstTokenMs: group === 'candidate' ? 300 : 100 })
  const blocking = rule('latency-p50', { margin: 0.5 })
  it.each<[string, Rule['canary'], string]>([
    ['that blocks there rolls back', 'block', 'NO-GO'],
    ['that is to be looked into keeps the ramp where it is', 'investigate', 'INCONCLUSIVE'],
    ['that is only told of lets it go on', 'warn', 'GO'],
    ['that is off there is not asked', 'off', 'GO'],
  ])('%s', (_, canary, decision) => {
    const watch = watchBy([blocking, rule('ttft-p50', { severity: 'warn', ...(canary && { canary }) })])
    serve(watch, even, slowStart)
    expect(watch.evaluate(at).decision).toBe(decision)
  })
  it('that keeps the ramp says which it is', () => {
    const watch = watchBy([blocking, rule('ttft-p50', { severity: 'investigate' })])
    serve(watch, even, slowStart)
    expect(watch.evaluate(at).because).toMatch(/a person is to look first: ttft-p50: worse by more than 20 %/)
  })
  it('about streams is in no way of those who ask for none', () => {
    const watch = watchBy([blocking, rule('ttft-p50', { severity: 'investigate' })])
    serve(watch, even, (group, user) => ({ ...spread(group, user), firstTokenMs: null }))
    expect(watch.evaluate(at).decision).toBe('GO')
  })
})

describe('who counts', () => {
  const rules = [rule('latency-p50', { margin: 0.5 })]
  it('are users of both groups, and nobody else', () => {
    const watch = watchBy(rules)
    serve(watch, { candidate: 2, control: 3 })
    const others: Partial<Witnessed['line']>[] = [
      { group: 'rest' },
      { group: 'unmatched', arm: 'candidate' },
      { group: 'candidate', reason: 'request', user: null },
      { group: 'rest', reason: 'override' },
      // Production's answer after the candidate failed.
      { group: 'candidate', arm: 'production' },
    ]
    for (const line of others) watch.see(witnessed(line))
    expect(watch.evaluate(at)).toMatchObject({
      requests: { candidate: 6, control: 9 },
      users: { candidate: 2, control: 3 },
    })
  })
  it('are not those who bring no key, and it says so', () => {
    const watch = watchBy(rules)
    for (let n = 0; n < 30; n++) watch.see(witnessed({ group: 'candidate', reason: 'request', user: null }))
    expect(watch.evaluate(at).because).toBe(
      "0 and 0 users can't tell; it takes at least 50 in each group. 30 requests came without a user's key (canary.key): they count for nobody.",
    )
  })
  it('have to be an even split: users who are lost in one arm are found, whatever the answers say', () => {
    const watch = watchBy(rules)
    serve(watch, { candidate: 400, control: 600 }, spread)
    const { decision, because } = watch.evaluate(at)
    expect([decision, because]).toEqual(['INVALID', expect.stringMatching(/^400 users of the candidate and 600 of/)])
  })
  it('may be uneven by chance', () => {
    const watch = watchBy(rules)
    serve(watch, { candidate: 480, control: 520 }, spread)
    expect(watch.evaluate(at).decision).toBe('GO')
  })
})

describe('feedback', () => {
  const rules = [rule('feedback', { margin: 0.1, stage: 'canary' })]
  const vote = (watch: Watch, group: Group, users: number, score: (user: number) => number) => {
    for (let user = 0; user < users; user++) watch.hear({ id: `${group}-${user}-0`, score: score(user) })
  }
  const sentence = (watch: Watch, metric: string) =>
    watch.evaluate(at).findings.find((finding) => finding.startsWith(`${metric}:`)) ?? ''
  const likedBy = (share: number) => (user: number) => (user % 10 < share * 10 ? 1 : 0)

  it('that is worse among the candidate rolls back', () => {
    const watch = watchBy(rules)
    serve(watch, even)
    vote(watch, 'control', 400, likedBy(0.8))
    vote(watch, 'candidate', 400, likedBy(0.3))
    expect(watch.evaluate(at).decision).toBe('NO-GO')
  })
  it('that nobody gives is in nobody’s way', () => {
    const watch = watchBy([rule('latency-p50', { margin: 0.5 }), ...rules])
    serve(watch, even, spread)
    expect(watch.evaluate(at).decision).toBe('GO')
  })
  it('that the candidate’s users no longer give keeps the ramp, as good as the rest of it is', () => {
    const watch = watchBy([rule('latency-p50', { margin: 0.5 }), ...rules])
    serve(watch, even, spread)
    vote(watch, 'control', 400, likedBy(0.9))
    vote(watch, 'candidate', 100, () => 1)
    const { decision, because } = watch.evaluate(at)
    expect([decision, because]).toEqual(['INCONCLUSIVE', expect.stringContaining('feedback-rate')])
  })

  const some = (watch: Watch) => {
    serve(watch, even)
    vote(watch, 'control', 400, likedBy(0.8))
    vote(watch, 'candidate', 400, likedBy(0.8))
  }
  it.each<[string, (watch: Watch) => void]>([
    ['of an id that nobody has', (watch) => watch.hear({ id: 'nobody', score: 0 })],
    ['a second time', (watch) => vote(watch, 'candidate', 400, () => 0)],
    [
      'of a user who is not compared',
      (watch) => {
        watch.see(witnessed({ id: 'x', group: 'rest' }))
        watch.hear({ id: 'x', score: 0 })
      },
    ],
  ])('%s changes nothing', (_, more) => {
    const [one, other] = [watchBy(rules), watchBy(rules)]
    some(one)
    some(other)
    more(other)
    expect(sentence(other, 'feedback')).toBe(sentence(one, 'feedback'))
    expect(sentence(one, 'feedback')).toContain('800 requests')
  })

  it('is for the answer that was seen, not for the copy of it', () => {
    const watch = watchBy(rules)
    for (let user = 0; user < 200; user++) {
      const both = { id: `s${user}`, user: `u${user}`, shadow: true, group: 'rest' } as const
      watch.see(witnessed(both))
      watch.see(witnessed({ ...both, arm: 'candidate', unseen: true }))
      watch.hear({ id: `s${user}`, score: 0 })
    }
    expect(watch.evaluate(at).findings.join(' ')).not.toMatch(/feedback: (worse|not worse|can't)/)
    expect(sentence(watch, 'feedback-rate')).not.toContain('different')
  })
  it('is for production where it mended what the candidate failed at', () => {
    const watch = watchBy(rules)
    serve(watch, even)
    for (let user = 0; user < 400; user++) {
      watch.see(witnessed({ id: `m${user}`, group: 'candidate', user: `candidate-${user}`, unseen: true }))
      watch.hear({ id: `m${user}`, score: 0 })
    }
    vote(watch, 'control', 400, likedBy(0.8))
    expect(watch.evaluate(at).decision).not.toBe('NO-GO')
  })
})

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

describe('strata', () => {
  /** The candidate's users ask more of what is slow to answer for everybody, and what fails there. */
  const mixed = (stratify: string | null) => {
    const watch = watchBy([rule('answered', { margin: 0.05 })], stratify)
    for (const group of ['candidate', 'control'] as const) {
      for (let user = 0; user < 300; user++) {
        for (let n = 0; n < 10; n++) {
          const isHard = n < (group === 'candidate' ? 8 : 2)
          const line = { id: `${group}-${user}-${n}`, group, user: `${group}-${user}` } as const
          const segments = { task: isHard ? 'hard' : 'easy' }
          const one = witnessed({ ...line, segments })
          const hasFailed = isHard && (user + n) % 4 === 0
          const failed = {
            outcome: { kind: 'broken', detail: 'no' },
            latencyMs: Infinity,
            firstTokenMs: Infinity,
            tries: 1,
          } as const
          watch.see(hasFailed ? { ...one, call: failed } : one)
        }
      }
    }
    return watch.evaluate(at).decision
  }
  it('are weighed out where the config names their segment, and pass for an effect where it does not', () => {
    expect([mixed(null), mixed('task')]).toEqual(['NO-GO', 'GO'])
  })
})
