// What holds of every verdict, whatever the numbers.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Decision, Evidence, Limits, Rule } from '../../src/core/judgement.ts'
import { decide } from '../../src/gate/decide.ts'
import { evidence, policy, rule, soundRun, unmeasured } from './evidence.ts'

fc.configureGlobal({ seed: 20261123 })

const order: readonly Decision[] = ['GO', 'INCONCLUSIVE', 'NO-GO', 'INVALID']
const names = ['a', 'b', 'c', 'd']

const severity = fc.constantFrom('block' as const, 'investigate' as const, 'warn' as const)
const mode = fc.constantFrom('worse' as const, 'difference' as const, 'either-way' as const, 'both-ways' as const)
const scale = fc.constantFrom('ratio' as const, 'difference' as const)
const better = fc.constantFrom('higher' as const, 'lower' as const)
const margin = fc.double({ min: 0.01, max: 0.9, noNaN: true })

/** One rule with its evidence: by turns broken, open and kept, at times unmeasured or with too few pairs. */
const asked = fc
  .record({
    severity,
    mode,
    scale,
    better,
    margin,
    shift: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
    se: fc.double({ min: 0.001, max: 0.3, noNaN: true }),
    pairs: fc.constantFrom(1000, 1000, 1000, 40),
    isMeasured: fc.constantFrom(true, true, true, false),
  })
  .map((each) => ({
    rule: rule({ severity: each.severity, mode: each.mode, margin: each.margin }),
    found: each.isMeasured
      ? evidence({ ...each, estimate: each.scale === 'ratio' ? Math.exp(each.shift) : each.shift })
      : unmeasured('', { 'no-reply': 3 }),
  }))

const gates = fc.array(asked, { minLength: 1, maxLength: names.length }).map((all) => ({
  rules: all.map((each, index): Rule => ({ ...each.rule, metric: names[index] ?? '' })),
  found: all.map((each, index) => named(each.found, names[index] ?? '')),
}))

function named(found: Evidence, metric: string): Evidence {
  return { ...found, metric, effect: found.effect && { ...found.effect, metric } }
}

const places = fc.nat({ max: names.length - 1 })

function changed(rules: readonly Rule[], place: number, parts: Partial<Rule>): Rule[] {
  return rules.map((each, index) => (index === place % rules.length ? { ...each, ...parts } : each))
}

const badness = (found: readonly Evidence[], rules: readonly Rule[]) =>
  order.indexOf(decide(found, policy(rules), soundRun).decision)

describe('every verdict', () => {
  it('is not made worse by a wider margin', () => {
    fc.assert(
      fc.property(gates, places, fc.double({ min: 1, max: 5, noNaN: true }), ({ rules, found }, place, factor) => {
        const wider = (rules[place % rules.length]?.margin ?? 0) * factor
        expect(badness(found, changed(rules, place, { margin: wider }))).toBeLessThanOrEqual(badness(found, rules))
      }),
    )
  })

  // Nor worsened by a lower one, but for Holm: a rule that is no longer looked at makes the others' failures surer. So: GO
  // stays GO while a blocking rule is left, and what a rule found of itself without others to weigh stays as it was.
  it('that is GO stays GO where a rule is taken less seriously, and another one blocks', () => {
    fc.assert(
      fc.property(gates, places, fc.constantFrom('investigate' as const, 'warn' as const), (gate, place, lower) => {
        const kept = {
          rules: [...gate.rules, rule({ metric: 'kept' })],
          found: [...gate.found, evidence({ metric: 'kept' })],
        }
        fc.pre(badness(kept.found, kept.rules) === 0)
        expect(badness(kept.found, changed(kept.rules, place % gate.rules.length, { severity: lower }))).toBe(0)
      }),
    )
  })
  it('that hangs on one rule is not made worse where that rule is taken less seriously', () => {
    fc.assert(
      fc.property(asked, (each) => {
        const kept = { rules: [rule({ metric: 'kept' })], found: [evidence({ metric: 'kept' })] }
        const found = [named(each.found, 'a'), ...kept.found]
        const at = (word: Rule['severity']) =>
          badness(found, [{ ...each.rule, metric: 'a', severity: word }, ...kept.rules])
        expect(at('warn')).toBeLessThanOrEqual(at('investigate'))
        expect(at('investigate')).toBeLessThanOrEqual(at('block'))
      }),
    )
  })

  it('does not hang on the order of the rules or of the evidence', () => {
    fc.assert(
      fc.property(gates, ({ rules, found }) => {
        const there = decide(found, policy(rules), soundRun)
        const back = decide(found.toReversed(), policy(rules.toReversed()), soundRun)
        expect([back.decision, back.findings.toReversed()]).toEqual([there.decision, there.findings])
      }),
    )
  })

  it('is mirrored where the metric is: higher is better ↔ lower is better, limits turned round', () => {
    fc.assert(
      fc.property(gates, ({ rules, found }) => {
        const outcomes = (each: readonly Evidence[]) => {
          const verdict = decide(each, policy(rules), soundRun)
          return [verdict.decision, verdict.findings.map(({ outcome }) => outcome), verdict.flags.length]
        }
        expect(outcomes(found.map(mirrored))).toEqual(outcomes(found))
      }),
    )
  })

  it('speaks in whole sentences without NaN and undefined', () => {
    fc.assert(
      fc.property(gates, ({ rules, found }) => {
        const verdict = decide(found, policy(rules), soundRun)
        const sentences = [verdict.because, verdict.next, ...verdict.findings.map(({ because }) => because)]
        expect(
          sentences.filter((each) => !/^\S.*\S\.$/.test(each) || /NaN|undefined|null|Infinity/.test(each)),
        ).toEqual([])
      }),
    )
  })
})

function mirrored(found: Evidence): Evidence {
  const { effect } = found
  if (effect === null) return found
  const flip = ({ low, high }: Limits): Limits =>
    effect.scale === 'ratio' ? { low: 1 / high, high: 1 / low } : { low: -high, high: -low }
  return {
    ...found,
    effect: {
      ...effect,
      better: effect.better === 'higher' ? 'lower' : 'higher',
      estimate: effect.scale === 'ratio' ? 1 / effect.estimate : -effect.estimate,
      interval: { ...flip(effect.interval), level: effect.interval.level },
    },
    limits: (alpha) => flip(found.limits(alpha)),
  }
}
