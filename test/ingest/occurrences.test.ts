// Counting requests in little room gives what a Map would.

import { hash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOccurrences } from '../../src/ingest/occurrences.ts'

const idOf = (text: string) => hash('sha256', text, 'hex').slice(0, 24)

test('each is counted for itself, over many growths', () => {
  const occurrences = createOccurrences()
  const before = new Map<string, number>()
  // Some recur soon, some late, most never.
  for (let at = 0; at < 50_000; at++) {
    const id = idOf(String(at % 7 === 0 ? at % 1000 : at))
    expect(occurrences.count(id)).toBe(before.get(id) ?? 0)
    before.set(id, (before.get(id) ?? 0) + 1)
  }
})

test('the order in which they come does not matter', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (drawn) => {
      const occurrences = createOccurrences()
      const counts = new Map<number, number>()
      for (const each of drawn) {
        expect(occurrences.count(idOf(`${each}`))).toBe(counts.get(each) ?? 0)
        counts.set(each, (counts.get(each) ?? 0) + 1)
      }
    }),
  )
})
