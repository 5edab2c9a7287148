// The file of reviews: what is written is read again, what people wrote stands, and what is broken is named by its place.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/core/fault.ts'
import { type Review, reviewDecisions } from '../../src/core/review.ts'
import { readReviews, withoutLast, withReviews } from '../../src/review/file.ts'
import { reviewsJsonSchema } from '../../src/review/file-schema.ts'
import { temporaryFolder } from '../support/cli.ts'
import { goldenText } from '../support/golden.ts'

const shown = 'shadowgate.reviews.yaml'

function review(parts: Partial<Review> = {}): Review {
  return {
    about: { kind: 'cluster', id: '3f2a8c0d1e4b' },
    swap: { production: 'gpt-4-0314', candidate: 'gpt-4-0613' },
    decision: 'accept',
    reason: 'shorter is what we asked for',
    reviewer: 'Ann <ann@example.org>',
    at: '2026-11-25T09:00:00.000Z',
    expires: null,
    words: 'task=prime · answers collapsed',
    ...parts,
  }
}

const bob = review({ reviewer: 'Bob', at: '2026-11-25T10:00:00.000Z', decision: 'regression', reason: null })
const text = withReviews('', [review()], shown)

const anyText = fc.string({ unit: 'grapheme', minLength: 1 }).map((each) => each.replaceAll(/\s+/g, ' '))
const anyInstant = fc.date({ min: new Date(0), max: new Date('2099-01-01'), noInvalidDate: true })
const anyReview: fc.Arbitrary<Review> = fc.record({
  about: fc.oneof(
    fc.record({ kind: fc.constant('cluster' as const), id: anyText }),
    fc.record({ kind: fc.constant('pair' as const), recordId: anyText, change: anyText }),
  ),
  swap: fc.record({ production: fc.option(anyText), candidate: fc.option(anyText) }),
  decision: fc.constantFrom(...reviewDecisions),
  reason: fc.option(anyText),
  reviewer: anyText,
  at: anyInstant.map((each) => each.toISOString()),
  expires: fc.option(anyInstant.map((each) => each.toISOString())),
  words: anyText,
})

