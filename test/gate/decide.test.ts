// The verdict's algebra: INVALID before NO-GO before GO before INCONCLUSIVE, and nothing unmeasured ever passes.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Decision, Evidence, Rule } from '../../src/core/judgement.ts'
import { decide } from '../../src/gate/decide.ts'
import { rolloutRules } from '../../src/gate/policy.ts'
import { evidence, policy, rule, type Sketch, soundRun, unmeasured } from './evidence.ts'

const sketches = {
  pass: { estimate: 1, se: 0.01 },
  fail: { estimate: 1.5, se: 0.01 },
  inconclusive: { estimate: 1.2, se: 0.1 },
} satisfies Record<string, Sketch>
type Word = keyof typeof sketches

const word = z.enum(['pass', 'fail', 'inconclusive'])
const number = z.union([z.number(), z.literal('Infinity')]).transform(Number)
const { verdict: reference } = z
  .object({
    verdict: z.object({
      cases: z.array(z.object({ lower: number, upper: number, margin: number, verdict: word })),
      gate: z.array(z.object({ blocking: z.array(word), advisory: z.array(word), overall: z.string() })),
    }),
  })
  .parse(JSON.parse(readFileSync(new URL('../stats/reference.json', import.meta.url), 'utf8')))

/** One rule for each word, with evidence that makes it come out so. */
function arranged(words: readonly Word[], severity: Rule['severity']): { rules: Rule[]; found: Evidence[] } {
  const names = words.map((_, index) => `${severity}-${index}`)
  return {
    rules: names.map((metric) => rule({ metric, severity })),
    found: words.map((each, index) => evidence({ ...sketches[each], metric: names[index] ?? '' })),
  }
}

describe('the reference cases of the design', () => {
  it.each(reference.cases)('limits $lower … $upper against $margin: $verdict', ({ lower, upper, margin, verdict }) => {
    const found = evidence({ estimate: (lower + Math.min(upper, 2)) / 2, limits: () => ({ low: lower, high: upper }) })
    const decided = decide([found], policy([rule({ margin: margin - 1 })]), soundRun)
    expect(decided.findings.map(({ outcome }) => outcome)).toEqual([verdict])
  })

  it.each(reference.gate)('blocking $blocking, advisory $advisory: $overall', ({ blocking, advisory, overall }) => {
    const [block, look] = [arranged(blocking, 'block'), arranged(advisory, 'investigate')]
    const verdict = decide([...block.found, ...look.found], policy([...block.rules, ...look.rules]), soundRun)
    expect(verdict.findings.map(({ outcome }) => outcome)).toEqual([...blocking, ...advisory])
    expect([verdict.decision, ...(verdict.flags.length > 0 ? ['INVESTIGATE'] : [])].join('+')).toBe(overall)
  })
})

