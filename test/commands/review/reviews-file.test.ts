// Writing reviews: by whom, until when, and without what nobody should read.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expiryOf } from '../../../src/commands/review/expiry.ts'
import { reviewerOf } from '../../../src/commands/review/reviewer.ts'
import { type Decided, openReviewBook } from '../../../src/commands/review/reviews-file.ts'
import { temporaryFolder } from '../../support/cli.ts'

const nowMs = Date.parse('2026-11-26T02:30:00.000Z')
const decided: Decided = {
  about: { kind: 'cluster', id: '3f2a8c0d1e4b' },
  decision: 'accept',
  reason: null,
  expires: null,
  words: 'answers collapsed',
}

function bookIn(path: string, reviewer = 'ann') {
  const swap = { production: 'a', candidate: null }
  return openReviewBook(path, { shown: 'reviews.yaml', reviewer, swap, clock: { now: () => nowMs } })
}

describe('a book of reviews', () => {
  it('is empty where there is no file, and leaves none behind that it only read', () => {
    const path = join(temporaryFolder(), 'reviews.yaml')
    expect(bookIn(path).reviews()).toEqual([])
    expect(existsSync(path)).toBe(false)
  })
  it('writes who, when and for which swap, and keeps credentials out of reasons', async () => {
    const path = join(temporaryFolder(), 'reviews.yaml')
    const book = bookIn(path)
    const reason = 'as agreed\nwith sk-proj-abcdefghijklmnop1234'
    const [written] = await book.decide([{ ...decided, reason }])
    expect(written).toEqual({
      ...decided,
      reason: 'as agreed with [secret]',
      reviewer: 'ann',
      at: '2026-11-26T02:30:00.000Z',
      swap: { production: 'a', candidate: null },
    })
    expect(book.reviews()).toEqual([written])
    expect(readFileSync(path, 'utf8')).not.toContain('sk-proj')
    expect(existsSync(`${path}.lock`)).toBe(false)
  })
  it('shows no credential either that somebody wrote into it', async () => {
    const path = join(temporaryFolder(), 'reviews.yaml')
    await bookIn(path).decide([{ ...decided, reason: 'why' }])
    writeFileSync(path, readFileSync(path, 'utf8').replace('why', 'sk-proj-abcdefghijklmnop1234'))
    expect(bookIn(path).reviews()[0]?.reason).toBe('[secret]')
  })
  it('sees what another wrote meanwhile, and takes back its own alone', async () => {
    const path = join(temporaryFolder(), 'reviews.yaml')
    const [ann, bob] = [bookIn(path), bookIn(path, 'bob')]
    await Promise.all([
      ann.decide([decided]),
      bob.decide([decided, decided]),
      ann.decide([{ ...decided, reason: 'b' }]),
    ])
    expect(bookIn(path).reviews()).toHaveLength(4)
    expect(await bob.undo()).toHaveLength(2)
    expect(bob.reviews().map(({ reviewer }) => reviewer)).toEqual(['ann', 'ann'])
    expect(await bob.undo()).toEqual([])
  })
})

describe('a file that another program wrote', () => {
  const entry =
    '- { decision: accept, words: café, reviewer: me, at: 2026-11-25, cluster: c, production: a, candidate: null }\n'
  it('may have a byte order mark', async () => {
    const path = join(temporaryFolder(), 'reviews.yaml')
    writeFileSync(path, `\ufeff${entry}`)
    await bookIn(path).decide([decided])
    expect(bookIn(path).reviews()).toHaveLength(2)
  })
  it('is not written over where it is no UTF-8', () => {
    const path = join(temporaryFolder(), 'reviews.yaml')
    writeFileSync(path, Buffer.from(entry, 'latin1'))
    expect(() => bookIn(path)).toThrow(expect.objectContaining({ code: 'BAD_REVIEWS', place: 'reviews.yaml' }))
  })
})

it('undoes what was decided then, and leaves what the same person decided elsewhere', async () => {
  const path = join(temporaryFolder(), 'reviews.yaml')
  const swap = { production: 'a', candidate: null }
  const bookAt = (at: number) =>
    openReviewBook(path, { shown: 'reviews.yaml', reviewer: 'ann', swap, clock: { now: () => at } })
  const [here, elsewhere] = [bookAt(nowMs), bookAt(nowMs + 1)]
  const [first] = await here.decide([decided])
  const [later] = await elsewhere.decide([{ ...decided, decision: 'regression' }])
  expect(await here.undo(first?.at)).toEqual([first])
  expect(here.reviews()).toEqual([later])
  expect(await here.undo(first?.at)).toEqual([])
})

it('takes no reason that nobody would read to its end', async () => {
  const path = join(temporaryFolder(), 'reviews.yaml')
  await expect(bookIn(path).decide([{ ...decided, reason: 'x'.repeat(2001) }])).rejects.toMatchObject({ code: 'USAGE' })
  expect(existsSync(path)).toBe(false)
})

describe('the reviewer', () => {
  const folder = import.meta.dirname
  it.each<[string, string | undefined, Record<string, string>, string]>([
    ['is whom the flag names', ' Ann\n', { SHADOWGATE_REVIEWER: 'Bob' }, 'Ann'],
    ['else whom the variable names', undefined, { SHADOWGATE_REVIEWER: 'Bob' }, 'Bob'],
    ['commands no terminal', '\u001b[2JEve\u0007', {}, '⟨U+001B⟩[2JEve⟨U+0007⟩'],
    ['an empty name is none', '', { SHADOWGATE_REVIEWER: 'Bob' }, 'Bob'],
  ])('%s', (_, given, env, name) => {
    expect(reviewerOf(given, env, folder)).toBe(name)
  })
  it('is otherwise somebody', () => {
    expect(reviewerOf(undefined, {}, folder)).not.toBe('')
  })
})

describe('when a review expires', () => {
  it.each([
    [null, null],
    ['30d', '2026-12-26T02:30:00.000Z'],
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2027-01-31T12:00:00Z', '2027-01-31T12:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(expiryOf(text, nowMs)).toBe(instant)
  })
  it.each(['soon', '0d', '2026-11-26', '30', '2027-13-01', '30 d'])('%s is a mistake', (text) => {
    expect(() => expiryOf(text, nowMs)).toThrow(expect.objectContaining({ code: 'USAGE', place: '--expires' }))
  })
})
