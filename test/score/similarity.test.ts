// Similarity of texts: the bit-parallel answer is that of the plain algorithm, and the rules at the edges hold.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sameText, textSimilarity } from '../../src/score/similarity.ts'

/** Textbook dynamic programme over words parted by spaces: the reference. */
function plainRatio(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 1
  let above = Array.from({ length: b.length + 1 }, () => 0)
  for (const token of a) {
    const row = [0]
    for (const [j, other] of b.entries()) {
      row.push(token === other ? (above[j] ?? 0) + 1 : Math.max(above[j + 1] ?? 0, row[j] ?? 0))
    }
    above = row
  }
  return (2 * (above[b.length] ?? 0)) / (a.length + b.length)
}

const words = (alphabet: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength, size: 'max' })

describe('textSimilarity', () => {
  test.each([
    { why: 'nothing and nothing are alike', a: '', b: '', is: 1 },
    { why: 'white space alone is nothing', a: ' \n', b: '', is: 1 },
    { why: 'nothing is unlike something', a: '', b: 'yes', is: 0 },
    { why: 'the same words', a: 'the cat sat', b: 'the cat sat', is: 1 },
    { why: 'white space is folded', a: 'the  cat\n\nsat', b: 'the cat sat ', is: 1 },
    { why: 'nothing in common', a: 'the cat sat', b: 'a dog ran', is: 0 },
    { why: 'one word of three differs', a: 'the cat sat', b: 'the dog sat', is: 4 / 6 },
    { why: 'case counts', a: 'Yes', b: 'yes', is: 0 },
    { why: 'punctuation is a token', a: 'yes', b: 'yes.', is: 2 / 3 },
    { why: 'a run of punctuation is one token', a: 'yes!!!', b: 'yes!', is: 2 / 4 },
    { why: 'order counts', a: 'a b', b: 'b a', is: 2 / 4 },
    {
      why: 'refund approved and refund rejected share one word of two',
      a: 'refund approved',
      b: 'refund rejected',
      is: 0.5,
    },
    { why: 'Japanese is compared character by character', a: '東京は晴れ', b: '東京は雨', is: 6 / 9 },
    { why: 'composed and decomposed letters are the same', a: 'caf\u00e9 ol\u00e9', b: 'cafe\u0301 ole\u0301', is: 1 },
    { why: 'letters beyond ASCII are parts of words', a: 'naïve été', b: 'naïve hiver', is: 0.5 },
  ])('$why', ({ a, b, is }) => {
    expect(textSimilarity(a, b)).toBeCloseTo(is, 12)
  })

  test.each([
    { why: 'few kinds of words, many repeats', alphabet: ['a', 'b'], maxLength: 140 },
    { why: 'many kinds of words', alphabet: 'abcdefghijklmnopqrstuvwxyzäöü'.split(''), maxLength: 200 },
  ])('is the ratio of the plain algorithm: $why', ({ alphabet, maxLength }) => {
    fc.assert(
      fc.property(words(alphabet, maxLength), words(alphabet, maxLength), (a, b) => {
        expect(textSimilarity(a.join(' '), b.join(' '))).toBe(plainRatio(a, b))
      }),
      { numRuns: 300 },
    )
  })

  test('is the ratio of the plain algorithm for a small change anywhere in a long text', () => {
    const long = fc.array(fc.integer({ min: 0, max: 40 }).map(String), { minLength: 60, maxLength: 400, size: 'max' })
    fc.assert(
      fc.property(long, fc.nat(), fc.nat(), (a, from, cut) => {
        const at = from % a.length
        const b = [...a.slice(0, at), 'new', ...a.slice(at + (cut % 70))]
        expect(textSimilarity(a.join(' '), b.join(' '))).toBe(plainRatio(a, b))
      }),
      { numRuns: 100 },
    )
  })

  test('is symmetric and within 0..1 for any two texts', () => {
    const text = fc.string({ unit: 'binary', maxLength: 80 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const similarity = textSimilarity(a, b)
        expect(similarity).toBe(textSimilarity(b, a))
        expect(similarity).toBeGreaterThanOrEqual(0)
        expect(similarity).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('is 1 if and only if the tokens are the same', () => {
    const some = words(['a', 'b', 'c', '.'], 6)
    fc.assert(
      fc.property(some, some, (a, b) => {
        expect(textSimilarity(a.join(' '), b.join(' ')) === 1).toBe(a.join(' ') === b.join(' '))
      }),
      { numRuns: 500 },
    )
  })

  test('gives an ASCII text the tokens that it has beside a letter beyond ASCII', () => {
    const ascii = fc.string({ unit: 'binary-ascii', maxLength: 60 })
    fc.assert(
      fc.property(ascii, ascii, (a, b) => {
        const sizeA = a.match(/\w+|[^\w\s]+/g)?.length ?? 0
        const sizeB = b.match(/\w+|[^\w\s]+/g)?.length ?? 0
        fc.pre(sizeA + sizeB > 0)
        const common = (textSimilarity(a, b) * (sizeA + sizeB)) / 2
        expect(textSimilarity(`${a} é`, `${b} é`)).toBeCloseTo((2 * (common + 1)) / (sizeA + sizeB + 2), 10)
      }),
    )
  })

  test('looks at the order of 20,000 tokens and at the bag of more', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `w${index % 1000}`)
    const turned = many.toReversed()
    expect(textSimilarity(many.join(' '), turned.join(' '))).toBeLessThan(0.2)
    expect(textSimilarity([...many, 'end'].join(' '), [...turned, 'end'].join(' '))).toBe(1)
    expect(textSimilarity([...many, 'end'].join(' '), 'w1 w1 other')).toBe(4 / 20_004)
  })
})

describe('sameText', () => {
  test.each([
    { why: 'equal', a: 'x', b: 'x', is: true },
    { why: 'composed and decomposed letters', a: 'caf\u00e9', b: 'cafe\u0301', is: true },
    { why: 'line ends of Windows', a: 'a\r\nb', b: 'a\nb', is: true },
    { why: 'white space at the very end', a: 'a\n\n', b: 'a', is: true },
    { why: 'white space at the end of a line within is kept', a: 'a \nb', b: 'a\nb', is: false },
    { why: 'white space at the beginning is kept', a: ' a', b: 'a', is: false },
    { why: 'case is kept', a: 'A', b: 'a', is: false },
    { why: 'spacing within is kept', a: 'a  b', b: 'a b', is: false },
    { why: 'compatibility forms stay apart: NFC, not NFKC', a: 'ﬁ', b: 'fi', is: false },
  ])('$why', ({ a, b, is }) => {
    expect(sameText(a, b)).toBe(is)
    expect(sameText(b, a)).toBe(is)
  })

  test('forgives what an editor does to a text on its own, and so does the similarity', () => {
    const unit = fc.constantFrom('a', 'é', 'ü', '東', '\n', ' ', '.')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), fc.constantFrom('', '\n', ' \t\n\n'), (text, end) => {
        const edited = text.normalize('NFD').replaceAll('\n', '\r\n') + end
        expect(sameText(text, edited)).toBe(true)
        expect(textSimilarity(text, edited)).toBe(1)
        expect(sameText(`${text}x`, `${edited}y`)).toBe(false)
      }),
    )
  })
})

