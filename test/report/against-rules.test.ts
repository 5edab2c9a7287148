// A rule then and now: whether its effects are shown to differ, on its own scale and beside all the others.

import { describe, expect, it } from 'vitest'
import type { Effect, Finding } from '../../src/core/judgement.ts'
import { rulesSince, type Told } from '../../src/report/against/rules.ts'
import type { AgainstInput, ReportInput } from '../../src/report/input.ts'
import { reportInput } from './fixture.ts'
import { evening, interval, modelOf, now, plain, withEffect, withFinding } from './fixture-against.ts'

const ruleOf = (earlier: AgainstInput, metric: string, judged: ReportInput = now) =>
  rulesSince(judged, earlier, 'apart').find(({ subject }) => subject === metric)

describe('a rule', () => {
  it.each<[string, string, Partial<Effect>, Told]>([
    ['the same then', 'latency-p50', {}, 'same'],
    ['slower now', 'latency-p50', { estimate: 0.6, interval: interval(0.57, 0.63) }, 'worse'],
    ['faster now', 'latency-p50', { estimate: 1.6, interval: interval(1.52, 1.68) }, 'better'],
    [
      'fewer answers now: higher would be better',
      'answered',
      { estimate: 0, interval: interval(-0.004, 0.004) },
      'worse',
    ],
    [
      'a little slower, by less than both intervals',
      'latency-p50',
      { estimate: 0.95, interval: interval(0.91, 0.99) },
      'same',
    ],
    ['asked in both directions', 'refused', { estimate: 0.2, interval: interval(0.19, 0.21) }, 'lower'],
    [
      'a limit without an end, on the side that is not needed',
      'latency-p95',
      { estimate: 1, interval: interval(0.9, 1.1) },
      'worse',
    ],
    [
      'a limit without an end, on the side that is needed',
      'latency-p95',
      { estimate: 90, interval: interval(80, 99) },
      'unknown',
    ],
    ['no finite number then', 'latency-p95', { estimate: Infinity, interval: interval(2, Infinity) }, 'unknown'],
    ['in another unit then', 'cost', { unit: 'tokens' }, 'unknown'],
  ])('%s', (_, metric, parts, told) => {
    expect(ruleOf(evening({ verdict: withEffect(metric, parts) }), metric)?.told).toBe(told)
  })

  it('has its change on its own scale, with Zou and Donner’s limits', () => {
    const difference = ruleOf(
      evening({ verdict: withEffect('answered', { estimate: 0, interval: interval(-0.004, 0.004) }) }),
      'answered',
    )
    expect(difference?.shift?.estimate).toBeCloseTo(-0.051, 12)
    const ratio = ruleOf(
      evening({ verdict: withEffect('latency-p50', { estimate: 0.5, interval: interval(0.5, 0.5) }) }),
      'latency-p50',
    )
    expect(ratio?.shift?.estimate).toBeCloseTo(0.981 / 0.5, 12)
    // All that is left is the spread of now: its own limits at 95 % in place of 90 %, t with 411 degrees of freedom.
    const reach = (Math.log(0.981 / 0.943) * 1.96575) / 1.64856
    expect(ratio?.shift?.interval.low).toBeCloseTo((0.981 / 0.5) * Math.exp(-reach), 4)
  })

  it('is new, gone, or can’t be told for want of an effect', () => {
    const without = evening({ verdict: withFinding('latency-p50', () => null) })
    expect(ruleOf(without, 'latency-p50')).toMatchObject({ told: 'new', shift: null, earlier: null })
    const dropped = reportInput({ verdict: without.verdict })
    expect(ruleOf(evening(), 'latency-p50', dropped)).toMatchObject({ told: 'gone', now: null })
    const unmeasured = evening({ verdict: withFinding('latency-p50', (finding) => ({ ...finding, effect: null })) })
    expect(ruleOf(unmeasured, 'latency-p50')).toMatchObject({ told: 'unknown', why: 'not measured then' })
  })

  it('of a segment that came or went is no news, unless it fails', () => {
    const without = (value: string) => ({
      ...now.verdict,
      findings: now.verdict.findings.filter(({ rule }) => rule.segment?.value !== value),
    })
    expect(modelOf(evening({ verdict: without('leetcode') }))?.line).toMatch(
      /: no rule and no change is shown to differ\.$/,
    )
    expect(plain(modelOf(evening({ verdict: without('prime') }))?.line)).toMatch(/: 1 rule new\.$/)
  })

  it('that nobody asked about in either run is not among them', () => {
    const moot = withFinding('latency-p50', (finding) => ({ ...finding, effect: null, isMoot: true }))
    expect(ruleOf(evening({ verdict: moot }), 'latency-p50', reportInput({ verdict: moot }))).toBeUndefined()
    expect(ruleOf(evening({ verdict: moot }), 'latency-p50')).toMatchObject({ told: 'unknown' })
  })

  it('with another margin is compared, and says what it asked then', () => {
    const verdict = withFinding('latency-p50', (finding) => ({ ...finding, rule: { ...finding.rule, margin: 0.1 } }))
    expect(ruleOf(evening({ verdict }), 'latency-p50')).toMatchObject({ told: 'same', isAskedOtherwise: true })
    const row = modelOf(evening({ verdict }))?.since?.rules.find(({ title }) => title === 'Latency p50')
    expect(row?.notes.map(plain)).toEqual(['asked then: at most +10 %, blocks'])
  })

  it('that looks for something else under its old name is not compared', () => {
    const finding = (): Finding => {
      const [first] = now.verdict.findings as [Finding]
      return { ...first, rule: { ...first.rule, metric: 'assert-greets' } }
    }
    const judged = (text: string) => ({
      verdict: { ...now.verdict, findings: [finding()] },
      policy: {
        ...now.policy,
        assertions: [
          { name: 'greets', segment: null, check: { kind: 'contains', texts: [text], ignoreCase: false } as const },
        ],
      },
    })
    const told = (text: string) => ruleOf(evening(judged(text)), 'assert-greets', reportInput(judged('Hello')))
    expect(told('Hello')?.told).toBe('same')
    expect(told('Goodbye')).toMatchObject({ told: 'unknown', why: 'it is defined otherwise now' })
  })

  it('beside thirty others needs more than alone, and a policy with segments half of it', () => {
    const [first] = now.verdict.findings.filter(({ rule }) => rule.metric === 'latency-p50') as [Finding]
    const findings = (count: number, estimate: number): Finding[] =>
      Array.from({ length: count }, (_, place) => ({
        ...first,
        rule: { ...first.rule, metric: `rule-${place}` },
        // The first alone differs, at p = 0.02 or so.
        effect: first.effect && {
          ...first.effect,
          estimate: place === 0 ? estimate : 0.981,
          interval: interval(0.9 * estimate, estimate / 0.9),
        },
      }))
    const told = (count: number) =>
      ruleOf(
        evening({ verdict: { ...now.verdict, findings: findings(count, 1) } }),
        'rule-0',
        reportInput({ verdict: { ...now.verdict, findings: findings(count, 1.235) } }),
      )
    expect(told(1)).toMatchObject({ told: 'worse' })
    expect(told(30)).toMatchObject({ told: 'same' })
    expect(told(30)?.shift?.p).toBeCloseTo(Math.min(1, 30 * (told(1)?.shift?.p ?? 0)), 9)
  })
})