describe('a GO is held for a person', () => {
  const look = (sketch: Sketch, parts: Partial<Rule> = {}, hold = true) => {
    const rules = [rule(), rule({ metric: 'refused', severity: 'investigate', ...parts })]
    const found = [evidence(), evidence({ metric: 'refused', ...sketch })]
    const { decision, held, next, flags } = decide(found, { ...policy(rules), hold }, soundRun)
    return { decision, held, opens: next.startsWith('Open'), flags: flags.length }
  }
  const isHeld = { decision: 'GO', held: true, opens: false, flags: 1 }
  const isOpen = { decision: 'GO', held: false, opens: true, flags: 0 }
  it.each<[string, Sketch, Partial<Rule>, object]>([
    ['where a rule to investigate by failed', sketches.fail, {}, isHeld],
    ['where one looks broken without being proven so', { estimate: 1.3, se: 0.2 }, {}, isHeld],
    ['where one looks different the other way', { estimate: 0.7, se: 0.3 }, { mode: 'either-way' }, isHeld],
    ['but not where it is open within the margin', { estimate: 1.1, se: 0.1 }, {}, isOpen],
    ['nor where it holds', sketches.pass, {}, isOpen],
  ])('%s', (_why, sketch, parts, expected) => {
    expect(look(sketch, parts)).toEqual(expected)
  })
  it('where nothing could be said of a rule to investigate by', () => {
    const rules = [rule(), rule({ metric: 'text-similarity', severity: 'investigate' })]
    const verdict = decide(
      [evidence(), unmeasured('text-similarity', { 'no-noise-floor': 40 })],
      policy(rules),
      soundRun,
    )
    expect(verdict).toMatchObject({ decision: 'GO', held: true })
    expect(verdict.flags).toEqual([expect.stringContaining('production was not asked twice (replay.noise)')])
  })
  it('unless the config says otherwise; the flag stays', () => {
    expect(look(sketches.fail, {}, false)).toEqual({ decision: 'GO', held: false, opens: true, flags: 1 })
  })
  it('and nothing but a GO is', () => {
    const rules = [rule(), rule({ metric: 'refused', severity: 'investigate' })]
    const found = [evidence(sketches.fail), evidence({ metric: 'refused', ...sketches.fail })]
    expect(decide(found, policy(rules), soundRun)).toMatchObject({ decision: 'NO-GO', held: false })
  })
})

it('a limit on the margin itself is no pass', () => {
  const at = (high: number) =>
    decide([evidence({ limits: () => ({ low: 0.9, high }) })], policy([rule()]), soundRun).decision
  expect([at(1.199), at(1.2)]).toEqual(['GO', 'INCONCLUSIVE'])
})

describe('each decision beats the next', () => {
  const order: readonly Decision[] = ['INVALID', 'NO-GO', 'INCONCLUSIVE', 'GO']
  const facts = { ...soundRun, planned: 2000 }
  it.each([
    ['a broken rule in a run cut short is INVALID', ['fail'], facts, 'INVALID'],
    ['all rules kept in a run cut short is INVALID', ['pass'], facts, 'INVALID'],
    ['one broken of three is NO-GO', ['pass', 'fail', 'inconclusive'], soundRun, 'NO-GO'],
    ['one open of three is INCONCLUSIVE', ['pass', 'pass', 'inconclusive'], soundRun, 'INCONCLUSIVE'],
    ['all kept is GO', ['pass', 'pass', 'pass'], soundRun, 'GO'],
  ] as const)('%s', (_, words, run, decision) => {
    const { rules, found } = arranged(words, 'block')
    expect(order).toContain(decision)
    expect(decide(found, policy(rules), run).decision).toBe(decision)
  })
})

describe('what was not measured never passes', () => {
  const kept = evidence({ metric: 'answered', scale: 'difference' })
  const rules = [rule({ metric: 'answered', margin: 0.01 }), rule({ metric: 'cost' })]
  it.each([
    ['no evidence at all', []],
    ['no price', [unmeasured('cost', { 'no-price': 1000 })]],
    ['production free of charge', [unmeasured('cost', { 'zero-production': 1000 })]],
    ['too few pairs', [evidence({ metric: 'cost', pairs: 49 })]],
    ['too few conversations', [evidence({ metric: 'cost', pairs: 400, clusters: 9 })]],
    ['limits that say nothing', [evidence({ metric: 'cost', limits: () => ({ low: 0, high: Infinity }) })]],
    [
      'limits that are not numbers',
      [evidence({ metric: 'cost', limits: () => ({ low: Number.NaN, high: Number.NaN }) })],
    ],
  ])('%s', (_, found) => {
    expect(decide([kept, ...found], policy(rules), soundRun).decision).toBe('INCONCLUSIVE')
  })

  it('nor fails, where the pairs are too few', () => {
    const verdict = decide([evidence({ estimate: 9, pairs: 49 })], policy([rule()]), soundRun)
    expect([verdict.decision, verdict.findings[0]?.outcome]).toEqual(['INCONCLUSIVE', 'inconclusive'])
  })

  it.each([
    ['as many pairs as needed', { pairs: 50 }],
    ['ten conversations', { pairs: 400, clusters: 10 }],
    ['nine pairs that all stand alone, where nine suffice', { pairs: 9, clusters: 9, minPairs: 9 }],
  ])('but %s are enough', (_, sketch) => {
    expect(decide([evidence(sketch)], policy([rule()]), soundRun).decision).toBe('GO')
  })

  it('an advisory rule without data does not stand in the way', () => {
    const both = [rule({ metric: 'answered', margin: 0.01 }), rule({ metric: 'cost', severity: 'warn' })]
    const verdict = decide([kept], policy(both), soundRun)
    expect([verdict.decision, verdict.findings[1]?.outcome]).toEqual(['GO', 'not-evaluable'])
  })

  it('a gate without blocking rules opens for nobody, and says what to do', () => {
    const verdict = decide([kept], policy([rule({ metric: 'answered', severity: 'warn' })]), soundRun)
    expect([verdict.decision, verdict.next]).toEqual(['INCONCLUSIVE', expect.stringContaining('gate.rules')])
  })
})

