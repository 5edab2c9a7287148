// What people decided, in every format: who, what, why and what follows, with nothing in it that renders.

import { describe, expect, it } from 'vitest'
import type { Review, ReviewedChange } from '../../src/core/review.ts'
import { html } from '../../src/report/html.ts'
import { json } from '../../src/report/json.ts'
import { junit } from '../../src/report/junit.ts'
import { markdown } from '../../src/report/markdown.ts'
import { reviewLines, reviewSentence } from '../../src/report/model/reviews.ts'
import { reportInput } from './fixture.ts'
import { readXml } from './xml.ts'

function reviewed(state: ReviewedChange['state'], parts: Partial<Review> = {}): ReviewedChange {
  const review: Review = {
    about: { kind: 'cluster', id: '3f2a8c0d1e4b' },
    swap: { production: 'gpt-4', candidate: 'gpt-4-new' },
    decision: state === 'accepted' ? 'accept' : 'regression',
    reason: 'the answers are <b>gone</b>',
    reviewer: 'Ann <ann@example.org>',
    at: '2026-11-25T09:00:00.000Z',
    expires: null,
    words: 'task=prime · answers collapsed',
    ...parts,
  }
  return { review, state, pairs: 995, isBeyondNoise: true }
}

const pair = { kind: 'pair', recordId: 'r1', change: 'cut' } as const
const reviews = [
  reviewed('regression'),
  reviewed('accepted', { about: pair, words: 'cut in pair r1', reason: null, expires: '2026-12-25T09:00:00.000Z' }),
  reviewed('expired'),
]
const base = reportInput()
const input = { ...base, verdict: { ...base.verdict, reviews } }

describe('a line for each', () => {
  it('says who, what, why and what follows', () => {
    expect(
      reviewLines(reviews)
        .map(reviewSentence)
        .map((line) => line.replaceAll(/[\u00a0\u2009\u202f]/g, ' ')),
    ).toEqual([
      '✗ regression: task=prime · answers collapsed, 995 pairs, blocks (Ann <ann@example.org> on 2026-11-25: the answers are <b>gone</b>)',
      '✓ accepted: cut in pair r1, 995 pairs, counts as unchanged (Ann <ann@example.org> on 2026-11-25, until 2026-12-25)',
      '○ expired: task=prime · answers collapsed, 995 pairs, counts no more (Ann <ann@example.org> on 2026-11-25: the answers are <b>gone</b>)',
    ])
  })
  it('of a regression that production has as well says that it blocks no more', () => {
    const [line] = reviewLines([{ ...reviewed('regression'), isBeyondNoise: false }])
    expect(line).toMatchObject({ isBlocking: false, follows: 'blocks no more: production changes so by itself' })
  })
})

it('the page has a section of them, and none where nobody decided', () => {
  expect(html.render(input)).toContain('<h2 id="reviews-title">Reviews</h2>')
  expect(html.render(input)).toContain('the answers are &lt;b>gone&lt;/b>')
  expect(html.render(base)).not.toContain('#reviews')
})

it('the comment has a list of them, in which nothing pings', () => {
  const text = markdown.render(input)
  expect(text).toContain('### Reviews\n\n- ✗ regression: task=prime · answers collapsed')
  expect(text).toContain('Ann &lt;ann@&#8203;example.org&gt;')
  expect(markdown.render(base)).not.toContain('### Reviews')
})

it('JUnit counts a failure for each regression that blocks, and no other', () => {
  const suites = readXml(junit.render(input)).children
  const own = suites.find(({ attributes }) => attributes['name'] === 'shadowgate: Reviews')
  expect(own?.attributes).toMatchObject({ tests: '1', failures: '1' })
  expect(own?.children[0]?.attributes['name']).toBe('task=prime · answers collapsed [3f2a8c0d1e4b]')
  expect(junit.render(base)).not.toContain('shadowgate: Reviews')
})

it('verdict.json has them whole', () => {
  const { reviews: written } = JSON.parse(json.render(input))
  expect(written).toHaveLength(3)
  expect(written[1]).toEqual({
    state: 'accepted',
    pairs: 995,
    isBeyondNoise: true,
    cluster: null,
    pair: 'r1',
    change: 'cut',
    words: 'cut in pair r1',
    reason: null,
    reviewer: 'Ann <ann@example.org>',
    at: '2026-11-25T09:00:00.000Z',
    expires: '2026-12-25T09:00:00.000Z',
  })
})
