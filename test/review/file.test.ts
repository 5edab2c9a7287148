// The file of reviews: what is written is read again, what people wrote stands, and what is broken is named by its place.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/core/fault.ts'
import { type Review, reviewDecisions } from '../../src/core/review.ts'
import { oneLine } from '../../src/core/visible-text.ts'
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
const text = withReviews('', [review()], shown).text

const anyText = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .map(oneLine)
  .filter((each) => each !== '')
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
        const { text: written } = withReviews('', reviews, shown)
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
    const { text: added } = withReviews(there, [bob], shown)
    expect(added.startsWith(there)).toBe(true)
    expect(readReviews(added, shown)).toEqual([...readReviews(there, shown), bob])
    expect(withoutLast(added, ({ reviewer }) => reviewer === 'Bob', shown).text.trimEnd()).toBe(there.trimEnd())
  })
  it('ends lines as the file does', () => {
    const { text: added } = withReviews(text.replaceAll('\n', '\r\n'), [bob], shown)
    expect(added.match(/\n/g)).toHaveLength(text.split('\n').length)
    expect(added.match(/\r\n/g)).toHaveLength(text.split('\n').length)
    const { text: left } = withoutLast(added, ({ reviewer }) => reviewer === 'Bob', shown)
    expect(left).toBe(text.replaceAll('\n', '\r\n'))
  })
  it('takes the place of an empty list', () => {
    expect(withReviews('# none\n[]\n', [bob], shown).reviews).toEqual([bob])
  })
})

describe('what is taken back', () => {
  const isBobs = ({ reviewer }: Review) => reviewer === 'Bob'
  it('is what was decided last in one go, and nobody else’s', () => {
    const earlier = { ...bob, at: '2026-11-24T10:00:00.000Z' }
    const both = [bob, { ...bob, about: { kind: 'cluster', id: 'other' } as const }]
    const full = withReviews(withReviews(text, [earlier, ...both], shown).text, [review()], shown).text
    const { text: left, undone } = withoutLast(full, isBobs, shown)
    expect(undone).toEqual(both)
    expect(readReviews(left, shown)).toEqual([review(), earlier, review()])
  })
  it('is never a line that somebody else’s entry stands on', () => {
    const [one, other] = [lineIn(text), lineIn(withReviews('', [bob], shown).text)]
    const inBrackets = `[${one}, ${other}]\n`
    expect(readReviews(inBrackets, shown)).toHaveLength(2)
    expect(faultOf(() => withoutLast(inBrackets, isBobs, shown)).message).toContain('in brackets')
  })
  it('is nothing where there is nothing', () => {
    expect(withoutLast(text, isBobs, shown)).toMatchObject({ text, undone: [] })
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
    // Taken back, one would change the other; and a few lines of aliases are a file of gigabytes.
    ['an alias', `${entry('cluster: &c c')}${entry('cluster: *c')}`, ':2:', '*c stands for what another line says'],
    ['a reason like a book', entry(`cluster: c, reason: ${'x'.repeat(2001)}`), ':1:', 'more than 2000 characters'],
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

describe('what people wrote by hand', () => {
  it('commands no terminal', () => {
    const hostile = lineIn(text)
      .replace('shorter', '"\\e[2Jshorter')
      .replace('asked for', 'asked\\a"')
      .replace(/reviewer: [^,]+/, 'reviewer: "Eve\\e]0;owned\\a"')
      .replace(/words: [^,]+/, 'words: "a\\r\\nb"')
    expect(readReviews(`- ${hostile}\n`, shown)).toMatchObject([
      {
        reason: '⟨U+001B⟩[2Jshorter is what we asked⟨U+0007⟩',
        reviewer: 'Eve⟨U+001B⟩]0;owned⟨U+0007⟩',
        words: 'a b',
      },
    ])
  })
})

/** Its last entry, as a mapping in braces. */
function lineIn(file: string): string {
  return file.trimEnd().split('\n').at(-1)?.replace(/^- /, '') ?? ''
}

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
      writeFileSync(file, reviews.length === 0 ? text : withReviews(text, reviews, shown).text)
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