describe('what is written', () => {
  it('is read again, whatever the texts are, in a line each', () => {
    fc.assert(
      fc.property(fc.array(anyReview), (reviews) => {
        const written = withReviews('', reviews, shown)
        expect(readReviews(written, shown)).toEqual(reviews)
        expect(written.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(reviews.length)
      }),
    )
  })
  it('reads as what was decided', () => {
    expect(text.split('\n').at(-2)).toBe(
      '- { decision: accept, words: task=prime · answers collapsed, reason: shorter is what we asked for, reviewer: Ann <ann@example.org>, at: 2026-11-25T09:00:00.000Z, cluster: 3f2a8c0d1e4b, production: gpt-4-0314, candidate: gpt-4-0613 }',
    )
  })
  it.each([
    [
      'comments and block style',
      '# ours\n- decision: accept # yes\n  words: x\n  reviewer: me\n  at: 2026-11-25\n  cluster: c\n  production: null\n  candidate: b # end\n# later\n',
    ],
    [
      'entries that stand further in',
      '  - { decision: unsure, words: x, reviewer: me, at: 2026-11-25, cluster: c, production: a, candidate: b }',
    ],
    ['a comment alone', '# nothing yet\n'],
  ])('leaves what is there: %s', (_, there) => {
    const added = withReviews(there, [bob], shown)
    expect(added.startsWith(there)).toBe(true)
    expect(readReviews(added, shown)).toEqual([...readReviews(there, shown), bob])
    expect(withoutLast(added, ({ reviewer }) => reviewer === 'Bob', shown).text.trimEnd()).toBe(there.trimEnd())
  })
  it('takes the place of an empty list', () => {
    expect(readReviews(withReviews('# none\n[]\n', [bob], shown), shown)).toEqual([bob])
  })
})

describe('what is taken back', () => {
  const isBobs = ({ reviewer }: Review) => reviewer === 'Bob'
  it('is what was decided last in one go, and nobody else’s', () => {
    const earlier = { ...bob, at: '2026-11-24T10:00:00.000Z' }
    const both = [bob, { ...bob, about: { kind: 'cluster', id: 'other' } as const }]
    const full = withReviews(withReviews(text, [earlier, ...both], shown), [review()], shown)
    const { text: left, undone } = withoutLast(full, isBobs, shown)
    expect(undone).toEqual(both)
    expect(readReviews(left, shown)).toEqual([review(), earlier, review()])
  })
  it('is nothing where there is nothing', () => {
    expect(withoutLast(text, isBobs, shown)).toEqual({ text, undone: [] })
  })
})

describe('a broken file', () => {
  const entry = (more: string) =>
    `- { decision: accept, words: x, reviewer: me, at: 2026-11-25, production: a, candidate: b, ${more} }\n`
  it.each([
    ['an unknown key', `${entry('cluster: c')}${entry('cluster: c, resaon: x')}`, ':2:104', 'did you mean "reason"?'],
    ['a decision that there is not', entry('cluster: c').replace('accept', 'accepted'), ':1:5', 'decision: '],
    ['neither cluster nor pair', entry('change: cut'), ':1:3', 'a review is about a cluster, or about a pair'],
    ['both', entry('cluster: c, pair: p, change: cut'), ':1:3', 'a review is about a cluster, or about a pair'],
    ['a date that is none', entry('cluster: c, expires: soon'), ':1:104', 'expires: it is no date'],
    ['something missing', '- { decision: accept, cluster: c }\n', ':1:3', 'a review needs "words"'],
    ['a merge that nobody ended', `<<<<<<< HEAD\n${entry('cluster: c')}=======\n>>>>>>> b\n`, ':1:', 'a merge was not'],
    ['no list', 'reviews: []\n', '', 'reviews are a list'],
    ['YAML that is none', '- { decision: "accept }\n', ':', 'Missing closing'],
  ])('%s', (_, broken, at, words) => {
    const told = faultOf(() => readReviews(broken, shown))
    expect(told.code).toBe('BAD_REVIEWS')
    expect(`${told.place}`).toContain(`${shown}${at}`)
    expect(told.message).toContain(words)
    expect(faultOf(() => withReviews(broken, [bob], shown)).code).toBe('BAD_REVIEWS')
  })
})

function faultOf(work: () => unknown): Fault {
  try {
    work()
  } catch (error) {
    return error as Fault
  }
  throw new Error('there was no fault')
}

describe('two branches', () => {
  it('merge by git’s union, though they decided alike', () => {
    const folder = temporaryFolder()
    const git = (...args: string[]) => {
      const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org']
      const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' })
      expect(status, stderr).toBe(0)
    }
    const file = join(folder, shown)
    const commit = (...reviews: Review[]) => {
      writeFileSync(file, reviews.length === 0 ? text : withReviews(text, reviews, shown))
      git('add', '-A')
      git('commit', '-qm', 'x')
    }
    git('init', '-q', '-b', 'main')
    writeFileSync(join(folder, '.gitattributes'), `${shown} merge=union\n`)
    commit()
    git('checkout', '-qb', 'other')
    commit(bob, review({ reviewer: 'Carl' }))
    git('checkout', '-q', 'main')
    commit({ ...bob, reviewer: 'Dora' }, review({ reviewer: 'Carl', decision: 'unsure' }))
    git('merge', '-q', '-m', 'merged', 'other')
    const merged = readReviews(readFileSync(file, 'utf8'), shown)
    expect(merged.map(({ reviewer }) => reviewer).toSorted()).toEqual([
      'Ann <ann@example.org>',
      'Bob',
      'Carl',
      'Carl',
      'Dora',
    ])
  })
})

it('has a schema for editors, the one that is published', () => {
  const schema = `${JSON.stringify(reviewsJsonSchema(), null, 2)}\n`
  expect(schema).toBe(goldenText(new URL('../../src/review/reviews.schema.json', import.meta.url), schema))
  expect(JSON.parse(schema)).toMatchObject({ type: 'array', items: { additionalProperties: false } })
})
