// What a drawn sample says of itself: how many records, and why the others are not in it.

import { expect, it } from 'vitest'
import { drawnWords } from '../../src/commands/sample.ts'

const none = { duplicate: 0, fidelity: 0, api: 0, size: 0 }

it.each([
  [1648, 0, { ...none, duplicate: 2 }, '1,648 records (left out: 2 recur)'],
  [
    2000,
    1100,
    { ...none, size: 12_000 },
    '2,000 records, 1,100 of them judged before (left out: 12,000 beyond sample.size)',
  ],
  [1, 0, none, '1 record'],
])('%d records, %d of them old', (records, old, leftOut, words) => {
  expect(drawnWords(records, old, leftOut)).toBe(words)
})
