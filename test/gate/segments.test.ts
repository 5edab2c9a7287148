// Verdicts for segments: Holm blocks, Benjamini & Hochberg flags, and small segments say nothing.

import { describe, expect, it } from 'vitest'
import type { Evidence, Rule, Severity } from '../../src/core/judgement.ts'
import { decide } from '../../src/gate/decide.ts'
import { evidence, policy, rule, type Sketch, soundRun } from './evidence.ts'

const whole = evidence()

/** Evidence for the segments task=0, task=1 … */
function tasks(...sketches: readonly Sketch[]): Evidence[] {
  return sketches.map((sketch, index) => evidence({ segment: { key: 'task', value: String(index) }, ...sketch }))
}

/** Above the margin of 1.2 by z standard errors. */
function above(z: number): Sketch {
  return { estimate: 1.2 * Math.exp(0.01 * z), se: 0.01 }
}

function judge(found: readonly Evidence[], rules: readonly Rule[] = [rule()]) {
  return decide([whole, ...found], policy(rules, { segments: ['task'] }), soundRun)
}

describe('segments', () => {
  it('one that is shown to be broken makes it NO-GO, though all records together pass', () => {
    const verdict = judge(tasks({}, { estimate: 1.6, se: 0.01 }))
    expect(verdict.decision).toBe('NO-GO')
    expect(verdict.because).toBe('The candidate is shown to break 1 blocking rule: latency-p50 in task=1.')
    expect(verdict.findings.map(({ outcome }) => outcome)).toEqual(['pass', 'pass', 'fail'])
    expect(verdict.flags).toEqual([])
  })

  it('one at p = 0.04 fails alone, and not among three (Holm): then it is flagged where BH finds it', () => {
    const z = 1.75
    expect(judge(tasks(above(z))).decision).toBe('NO-GO')
    const among = judge(tasks(above(z), above(-9), above(-9)))
    expect([among.decision, among.findings[1]?.outcome]).toEqual(['GO', 'inconclusive'])
    expect(among.flags).toEqual([
      expect.stringMatching(
        /^Latency p50 does not change alike for all values of task, .*\(Cochran's Q = \d+\.\d, df = 2, p [<=] 0\.\d{4}\)\.$/,
      ),
    ])
    // 0.01 × 4 / 1 is within 0.1 of BH (0.04) and of Holm (0.04); 0.02 × 4 is within BH alone.
    const found = judge(tasks(above(2.054), above(-9), above(-9), above(-9)))
    expect([found.decision, found.flags]).toEqual(['GO', [expect.stringContaining('latency-p50 in task=0')]])
  })

  it('open ones do not stand in the way of GO', () => {
    expect(judge(tasks({ se: 0.5 }, { se: 0.5 })).decision).toBe('GO')
  })

  it('the correction of segments does not weigh on the rules for all records', () => {
    const many = tasks(...Array.from({ length: 20 }, () => above(-9)))
    const verdict = decide([evidence(above(2)), ...many], policy([rule()], { segments: ['task'] }), soundRun)
    expect(verdict.decision).toBe('NO-GO')
  })

  it.each([
    [29, 0, 'inconclusive', 'GO'],
    [30, 0, 'fail', 'NO-GO'],
    [49, 50, 'inconclusive', 'GO'],
    [50, 50, 'fail', 'NO-GO'],
  ] as const)('%d pairs where the metric needs %d: %s', (pairs, minPairs, outcome, decision) => {
    const verdict = judge(tasks({ estimate: 9, pairs, minPairs }))
    expect([verdict.findings[1]?.outcome, verdict.decision]).toEqual([outcome, decision])
  })

  it.each([
    ['block', 'fail', 'NO-GO', 0],
    ['investigate', 'fail', 'GO', 1],
    ['warn', undefined, 'GO', 0],
  ] as const)('of a rule that is to %s', (severity: Severity, outcome, decision, flags) => {
    const advised = evidence({ metric: 'refused', segment: { key: 'task', value: '0' }, estimate: 9 })
    const verdict = judge([advised, evidence({ metric: 'refused' })], [rule(), rule({ metric: 'refused', severity })])
    const own = verdict.findings.find((finding) => finding.rule.segment !== null)
    expect([own?.outcome, verdict.decision, verdict.flags.length]).toEqual([outcome, decision, flags])
  })

  it('keys that the policy does not name are not looked at', () => {
    const broken = evidence({ estimate: 9, segment: { key: 'tier', value: 'free' } })
    const verdict = judge([broken])
    expect([verdict.decision, verdict.findings.length]).toEqual(['GO', 1])
  })

  it('rules for users are not asked of segments', () => {
    const verdict = judge(tasks({ estimate: 9 }), [rule({ metric: 'answered' }), rule({ stage: 'canary' })])
    expect(verdict.findings.filter((finding) => finding.rule.segment !== null)).toEqual([])
  })
})

describe('a rule for one segment', () => {
  const batch = { key: 'task', value: '0' }
  it('is decided among the rules for all records, and must pass', () => {
    const own = rule({ metric: 'answered', segment: batch, margin: 0.01 })
    const open = evidence({ metric: 'answered', segment: batch, scale: 'difference', se: 0.1 })
    const verdict = judge([open], [rule(), own])
    expect([verdict.decision, verdict.because]).toEqual([
      'INCONCLUSIVE',
      'Nothing is shown to be broken, but 1 blocking rule: answered in task=0 could not be shown to hold.',
    ])
  })
  it('stands in place of the rule for all there, and nowhere else', () => {
    const looser = rule({ segment: batch, margin: 0.8 })
    const slow = tasks({ estimate: 1.5 }, { estimate: 1.5 })
    const verdict = judge(slow, [rule(), looser])
    expect(verdict.findings.map((each) => [each.rule.segment?.value, each.rule.margin, each.outcome])).toEqual([
      [undefined, 0.2, 'pass'],
      ['0', 0.8, 'pass'],
      ['1', 0.2, 'fail'],
    ])
  })
  it('of which there is no evidence is not evaluable: no GO', () => {
    const verdict = judge([], [rule(), rule({ segment: { key: 'task', value: 'typo' } })])
    expect([verdict.decision, verdict.findings[1]?.outcome]).toEqual(['INCONCLUSIVE', 'not-evaluable'])
  })
})
