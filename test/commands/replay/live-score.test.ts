// Pairs measured as they come: each once, only when both arms have come to their end, and again where they were misjudged.

import { describe, expect, it } from 'vitest'
import { createLiveScore } from '../../../src/commands/replay/live-score.ts'
import type { Attempt, MeasureRow, Outcome } from '../../../src/core/types.ts'
import { metrics } from '../../../src/score/metrics/index.ts'
import { attemptOf, replyOf } from '../../support/nouns.ts'

function scoring(calls = 2) {
  const rows: MeasureRow[] = []
  const score = createLiveScore({
    metrics,
    prices: { production: null, candidate: null },
    isOpenLoop: false,
    callsOf: (ordinal) => (ordinal === 99 ? null : calls),
    askedOf: () => null,
    write: (some) => void rows.push(...some),
  })
  return { score, rows, answered: () => rows.filter(({ metric }) => metric === 'answered') }
}

const both = (ordinal: number, changes: Partial<Attempt> = {}): Attempt[] =>
  (['production', 'candidate'] as const).map((arm) => attemptOf(`r${ordinal}`, { ordinal, arm, ...changes }))
const silent = (usage: { cachedInput: number | null }) =>
  replyOf({ usage: { input: 20, output: 5, reasoning: null, ...usage } })
const rejected = (status: number): Outcome => ({ kind: 'rejected', status, code: null, detail: '' })

describe('a record', () => {
  it('is measured once both calls have ended, and not before', () => {
    const { score, answered } = scoring()
    score.see(both(3))
    expect(answered()).toEqual([])
    score.end([3])
    score.end([3])
    expect(answered()).toHaveLength(1)
    expect(answered()[0]).toMatchObject({ ordinal: 3, comparison: 'candidate', production: 1, candidate: 1 })
  })

  it('of which a call is still held back is left to the end', () => {
    const { score, answered } = scoring()
    score.see(both(3).slice(0, 1))
    score.end([3])
    expect(answered()).toEqual([])
  })

  it('that was asked again is measured by its last round, or not at all', () => {
    const { score, answered } = scoring()
    const [production, candidate] = both(3)
    const limited = { ...candidate, isFinal: false, outcome: rejected(429) } as Attempt
    // The breaker holds production's second answer back: a 503 that says nothing of the model.
    score.see([production as Attempt, limited, { ...candidate, round: 1 } as Attempt])
    score.end([3])
    expect(answered()).toEqual([])
    score.see([production as Attempt, limited, ...both(3, { round: 1 })])
    score.end([3])
    expect(answered()).toHaveLength(1)
  })

  it('that an earlier replay began is left to the end', () => {
    const { score, answered } = scoring()
    score.see(both(99))
    score.end([99])
    expect(answered()).toEqual([])
  })

  it('that was asked twice gives every comparison', () => {
    const { score, rows } = scoring(4)
    score.see([...both(0), ...both(0, { trial: 1 })])
    score.end([0])
    const comparisons = rows.filter(({ metric }) => metric === 'same-text').map(({ comparison }) => comparison)
    expect(comparisons).toEqual(['candidate', 'noise', 'cross', 'cross-candidate', 'cross-both', 'candidate-noise'])
  })
})

describe('what is known of caches', () => {
  it('from the first answer on, makes nothing stale', () => {
    const { score } = scoring()
    score.see(both(0, { outcome: silent({ cachedInput: 4 }) }))
    score.end([0])
    score.see(both(1, { outcome: silent({ cachedInput: null }) }))
    score.end([1])
    expect(score.isStale()).toBe(false)
  })

  it('and comes later than the first measure, makes that one wrong', () => {
    const { score } = scoring()
    score.see(both(0, { outcome: silent({ cachedInput: null }) }))
    score.end([0])
    expect(score.isStale()).toBe(false)
    score.see(both(1, { outcome: silent({ cachedInput: 4 }) }))
    expect(score.isStale()).toBe(true)
  })
})
