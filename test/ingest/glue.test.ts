// Rows of one call, glued: in their order, whatever order they came in, and within a bound of memory.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createGlue, type Glued, type GlueRow } from '../../src/ingest/glue.ts'

function row(key: string, order: number, line: number, bytes = 10): GlueRow<string> {
  const start = { line, opening: new Uint8Array(), share: bytes }
  return { key, order, row: `${key}${order}`, start, origin: 'log' }
}

/** Which call the glued rows are of. */
const keyOf = ({ rows: [first] }: Glued<string>) => (typeof first === 'string' ? first.slice(0, 1) : '')
const said = ({ rows, start }: Glued<string>) => [start.line, ...rows]

test('rows stand in their order, and the call where its first row stood', () => {
  const glue = createGlue<string>()
  for (const each of [row('b', 2, 1), row('a', 0, 2), row('b', 0, 3), row('b', 1, 4)])
    expect(glue.add(each)).toEqual([])
  expect([...glue.rest()].map(said)).toEqual([
    [1, 'b0', 'b1', 'b2'],
    [2, 'a0'],
  ])
  expect([...glue.rest()]).toEqual([])
})

test('rows of one place keep the order in which they came', () => {
  const glue = createGlue<string>()
  glue.add({ ...row('a', 0, 1), row: 'first' })
  glue.add({ ...row('a', 0, 2), row: 'second' })
  expect([...glue.rest()].map(({ rows }) => rows)).toEqual([['first', 'second']])
})

test('what waits longest goes first where no more fits, but never the call at hand', () => {
  const glue = createGlue<string>(25)
  expect(glue.add(row('a', 0, 1))).toEqual([])
  expect(glue.add(row('b', 0, 2))).toEqual([])
  expect(glue.add(row('c', 0, 3))?.map(said)).toEqual([[1, 'a0']])
  expect(glue.add(row('c', 1, 4, 500))?.map(said)).toEqual([[2, 'b0']])
  expect([...glue.rest()].map(said)).toEqual([[3, 'c0', 'c1']])
})

test('a row whose call has gone is no new call', () => {
  const glue = createGlue<string>(15)
  glue.add(row('a', 0, 1))
  expect(glue.add(row('b', 0, 2))?.map(said)).toEqual([[1, 'a0']])
  expect(glue.add(row('a', 1, 3))).toBeNull()
  expect([...glue.rest()].map(said)).toEqual([[2, 'b0']])
})

test('every row comes out once or is refused, and no more is held than may be', () => {
  const draws = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(3), fc.integer({ min: 1, max: 30 })))
  fc.assert(
    fc.property(draws, fc.integer({ min: 1, max: 80 }), (drawn, maxBytes) => {
      const glue = createGlue<string>(maxBytes)
      const out: Glued<string>[] = []
      let refused = 0
      let held = 0
      const sizes = new Map<string, number>()
      for (const [at, [key, order, bytes]] of drawn.entries()) {
        const full = glue.add(row(key, order, at, bytes))
        if (full === null) {
          refused += 1
          continue
        }
        sizes.set(key, (sizes.get(key) ?? 0) + bytes)
        held += bytes
        for (const each of full) held -= sizes.get(keyOf(each)) ?? 0
        out.push(...full)
        expect(held <= maxBytes || held === sizes.get(key)).toBe(true)
      }
      out.push(...glue.rest())
      expect(out.reduce((sum, { rows }) => sum + rows.length, refused)).toBe(drawn.length)
      const keys = out.map(keyOf)
      expect(new Set(keys).size).toBe(keys.length)
      for (const { rows } of out) {
        const orders = rows.map((each) => (typeof each === 'string' ? Number(each.slice(1)) : Number.NaN))
        expect(orders).toEqual(orders.toSorted((left, right) => left - right))
      }
    }),
  )
})