describe('hostile texts', () => {
  const marks = '\u0301\u0316'
  test.each<[string, string, string]>([
    ['half a million combining marks in disorder', `a${marks.repeat(500_000)}`, `b${marks.repeat(500_000)}`],
    ['a run of them that is short enough to be put in order', `a${marks.repeat(15)}`, `a${marks.repeat(15)}x`],
    ['a million characters that are each a word', '漢字仮名'.repeat(250_000), '仮名漢字x'.repeat(200_000)],
  ])('are compared at a bounded cost: %s', (_what, a, b) => {
    // Put in order whole, the first would take minutes (its square; 64,000 marks took 1.5 s): what is held here is that it ends.
    const similarity = textSimilarity(a, b)
    expect(similarity).toBeGreaterThanOrEqual(0)
    expect(similarity).toBeLessThanOrEqual(1)
    expect(sameText(a, a)).toBe(true)
    expect(sameText(a, b)).toBe(false)
  })
  test('of a very long text beginning and end are read', () => {
    const [begin, end] = ['one two three '.repeat(10_000), 'four five six '.repeat(10_000)]
    const middles = ['seven '.repeat(50_000), 'eight '.repeat(50_000)].map((middle) => `${begin}${middle}${end}`)
    expect(textSimilarity(middles[0] ?? '', middles[1] ?? '')).toBe(1)
    expect(sameText(middles[0] ?? '', middles[1] ?? '')).toBe(false)
    expect(textSimilarity(`${begin}${end}`, `${end}${begin}`)).toBeLessThan(1)
  })
})