describe('rules for users', () => {
  const usersOnly = { ...unmeasured('feedback'), usersOnly: 'the canary decides this rule' }
  const feedback = rule({ metric: 'feedback', margin: 0.03, stage: 'canary' })

  it('do not block offline', () => {
    const verdict = decide([evidence(), usersOnly], policy([rule(), feedback]), soundRun)
    expect([verdict.decision, verdict.findings[1]?.outcome]).toEqual(['GO', 'not-evaluable'])
    expect(verdict.next).toContain('decided there')
  })

  it('do not block offline even where they are seen to fail', () => {
    const failing = evidence({ metric: 'feedback', scale: 'difference', better: 'higher', estimate: -0.5 })
    const verdict = decide([evidence(), failing], policy([rule(), feedback]), soundRun)
    expect([verdict.decision, verdict.findings[1]?.outcome]).toEqual(['GO', 'fail'])
  })

  it('never pass where somebody moved them to the replay', () => {
    const moved = policy([rule(), { ...feedback, stage: 'replay' }])
    expect(decide([evidence(), usersOnly], moved, soundRun).decision).toBe('INCONCLUSIVE')
  })
})

describe('failures among many rules', () => {
  // Above the margin of 1.2 by z standard errors: z = 2 alone has p = 0.023.
  const above = (metric: string, errors: number) =>
    evidence({ metric, estimate: 1.2 * Math.exp(0.01 * errors), se: 0.01 })
  const names = ['a', 'b', 'c', 'd']
  const rules = names.map((metric) => rule({ metric }))
  const outcomes = (all: readonly number[], of = rules) =>
    decide(
      all.map((errors, index) => above(names[index] ?? '', errors)),
      policy(of.slice(0, all.length)),
      soundRun,
    )

  it('one alone at p = 0.023 fails', () => {
    expect(outcomes([2]).decision).toBe('NO-GO')
  })
  it('the same among four is not sure enough (Holm), and the sentence says so', () => {
    const verdict = outcomes([2, -9, -9, -9])
    expect(verdict.decision).toBe('INCONCLUSIVE')
    expect(verdict.findings[0]?.because).toContain('not sure enough beside the other rules')
  })
  it('at p = 0.0013 it fails among four', () => {
    expect(outcomes([3, -9, -9, -9]).decision).toBe('NO-GO')
  })
  it('two at p = 0.03 and 0.04 are not sure enough together: it is the chance of any error that is kept', () => {
    expect(outcomes([1.881, 1.751]).decision).toBe('INCONCLUSIVE')
  })
  it('a clear failure lets the next one through (step-down)', () => {
    const verdict = outcomes([6, 6, 6, 2])
    expect(verdict.findings.map(({ outcome }) => outcome)).toEqual(['fail', 'fail', 'fail', 'fail'])
  })
  it('rules that decide nothing do not weigh on those that do', () => {
    const advised = rules.map((each, index) => (index === 0 ? each : { ...each, severity: 'investigate' as const }))
    expect(outcomes([2, -9, -9, -9], advised).decision).toBe('NO-GO')
  })
  it('rules that could not be tested do not either', () => {
    const verdict = decide([above('a', 2)], policy(rules), soundRun)
    expect(verdict.findings.map(({ outcome }) => outcome)).toEqual([
      'fail',
      'not-evaluable',
      'not-evaluable',
      'not-evaluable',
    ])
  })
})

