// Likeness of texts where both arms were asked twice: the energy form by hand, its fall-back, and what it no longer hides.

import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { type Comparison, replayedComparisons, sidesOf } from '../../src/core/types.ts'
import { decide } from '../../src/gate/decide.ts'
import { rolloutPolicy, rolloutRules } from '../../src/gate/policy.ts'
import { near } from '../stats/reference.ts'
import { evidenceFor, type Measured } from './tables.ts'

describe('likeness where both arms were asked twice, in energy form', () => {
  const of = (comparison: Comparison, candidate: readonly (number | null)[]): Measured => ({
    metric: 'text-similarity',
    comparison,
    candidate,
  })
  // Record by record: all four across 0.55, 0.6, 0.5, 0.3; both within 0.95, 0.7, 0.6, 0.5.
  const across: Measured[] = [
    of('candidate', [0.7, 0.6, 0.2, 0.3, 0.9, 0.9]),
    of('cross', [0.5, 0.6, 0.8, 0.3]),
    of('cross-candidate', [0.6, 0.8, 0.6, 0.3]),
    of('cross-both', [0.4, 0.4, 0.4, 0.3]),
  ]
  const within: Measured[] = [of('noise', [0.9, 0.8, 0.5, 0.6]), of('candidate-noise', [1, 0.6, 0.7, 0.4])]
  const effectOf = (measured: readonly Measured[]) => evidenceFor('text-similarity', { measured }).effect

  it('all four across against both within, over the records that were asked twice', () => {
    // The differences −0.4, −0.1, −0.1 and −0.2 have mean −0.2 and s² = 0.02; t₀.₉₅,₃ = 2.353363.
    const half = 2.353363 * Math.sqrt(0.02 / 4)
    expect(effectOf([...across, ...within])).toMatchObject({
      pairs: 4,
      production: near(0.6875),
      candidate: near(0.4875),
      estimate: near(-0.2),
      interval: { low: near(-0.2 - half), high: near(-0.2 + half), level: 0.9 },
      scale: 'difference',
      method: 'paired-t',
      noise: null,
    })
  })
  it('over conversations', () => {
    const measured = [...across, ...within]
    // Two of two: the totals of the residuals are −0.1 and 0.1, so se² = 2 · 0.02 / 16; t₀.₉₅,₁ = 6.313752.
    const half = 6.313752 * Math.sqrt(0.04 / 16)
    const { effect } = evidenceFor('text-similarity', { measured, clusters: ['a', 'a', 'b', 'b', 'c', 'd'] })
    expect(effect).toMatchObject({ pairs: 4, clusters: 2, method: 'cluster-t', estimate: near(-0.2) })
    expect(effect?.interval).toMatchObject({ low: near(-0.2 - half), high: near(-0.2 + half) })
  })
  it('of half of the records that were asked twice it is enough, and the others are left out', () => {
    const halved = [...across, ...within].map((each) =>
      each.comparison === 'cross-both' ? { ...each, candidate: [0.4, 0.4, null, null] } : each,
    )
    // (0.55 + 0.6 − 0.95 − 0.7) / 2
    expect(effectOf(halved)).toMatchObject({ pairs: 2, production: near(0.825), estimate: near(-0.25) })
  })
  it.each(['cross-candidate', 'cross-both', 'candidate-noise'] as const)(
    'of fewer than half it falls back on production’s two answers against the candidate’s one: %s',
    (lacking) => {
      const few = [...across, ...within].map((each) =>
        each.comparison === lacking ? { ...each, candidate: [each.candidate[0] ?? null, null, null, null] } : each,
      )
      // (0.6 + 0.6 + 0.5 + 0.3) / 4 − (0.9 + 0.8 + 0.5 + 0.6) / 4
      expect(effectOf(few)).toMatchObject({
        pairs: 4,
        production: near(0.7),
        candidate: near(0.5),
        estimate: near(-0.2),
      })
    },
  )
  it('of a single record it falls back too, however few were asked twice', () => {
    const [first] = across
    const few = [first as Measured, of('noise', [0.9, 0.8]), of('cross', [0.5, 0.6])]
    const rest = [of('cross-candidate', [0.6]), of('cross-both', [0.4]), of('candidate-noise', [1])]
    expect(effectOf([...few, ...rest])).toEqual(effectOf(few))
    expect(effectOf(few)).toMatchObject({ pairs: 2, production: near(0.85), candidate: near(0.6) })
  })
  it('agreement to the character keeps its plain form: the candidate’s own noise is no part of it', () => {
    const [same, rest] = [across, within].map((all) => all.map((each) => ({ ...each, metric: 'same-text' })))
    const flags = (all: readonly Measured[] = []) =>
      all.map((each) => ({
        ...each,
        candidate: each.candidate.map((number) => (number === null ? null : Math.round(number))),
      }))
    const once = [...flags(same).slice(0, 2), ...flags(rest).slice(0, 1)]
    const { effect } = evidenceFor('same-text', { measured: [...flags(same), ...flags(rest)] })
    expect(effect).toEqual(evidenceFor('same-text', { measured: once }).effect)
    expect(effect).toMatchObject({ method: 'newcombe-10', pairs: 4 })
  })
})

