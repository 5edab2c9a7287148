// The explorer's data: rows come back as they were, and the page keeps its budget by leaving out the least bad.

import { gunzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PairRow } from '../../src/core/pair.ts'
import { columnsOf, type Listed, listedOf } from '../../src/report/data/columns.ts'
import { dataId, type PageIndex, type TextChunk } from '../../src/report/data/index-chunk.ts'
import { pageData } from '../../src/report/data/page-data.ts'
import { html } from '../../src/report/html.ts'
import { reportInput } from './fixture.ts'
import { manyPairs } from './fixture-many.ts'

/** Numbers of at most seven digits come back to the bit. */
const figure = fc.oneof(
  fc.constant(null),
  fc.constant(Infinity),
  fc.integer({ min: 0, max: 9_999_999 }).map((digits) => Number((digits / 10_000).toPrecision(7))),
)
const both = fc.record({ production: figure, candidate: figure })
const flags = fc.record({ production: fc.boolean(), candidate: fc.boolean() })
const word = fc.string({ unit: 'binary' })
const row: fc.Arbitrary<PairRow> = fc.record({
  ordinal: fc.nat(),
  recordId: word,
  standing: fc.constantFrom('regressed', 'improved', 'changed', 'same'),
  refused: flags,
  failed: flags,
  badness: fc.integer({ min: 0, max: 99 }),
  kind: fc.option(word),
  cluster: fc.option(word),
  segments: fc.dictionary(
    fc.string({ minLength: 1, unit: 'binary' }).filter((key) => key !== '__proto__'),
    word,
    { noNullPrototype: true },
  ),
  similarity: figure,
  noiseSimilarity: figure,
  latencyMs: both,
  outputTokens: both,
  costUsd: both,
})
const listed: fc.Arbitrary<Listed> = fc.record({
  row,
  reasons: fc.array(word),
  review: fc.constantFrom('unreviewed', 'accepted', 'regression', 'unsure'),
})

function textOf(packed: string): string {
  return gunzipSync(Buffer.from(packed, 'base64')).toString()
}

function indexOf(packed: string): PageIndex {
  const index: PageIndex = JSON.parse(textOf(packed))
  return index
}

function chunkOf(packed: string): TextChunk {
  const chunk: TextChunk = JSON.parse(textOf(packed))
  return chunk
}

test('rows come back from columns that went through JSON', () => {
  fc.assert(
    fc.property(fc.array(listed), (pairs) => {
      expect(listedOf(JSON.parse(JSON.stringify(columnsOf(pairs))))).toEqual(pairs)
    }),
  )
})

test('a number keeps seven digits', () => {
  const [pair] = fc.sample(listed, 1)
  const similarity = 0.123456789
  const [back] = listedOf(columnsOf([{ ...pair, row: { ...pair?.row, similarity } } as Listed]))
  expect(back?.row.similarity).toBe(0.1234568)
})

describe('the budget', () => {
  const many = manyPairs(400)
  const input = { ...reportInput(), ...many }
  const sizeOf = ({ index, texts }: ReturnType<typeof pageData>) =>
    index.length + texts.reduce((sum, text) => sum + text.length, 0)
  const whole = pageData(input, 100_000_000)

  test('with room enough every text is there, worst first, and in the order that the index says', () => {
    const { texts, columns, total } = indexOf(whole.index)
    expect(total).toBe(400)
    expect(texts.flat()).toEqual([...many.pairs.keys()])
    const back = whole.texts.flatMap((chunk) => chunkOf(chunk))
    expect(back).toEqual(many.examples.map(({ detail }) => detail))
    expect(columns.recordId).toEqual(many.pairs.map(({ recordId }) => recordId))
  })

  test.each([0.3, 0.5, 0.8])('%f of the room is not passed, and the best are left out', (share) => {
    const room = sizeOf(whole) * share
    const data = pageData(input, room)
    expect(sizeOf(data)).toBeLessThanOrEqual(room)
    const { texts, columns } = indexOf(data.index)
    expect(columns.recordId.length).toBe(400)
    expect(texts.flat()).toEqual([...many.pairs.keys()].slice(0, texts.flat().length))
    expect(texts.flat().length).toBeGreaterThan(0)
    expect(texts.flat().length).toBeLessThan(400)
  })

  test('where the list alone is too much, the worst of it stay', () => {
    const data = pageData(input, 12_000)
    const { columns, total } = indexOf(data.index)
    expect(total).toBe(400)
    expect(columns.recordId).toEqual(many.pairs.slice(0, columns.recordId.length).map(({ recordId }) => recordId))
    expect(columns.recordId.length).toBeLessThan(400)
  })

  test('the same input gives the same bytes', () => {
    expect(pageData(input, 100_000_000)).toEqual(whole)
  })
})

describe('the page', () => {
  test.each(['x</script>', 'x<!--', 'x</SCRIPT '])('refuses a script that ends its own element: %s', (pageScript) => {
    expect(() => html.render(reportInput({ pageScript }))).toThrow(/ends its element/)
  })

  test('has the script as its last element, and its data before it', () => {
    const text = html.render(reportInput({ pageScript: 'void 0' }))
    expect(text).toMatch(/<script>void 0<\/script><\/body>\s*<\/html>\s*$/)
    expect(text.indexOf(`id="${dataId}"`)).toBeLessThan(text.indexOf('<script>void 0'))
  })

  test('without a script has neither data nor a place for it', () => {
    expect(html.render(reportInput())).not.toMatch(/<script|script-src|id="explorer"/)
  })
})
