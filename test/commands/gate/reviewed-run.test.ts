// Reviews in a verdict: what is accepted counts as unchanged, and the rest is judged as it would be alone.

import { describe, expect, it } from 'vitest'
import type { Judged } from '../../../src/commands/gate/judged.ts'
import { judge } from '../../../src/commands/gate/judgement.ts'
import { reviewedPolicy, reviewedRun } from '../../../src/commands/gate/reviewed-run.ts'
import type { Rule } from '../../../src/core/judgement.ts'
import { seededBy } from '../../../src/core/random.ts'
import type { Review } from '../../../src/core/review.ts'
import { firstRecords } from '../../../src/score/columns.ts'
import { metrics } from '../../../src/score/metrics/index.ts'
import { type Made, now, policyOf, refusalRun, review, run, swap, textRun } from './accepted-changes.ts'

const collapse: Made = { records: 400, noise: 0.3, first: 0.9, second: 0 }
const likeness = { metric: 'text-similarity', margin: 0.05 } as const
const refusals = { metric: 'refused', margin: 0.02, mode: 'worse' } as const

function textVerdict(made: Made, list: readonly Review[], draw = 0) {
  return judge(textRun(made, seededBy(1, 'text', String(draw)), policyOf(likeness, list))).verdict
}

describe('an accepted change', () => {
  const accepted = [review('collapsed', 'first')]
  it('turns a NO-GO into a GO that says by whose word', () => {
    expect(textVerdict(collapse, []).decision).toBe('NO-GO')
    const { decision, because, findings, reviews } = textVerdict(collapse, accepted)
    expect(decision).toBe('GO')
    expect(because).toMatch(
      /^The candidate is shown to keep 1 blocking rule: text-similarity\. 1\d\d changed pairs count as unchanged: accepted by Ann\.$/,
    )
    expect(findings[0]?.because).toMatch(/; 1\d\d pairs that Ann accepted count as unchanged\.$/)
    expect(findings[0]?.effect?.pairs).toBe(400)
    expect(reviews).toMatchObject([{ state: 'accepted', isBeyondNoise: true }])
  })
  it('of a kind excuses no other metric', () => {
    const made = { records: 800, noise: 0.02, first: 0.4, second: 0 }
    const verdict = (list: readonly Review[]) =>
      judge(refusalRun(made, seededBy(1, 'refusals'), policyOf(refusals, list))).verdict
    expect(verdict([review('newly-refused', 'first')]).decision).toBe('GO')
    expect(verdict([review('collapsed', 'first')])).toEqual(verdict([]))
    expect(verdict([]).decision).toBe('NO-GO')
  })
  it('no longer holds a GO for a person', () => {
    const verdict = (list: readonly Review[]) => {
      const answered = policyOf({ metric: 'answered', margin: 0.02 }, list)
      const refused = policyOf({ metric: 'refused', severity: 'investigate' }, list)
      const policy = { ...answered, rules: [...answered.rules, ...refused.rules] }
      return judge(refusalRun({ records: 800, noise: 0.02, first: 0.4, second: 0 }, seededBy(1, 'held'), policy))
        .verdict
    }
    expect(verdict([])).toMatchObject({ decision: 'GO', held: true })
    expect(verdict([review('newly-refused', 'first')])).toMatchObject({ decision: 'GO', held: false })
    expect(verdict([review('newly-refused', 'first', 'unsure')])).toMatchObject({ decision: 'GO', held: true })
  })
  it.each<[string, Review, string]>([
    ['of another candidate', { ...review('collapsed', 'first'), swap: { ...swap, candidate: 'another' } }, 'NO-GO'],
    ['that expired', { ...review('collapsed', 'first'), expires: now }, 'NO-GO'],
    ['that has not expired yet', { ...review('collapsed', 'first'), expires: '2026-11-27' }, 'GO'],
    ['of another segment', review('collapsed', 'second'), 'NO-GO'],
    ['that was only looked at', review('collapsed', 'first', 'unsure'), 'NO-GO'],
  ])('%s', (_, own, decision) => {
    const made = textRun(collapse, seededBy(1, 'text', '0'), policyOf(likeness, []))
    const policy = reviewedPolicy(made.policy, run, { at: now, list: [own] })
    expect(judge({ ...made, policy }).verdict.decision).toBe(decision)
  })
  it('of a single pair is that pair alone, and its cluster is left as it is', () => {
    const about = { kind: 'pair', recordId: 'r0', change: 'collapsed' } as const
    const { reviews, decision } = textVerdict(collapse, [{ ...review('collapsed', null), about }])
    expect(reviews).toMatchObject([{ pairs: 1, isBeyondNoise: null, state: 'accepted' }])
    expect(decision).toBe('NO-GO')
  })
  it('stays accepted where there are so few pairs that its segment has no cluster of its own, as at a look', () => {
    const made = textRun({ ...collapse, noise: 0, first: 0.15 }, seededBy(3, 'few'), policyOf(likeness, accepted))
    const few = { ...made, swap, metrics, measures: firstRecords(made.measures, 40) }
    const { reviewAt, changes } = reviewedRun(few)
    const [change] = changes
    expect(change).toMatchObject({ state: 'accepted', isBeyondNoise: false })
    expect(change?.pairs).toBeLessThan(5)
    expect(made.records.map((_, place) => reviewAt(place)).filter((each) => each !== null)).toHaveLength(
      change?.pairs ?? 0,
    )
    const called = { ...made.policy, reviews: { at: now, list: [review('collapsed', 'first', 'regression')] } }
    // A regression has to be found again as what it was called; that it is not is said.
    expect(reviewedRun({ ...few, policy: called }).changes).toMatchObject([{ state: 'gone', pairs: 1 }])
  })
})

