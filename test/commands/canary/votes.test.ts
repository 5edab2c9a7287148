// What users say of answers: whose vote counts for which arm, and what silence means.

import { describe, expect, it } from 'vitest'
import type { Watch } from '../../../src/commands/canary/clerk/watch.ts'
import { at, even, type Group, rule, serve, spread, watchBy } from './watching.ts'
import { witnessed } from './witnesses.ts'

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
