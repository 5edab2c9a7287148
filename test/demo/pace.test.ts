// When the pieces of a streamed answer are due.

import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { paced } from '../../src/demo/pace.ts'

const text = fc.string({ unit: 'binary' })
const size = fc.record({
  tokens: fc.integer({ min: 1, max: 2000 }),
  totalMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
})

it('keeps the text, cuts no character, and is done in time', () => {
  fc.assert(
    fc.property(text, size, (whole, { tokens, totalMs }) => {
      const pieces = paced(whole, { tokens, totalMs })
      expect(pieces.map((piece) => piece.text).join('')).toBe(whole)
      expect(pieces.every((piece) => piece.text.isWellFormed())).toBe(true)
      expect(pieces.length).toBeLessThanOrEqual(Math.min(13, tokens))
      expect(pieces[0]?.dueMs).toBe(0.25 * totalMs)
      expect(pieces.every(({ dueMs }, at) => dueMs >= (pieces[at - 1]?.dueMs ?? 0))).toBe(true)
      expect(pieces.at(-1)?.dueMs).toBeCloseTo(pieces.length === 1 ? 0.25 * totalMs : totalMs, 6)
    }),
  )
})

it('spreads twelve pieces evenly after the first', () => {
  const pieces = paced('abcdefghijklmnopqrstuvwxyz', { tokens: 26, totalMs: 1600 })
  expect(pieces.map((piece) => piece.text)).toEqual('ab cd ef gh ij kl mn op qr st uv wx yz'.split(' '))
  expect(pieces.map((piece) => piece.dueMs)).toEqual(Array.from({ length: 13 }, (_, at) => 400 + 100 * at))
})