/** Answers of six kinds, as in the table `texts` of `test/simulate`: floor 0.565, so that production’s two answers differ in 43 of 100 requests. */
describe('a candidate that is steadier than production', () => {
  /** The comparisons of 1000 requests; the candidate prefers another answer than production in so many of them. */
  function measuredFor(changed: number, steady: number): Measured[] {
    const random = seededBy(20261123)
    const draw = (top: number, share: number) => (random.unit() < share ? top : (top + 1 + random.below(5)) % 6)
    const labels = Array.from({ length: 1000 }, (_, index) => {
      const preferred = index < changed ? 1 : 0
      return {
        production: [draw(0, 0.7425), draw(0, 0.7425)],
        candidate: [draw(preferred, steady), draw(preferred, steady)],
      }
    })
    return replayedComparisons.map((comparison) => {
      const { left, right } = sidesOf[comparison]
      const same = labels.map((each) => (each[left[0]][left[1]] === each[right[0]][right[1]] ? 1 : 0))
      return { metric: 'text-similarity', comparison, candidate: same }
    })
  }
  const once = new Set<Comparison>(['candidate', 'noise', 'cross'])
  const outcomeOf = (measured: readonly Measured[]) => {
    const rules = rolloutRules.filter(({ metric }) => metric === 'text-similarity')
    const evidence = [evidenceFor('text-similarity', { measured })]
    const facts = { pairs: 1000, planned: 1000, excluded: {} }
    return decide(evidence, { ...rolloutPolicy, rules }, facts).findings.map(({ outcome }) => outcome)
  }
  const steadierAndChanged = measuredFor(120, 0.93)

  it('but changed in 12 of 100 requests no longer passes', () => {
    expect(outcomeOf(steadierAndChanged)).toEqual(['fail'])
  })
  it('hides that change where it was asked once: more like production than production is itself', () => {
    const measured = steadierAndChanged.filter(({ comparison = 'candidate' }) => once.has(comparison))
    expect(outcomeOf(measured)).toEqual(['pass'])
    expect(evidenceFor('text-similarity', { measured }).effect?.estimate).toBeGreaterThan(0)
  })
  it.each([
    ['and nothing else passes', measuredFor(0, 0.93), 'pass'],
    ['by nothing, the same model, passes', measuredFor(0, 0.7425), 'pass'],
    ['by nothing, but changed, fails', measuredFor(250, 0.7425), 'fail'],
  ])('%s', (_, measured, outcome) => {
    expect(outcomeOf(measured)).toEqual([outcome])
  })
})