describe('modes', () => {
  const share = (estimate: number, se = 0.002) => evidence({ scale: 'difference', estimate, se })
  it.each([
    ['shown to be a little worse, and within the margin', 'worse', 0.03, 'pass'],
    ['shown to be worse at all', 'difference', 0.03, 'fail'],
    ['not shown to be worse, and within the margin', 'difference', 0.001, 'pass'],
    ['better', 'difference', -0.2, 'pass'],
    ['worse at all', 'either-way', 0.03, 'fail'],
    ['better at all', 'either-way', -0.03, 'fail'],
    ['the same', 'either-way', 0.001, 'pass'],
  ] as const)('%s: by %s at %d it is a %s', (_, mode, estimate, outcome) => {
    const verdict = decide([share(estimate)], policy([rule({ mode, margin: 0.05 })]), soundRun)
    expect(verdict.findings[0]?.outcome).toBe(outcome)
  })
  it('either way, wide limits are open on either side', () => {
    const open = (estimate: number) =>
      decide([share(estimate, 0.05)], policy([rule({ mode: 'either-way', margin: 0.05 })]), soundRun).findings[0]
        ?.outcome
    expect([open(-0.06), open(0), open(0.06)]).toEqual(['inconclusive', 'inconclusive', 'inconclusive'])
  })
  it('either way, the error of both sides together is alpha', () => {
    // z = 1.8 has p = 0.036 on its side alone, 0.072 on both.
    const verdict = decide([share(0.0036, 0.002)], policy([rule({ mode: 'either-way', margin: 0.05 })]), soundRun)
    expect(verdict.findings[0]?.outcome).toBe('pass')
  })
  it('either way, a ratio without a lower limit is never the same, however wide the margin', () => {
    const unbounded = evidence({ limits: () => ({ low: 0, high: 1.1 }) })
    const verdict = decide([unbounded], policy([rule({ mode: 'either-way', margin: 1.5 })]), soundRun)
    expect(verdict.findings[0]?.outcome).toBe('inconclusive')
  })
})

describe('flags', () => {
  it('stand beside each decision and never change it', () => {
    const look = rule({ metric: 'refused', margin: 0.02, severity: 'investigate', mode: 'either-way' })
    const refusing = evidence({ metric: 'refused', scale: 'difference', estimate: 0.2 })
    const verdicts = (['pass', 'inconclusive', 'fail'] as const).map((each) => {
      const { rules, found } = arranged([each], 'block')
      const [without, beside] = [
        decide(found, policy(rules), soundRun),
        decide([...found, refusing], policy([...rules, look]), soundRun),
      ]
      expect([without.flags, beside.flags]).toEqual([[], [expect.stringContaining('refused')]])
      return [without.decision, beside.decision]
    })
    expect(verdicts).toEqual([
      ['GO', 'GO'],
      ['INCONCLUSIVE', 'INCONCLUSIVE'],
      ['NO-GO', 'NO-GO'],
    ])
  })
  it('are not raised by warnings', () => {
    const { rules, found } = arranged(['fail'], 'warn')
    const verdict = decide(found, policy(rules), soundRun)
    expect([verdict.findings[0]?.outcome, verdict.flags]).toEqual(['fail', []])
  })
})

it('the default policy names each metric once, and has a margin for each', () => {
  expect(new Set(rolloutRules.map(({ metric }) => metric)).size).toBe(rolloutRules.length)
  expect(rolloutRules.filter(({ margin }) => !(margin > 0 && margin < 1))).toEqual([])
})
