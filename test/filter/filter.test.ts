// The grammar that pairs are asked for by, and what it finds.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PairRow } from '../../src/core/pair.ts'
import { matches, needsText } from '../../src/filter/match.ts'
import { parseFilter, type Term } from '../../src/filter/parse.ts'
import { type ReviewState, stateWords } from '../../src/filter/words.ts'

const pair: PairRow = {
  ordinal: 3,
  recordId: 'abc',
  standing: 'regressed',
  refused: { production: false, candidate: true },
  failed: { production: false, candidate: false },
  badness: 6.5,
  kind: 'newly-refused',
  cluster: 'c1',
  segments: { task: 'prime', 'user tier': 'free "beta"' },
  similarity: 0.25,
  noiseSimilarity: null,
  latencyMs: { production: 100, candidate: 250 },
  outputTokens: { production: 0, candidate: 7 },
  costUsd: { production: null, candidate: 0.1 },
}
const text = 'is 17077 a prime number? sorry, i can’t "help"'

function termsOf(filter: string): readonly Term[] {
  const parsed = parseFilter(filter, Object.keys(pair.segments))
  if (parsed.kind === 'mistake') throw new Error(parsed.because)
  return parsed.terms
}

function isFound(filter: string, review: ReviewState = 'unreviewed'): boolean {
  return matches(termsOf(filter), { row: pair, review, text })
}

describe('a filter finds', () => {
  it.each([
    ['', 'everything'],
    ['regressed refused', 'what has both states'],
    ['unreviewed', 'what nobody decided about'],
    ['task=prime', 'a segment'],
    ['-task=other', 'all but a segment'],
    ['"user tier"', 'nothing by a quoted key: that is text', false],
    ['cluster=c1 pair=abc', 'ids'],
    ['similarity<0.5 latency>=2.5 badness>6', 'comparisons'],
    ['17077 PRIME', 'words in any case'],
    ['"prime number"', 'a quoted text'],
    [String.raw`"\"help\""`, 'quotes in a text'],
    ['-"no such text"', 'what lacks a text'],
    ['"regressed"', 'a word of the grammar as text', false],
    ['-regressed', 'not what is excluded', false],
    ['improved', 'not another state', false],
    ['task=primes', 'not another value', false],
    ['task=', 'not what has no such segment', false],
    ['noise>0', 'no number where there is none', false],
    ['-noise>0', 'its negation', true],
    ['tokens>1', 'no ratio to nothing', false],
    ['cost>0', 'no ratio of one arm', false],
    ['accepted', 'no decision that was not made', false],
  ] as [string, string, boolean?][])('%s: %s', (filter, _, expected = true) => {
    expect(isFound(filter)).toBe(expected)
  })

  it('decisions, and what is still to be decided', () => {
    expect(isFound('accepted', 'accepted')).toBe(true)
    expect(isFound('unreviewed', 'unsure')).toBe(false)
  })

  it('whatever a text may yet say, until it is read', () => {
    const [terms, unread] = [
      termsOf('regressed "never there"'),
      { row: pair, review: 'unreviewed', text: null } as const,
    ]
    expect(needsText(terms)).toBe(true)
    expect(matches(terms, unread)).toBe(true)
    expect(matches(terms, { ...unread, text })).toBe(false)
    expect(needsText(termsOf('regressed task=prime'))).toBe(false)
  })
})

describe('a mistake', () => {
  it.each([
    ['tsak=prime', /no segment called "tsak"; did you mean task\?/, 0],
    ['regressed latecny>2', /no number called "latecny"; did you mean latency\?/, 10],
    ['latency>1s', /"1s" in latency>1s is no number\. latency is a plain one \(.*2 is twice as slow\)/, 0],
    ['elsewhere=x', /no segment called "elsewhere"\. There are task, cluster, pair\./, 0],
  ])('%s is told, and where it is', (filter, because, at) => {
    const parsed = parseFilter(filter, ['task'])
    expect(parsed).toMatchObject({ kind: 'mistake', at })
    expect(parsed.kind === 'mistake' && parsed.because).toMatch(because)
  })
})

describe('any text', () => {
  it('is a filter or a mistake, and found as itself in quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (any) => {
        expect(['filter', 'mistake']).toContain(parseFilter(any, ['task']).kind)
        const quoted = `"${any.replaceAll(/["\\]/g, String.raw`\$&`)}"`
        expect(parseFilter(quoted, [])).toEqual({
          kind: 'filter',
          terms: [{ isNegated: false, kind: 'text', text: any }],
        })
      }),
    )
  })

  it('joined by blanks finds what each of its words finds', () => {
    const words = fc.constantFrom(
      ...stateWords.map(({ word }) => word),
      'task=prime',
      'task=x',
      'latency<2',
      '17077',
      '-prime',
    )
    fc.assert(
      fc.property(fc.array(words), (some) => {
        expect(isFound(some.join(' '))).toBe(some.every((word) => isFound(word)))
      }),
    )
  })
})
