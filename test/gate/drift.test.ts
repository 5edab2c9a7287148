// What is said of drift: by which figures, beside how many others, and what it does to a decision.

import { describe, expect, it } from 'vitest'
import type { Drift, DriftPolicy } from '../../src/core/drift.ts'
import { decide } from '../../src/gate/decide.ts'
import { judgeDrift } from '../../src/gate/drift.ts'
import { driftMargins } from '../../src/gate/policy.ts'
import { evidence, policy, rule, type Sketch, soundRun, unmeasured } from './evidence.ts'

const facts = { records: 1000, leftOut: {}, similarity: 0.7 }
const by = { margins: driftMargins }
const texts = (estimate: number, parts: Sketch = {}) =>
  evidence({ metric: 'text-similarity', scale: 'difference', better: 'higher', estimate, se: 0.005, ...parts })
const refusals = (estimate: number) =>
  evidence({ metric: 'refused', scale: 'difference', better: 'lower', estimate, se: 0.003 })

const outcomesOf = ({ outcome, findings }: Drift) => [outcome, ...findings.map((each) => each.outcome)]

describe('production', () => {
  it.each([
    ['is steady where all is shown to be within its margin', [texts(0), refusals(0)], ['steady', 'pass', 'pass']],
    ['drifted where its texts are shown to', [texts(-0.1), refusals(0)], ['drifted', 'fail', 'pass']],
    ['drifted where one kind of answer is shown to', [texts(0), refusals(0.05)], ['drifted', 'pass', 'fail']],
    ['drifted where a kind of answer went away', [texts(0), refusals(-0.05)], ['drifted', 'pass', 'fail']],
    ['may be either near a margin', [texts(-0.05), refusals(0)], ['unclear', 'inconclusive', 'pass']],
    ['has not drifted where its log is nearer than noise', [texts(0.2), refusals(0)], ['steady', 'pass', 'pass']],
  ])('%s', (_why, found, expected) => {
    expect(outcomesOf(judgeDrift(found, by, facts, 0.05))).toEqual(expected)
  })

  it('is not said to have drifted by one of two figures that would do alone', () => {
    // 1.8 standard errors beyond the margin: p = 0.036, and Holm asks for 0.025.
    const near = texts(-0.05 - 1.8 * 0.005)
    expect(outcomesOf(judgeDrift([near], by, facts, 0.05))).toEqual(['drifted', 'fail'])
    expect(outcomesOf(judgeDrift([near, refusals(0)], by, facts, 0.05))).toEqual(['unclear', 'inconclusive', 'pass'])
  })

  it('can’t be judged where it was not asked twice, and the plain figure is said', () => {
    const drift = judgeDrift([unmeasured('text-similarity', { 'no-noise-floor': 1000 }), refusals(0)], by, facts, 0.05)
    expect(outcomesOf(drift)).toEqual(['not-evaluable', 'not-evaluable', 'pass'])
    expect(drift.because).toBe(
      "Whether production still answers as the log has it can't be judged: the log's answers are 70.0 % like those of now, and how alike two answers of now are nobody knows, since production was not asked twice (replay.noise).",
    )
  })

  it('is told with how many records were left out, and what may look the same', () => {
    const left = { redacted: 3, 'not-recorded': 7 }
    const { because } = judgeDrift([texts(-0.1)], by, { ...facts, leftOut: left }, 0.05)
    expect(because).toContain(
      '1,000 recorded answers could be compared (left out: personal data was replaced in the request, and was not when the log was written (3 records), the log has no answer (7 records)).',
    )
    expect(because).toContain('Other sampling settings')
  })

  it('with few pairs is not judged, whatever they show', () => {
    expect(outcomesOf(judgeDrift([texts(-0.5, { pairs: 20 })], by, facts, 0.05))).toEqual(['unclear', 'inconclusive'])
  })
})

describe('a drifted production', () => {
  const drift = judgeDrift([texts(-0.1)], by, facts, 0.05)
  const decided = (own: Drift, severity: DriftPolicy['severity'], estimate = 1) =>
    decide([evidence({ estimate })], policy([rule()], { drift: { ...by, severity } }), { ...soundRun, drift: own })

  it('is flagged beside a decision that it does not change', () => {
    const verdict = decided(drift, 'warn')
    expect(verdict).toMatchObject({ decision: 'GO', held: false, drift: { outcome: 'drifted' } })
    expect(verdict.flags[0]).toMatch(
      /^The candidate is compared with another production than users had\. Production no longer answers as the log has it: /,
    )
  })
  it('holds a GO where the config asks for that, and says so', () => {
    const verdict = decided(drift, 'investigate')
    expect(verdict).toMatchObject({ decision: 'GO', held: true })
    expect(verdict.next).toBe('Hold the canary until a person has looked into 1 finding: drift of production.')
  })
  it('makes no NO-GO better', () => {
    expect(decided(drift, 'investigate', 1.5)).toMatchObject({ decision: 'NO-GO', held: false })
  })
  it('that is steady holds nothing', () => {
    expect(decided(judgeDrift([texts(0)], by, facts, 0.05), 'investigate')).toMatchObject({ held: false, flags: [] })
  })
})
