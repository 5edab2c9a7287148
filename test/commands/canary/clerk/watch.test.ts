// The watch over a rollout: who counts, and what it comes to.

import { describe, expect, it } from 'vitest'
import type { Witnessed } from '../../../../src/commands/canary/clerk/watch.ts'
import type { Rule } from '../../../../src/core/judgement.ts'
import { at, even, type Of, rule, serve, spread, watchBy } from '../watching.ts'
import { witnessed } from '../witnesses.ts'

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

describe('a control that shares the cache of all of production', () => {
  const sharing = /The control shares its prompt cache with all of production.* may look worse in this than it is/
  const rules = [rule('cache-hit-rate', { margin: 0.05, mode: 'difference' }), rule('answered', { margin: 0.1 })]
  const hits =
    (candidate: number, control: number): Of =>
    (group, user) => ({
      usage: {
        input: 100,
        output: 20,
        cachedInput:
          (group === 'candidate' ? candidate : control) === 0
            ? 0
            : ((user * 13) % 40) + (group === 'candidate' ? candidate : control),
        reasoning: null,
      },
    })
  const told = (isMatched: boolean, of: Of) => {
    const watch = watchBy(rules, null, isMatched)
    serve(watch, even, of)
    return watch.evaluate(at)
  }
  it('keeps the ramp, and is named beside what it skews', () => {
    const { decision, because, findings } = told(false, hits(10, 50))
    expect(decision).toBe('INCONCLUSIVE')
    expect(because).toMatch(/a person is to look first: cache-hit-rate: worse/)
    expect(because).toMatch(sharing)
    expect(findings.filter((finding) => sharing.test(finding)).map((finding) => finding.split(':')[0])).toEqual([
      'cache-hit-rate',
    ])
  })
  it.each<[string, boolean, Of]>([
    ['the control has a cache of its own', true, hits(10, 50)],
    ['the candidate is shown to be no worse', false, hits(50, 50)],
    ['nobody has a hit', false, hits(0, 0)],
  ])('is not named where %s', (_, isMatched, of) => {
    const { because, findings } = told(isMatched, of)
    expect([because, ...findings].join(' ')).not.toMatch(sharing)
  })
})