describe('a regression', () => {
  const fine: Made = { records: 400, noise: 0.3, first: 0.05, second: 0 }
  const called = review('collapsed', 'first', 'regression')
  it('blocks though every rule passes, in its reviewer’s words', () => {
    expect(textVerdict(fine, []).decision).toBe('GO')
    const { decision, because, next, findings } = textVerdict(fine, [called])
    expect(decision).toBe('NO-GO')
    expect(findings.map(({ outcome }) => outcome)).not.toContain('fail')
    expect(because).toMatch(
      /^Ann called s=first · collapsed a regression on 2026-11-25 \(\d+ pairs\): as it should be\.$/,
    )
    expect(next).toContain('shadowgate review')
  })
  it('stands beside the rules that are broken', () => {
    const { because } = textVerdict(collapse, [called])
    expect(because).toMatch(/^The candidate is shown to break .*\. Ann called /)
  })
  it('blocks no more once the change is gone, and where production changes so by itself', () => {
    expect(textVerdict({ ...fine, first: 0 }, [called])).toMatchObject({
      decision: 'GO',
      reviews: [{ state: 'gone', pairs: 0, review: called }],
    })
    const over = { ...called, expires: now }
    expect(textVerdict({ ...fine, first: 0 }, [over]).reviews, 'nobody asks any more').toBeUndefined()
    const { decision, reviews } = textVerdict({ ...fine, first: 0 }, [review('reworded', null, 'regression')])
    expect(decision).toBe('GO')
    expect(reviews).toMatchObject([{ state: 'regression', isBeyondNoise: false }])
  })
})

describe('by simulation, a second change beside an accepted one', () => {
  const draws = 120
  /** The chance of more passes than this is below one in a thousand where one in twenty is right. */
  const most = 14
  const passes = (make: (draw: number) => Judged) =>
    Array.from({ length: draws }, (_, draw) => judge(make(draw)).verdict.findings[0]?.outcome).filter(
      (outcome) => outcome === 'pass',
    ).length
  const textRuns = (made: Made, list: readonly Review[]) => (draw: number) =>
    textRun(made, seededBy(7, 'text', String(draw)), policyOf(likeness, list))
  const refusalRuns =
    (made: Made, list: readonly Review[], rule: Partial<Rule> = refusals) =>
    (draw: number) =>
      refusalRun(made, seededBy(7, 'refusals', String(draw)), policyOf(rule, list))

  // At the margin in truth: half of the records × 0.155 × (0.944 − 0.3) is five points; half × 0.08 × a half of them two.
  const text = { records: 400, noise: 0.3, second: 0.1552 }
  const refused = { records: 800, noise: 0.04, second: 0.08 }
  it.each([
    ['alone', textRuns({ ...text, first: 0 }, [])],
    [
      'beside one that collapsed nine answers of ten',
      textRuns({ ...text, first: 0.9 }, [review('collapsed', 'first')]),
    ],
    ['where somebody accepted what is noise', textRuns({ ...text, first: 0 }, [review('reworded', null)])],
    [
      'where somebody accepted noise and change',
      textRuns({ ...text, first: 0.5 }, [review('collapsed', 'first'), review('reworded', null)]),
    ],
    ['of refusals, alone', refusalRuns({ ...refused, first: 0 }, [])],
    ['of refusals, beside accepted ones', refusalRuns({ ...refused, first: 0.4 }, [review('newly-refused', 'first')])],
  ])('passes a margin that it reaches once in twenty at most: %s', (_, make) => {
    expect(passes(make)).toBeLessThanOrEqual(most)
  })
  it.each([
    ['of texts', textRuns({ ...text, first: 0.9, second: 0 }, [review('collapsed', 'first')])],
    [
      'of texts, noise accepted too',
      textRuns({ ...text, first: 0.9, second: 0 }, [review('collapsed', 'first'), review('reworded', null)]),
    ],
    [
      'of refusals',
      refusalRuns({ records: 800, noise: 0.04, first: 0.4, second: 0 }, [review('newly-refused', 'first')]),
    ],
    [
      'of refusals, either way',
      refusalRuns({ records: 800, noise: 0.04, first: 0.4, second: 0 }, [review('newly-refused', 'first')], {
        ...refusals,
        mode: 'either-way',
      }),
    ],
  ])('and what was accepted is no longer in the way: %s', (_, make) => {
    expect(passes(make)).toBeGreaterThan(0.75 * draws)
  })
})
