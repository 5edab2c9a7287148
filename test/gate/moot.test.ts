// Rules that no request asks about, and rules that hold both ways.

import { describe, expect, it } from 'vitest'
import { decide } from '../../src/gate/decide.ts'
import { evidence, policy, rule, soundRun, unmeasured } from './evidence.ts'

describe('a rule that no request asks about', () => {
  const json = rule({ metric: 'json-valid', margin: 0.01 })
  const rules = [rule(), json]
  const of = (absent: Readonly<Record<string, number>>) =>
    decide([evidence(), unmeasured('json-valid', absent)], policy(rules), soundRun)
  it('is not evaluable, says so, and stands in nobody’s way', () => {
    const { decision, because, findings } = of({ 'not-asked': 1000 })
    expect([decision, findings[1]?.outcome, findings[1]?.isMoot]).toEqual(['GO', 'not-evaluable', true])
    expect(findings[1]?.because).toBe('json-valid: no request asks for it.')
    expect(because).not.toContain('json-valid')
  })
  it('nor where some pairs were excluded from every metric', () => {
    expect(of({ 'not-asked': 995, excluded: 5 }).decision).toBe('GO')
  })
  it.each([
    ['some requests ask, and no answer came', { 'not-asked': 900, 'no-reply': 100 }],
    ['it was not reported', { 'not-reported': 1000 }],
    ['every pair was excluded', { excluded: 1000 }],
    ['nothing is known of it', {}],
  ])('but holds the gate shut where %s', (_why, absent: Readonly<Record<string, number>>) => {
    const { decision, findings } = of(absent)
    expect([decision, findings[1]?.isMoot]).toEqual(['INCONCLUSIVE', undefined])
  })
  it('as one to investigate by holds no GO, nor do answers that are all too short', () => {
    const asked = rule({ metric: 'same-language', severity: 'investigate' })
    const held = (absent: Readonly<Record<string, number>>) =>
      decide([evidence(), unmeasured('same-language', absent)], policy([rule(), asked]), soundRun).held
    expect([held({ 'not-asked': 1000 }), held({ 'too-short': 990, 'not-asked': 10 })]).toEqual([false, false])
    expect([held({ 'no-reply': 1000 }), held({ 'too-short': 990, 'no-noise-floor': 10 })]).toEqual([true, true])
  })
  it.each([
    ['3 answers of which one broke', 3, -1 / 3, 0.27, false],
    ['40 answers that all broke', 40, -1, 0.05, true],
  ])('that is about few answers holds a GO only where they show it: %s', (_, pairs, estimate, se, isHeld) => {
    const asked = rule({ metric: 'json-kept', severity: 'investigate', margin: 0.02 })
    const found = evidence({ metric: 'json-kept', scale: 'difference', better: 'higher', pairs, estimate, se })
    const { decision, held } = decide([evidence(), found], policy([rule(), asked]), soundRun)
    expect([decision, held]).toEqual(['GO', isHeld])
  })
  it('opens no gate by itself, and the advice is another rule', () => {
    const verdict = decide([unmeasured('json-valid', { 'not-asked': 1000 })], policy([json]), soundRun)
    expect([verdict.decision, verdict.next]).toEqual(['INCONCLUSIVE', 'Give the config a blocking rule (gate.rules).'])
  })
  it('is judged like any other once a request asks', () => {
    const found = evidence({
      metric: 'json-valid',
      scale: 'difference',
      better: 'higher',
      absent: { 'not-asked': 900 },
      pairs: 20,
    })
    expect(decide([evidence(), found], policy(rules), soundRun).decision).toBe('INCONCLUSIVE')
  })
})

describe('a rule that holds both ways', () => {
  const length = rule({ metric: 'answer-length', margin: 0.5, mode: 'both-ways' })
  it.each([
    ['a little longer, and surely so', 1.1, 'pass'],
    ['a little shorter, and surely so', 0.9, 'pass'],
    ['far longer', 1.7, 'fail'],
    ['far shorter', 0.5, 'fail'],
    ['at the limit', 1.5, 'inconclusive'],
    ['at the other', 1 / 1.5, 'inconclusive'],
  ])('%s', (_why, estimate, outcome) => {
    const found = evidence({ metric: 'answer-length', estimate, se: 0.01, better: 'higher' })
    const [finding] = decide([found], policy([length]), soundRun).findings
    expect(finding?.outcome).toBe(outcome)
    if (outcome === 'fail') expect(finding?.because).toContain('different by more than 50 %')
  })
})
