// The end of an ingest: how much can be replayed, why the rest can't, and what was there already.

import { expect, test } from 'vitest'
import {
  addedWords,
  feedbackWords,
  formatWords,
  intakeWords,
  trafficOf,
  trafficWords,
} from '../../../src/commands/ingest/ingest-words.ts'
import { type FileSummary, newTally } from '../../../src/ingest/tally.ts'

const file = (counts: Partial<FileSummary>): FileSummary => ({
  ...newTally('a.jsonl', null),
  format: 'litellm',
  ...counts,
})

test('on the way all numbers are written alike', () => {
  expect(intakeWords({ records: 12_000, added: 10_530, rejected: 1 })).toBe(
    '12,000 records · 10,530 new · 1 line rejected',
  )
})

test('the share is of all calls that the logs tell of, and each other call has its reason', () => {
  const files = [
    file({ records: 1990, recurring: 3, incomplete: { 'cut in the middle': 10, 'not logged': 40 } }),
    file({
      records: 8,
      rejected: 2,
      leftOut: 5,
      leftOutAs: { 'a span': 1, 'a tool': 4 },
      incomplete: { 'not logged': 1 },
    }),
  ]
  expect(trafficOf(files)).toMatchObject({ calls: 2000, replayable: 1947, recurring: 3, leftOut: 5 })
  expect(trafficWords(trafficOf(files))).toEqual([
    '2,000 calls; can be replayed: 1,947 of 2,000, 97.3 % (3 recur)',
    '  41 can’t: not logged',
    '  10 can’t: cut in the middle',
    '  2 can’t: their line was rejected (table rejected_line)',
    '5 other entries, which are no call of a chat model, were left out',
    '  4: a tool',
    '  1: a span',
  ])
})

test.each([
  [[file({ records: 1 })], ['1 call; can be replayed: all']],
  [
    [file({ records: 10_000, incomplete: { cut: 1 } })],
    ['10,000 calls; can be replayed: 9,999 of 10,000, 99.9 %', '  1 can’t: cut'],
  ],
  [[file({ leftOut: 7 })], ['7 entries, none of them a call of a chat model']],
  [[], []],
])('%#', (files, words) => {
  expect(trafficWords(trafficOf(files))).toEqual(words)
})

test('beyond six reasons the rest is one', () => {
  const incomplete = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`reason ${at}`, 10 - at]))
  const words = trafficWords(trafficOf([file({ records: 100, incomplete })]))
  expect(words).toHaveLength(8)
  expect(words.at(-1)).toBe('  7 can’t, for other reasons (column fidelity_reason)')
})

test.each([
  [{ records: 80, added: 80 }, '80 new records'],
  [{ records: 80, added: 0 }, '0 new records: all 80 were there already'],
  [{ records: 1, added: 0 }, '0 new records: it was there already'],
  [{ records: 1081, added: 1 }, '1 new record: 1,080 were there already'],
  [{ records: 0, added: 0 }, '0 new records'],
])('%j', (counts, words) => {
  expect(addedWords(counts)).toBe(words)
})

test.each([
  ['one', [file({ lines: 1 })], '1 file read: litellm'],
  ['many of one', [file({ lines: 1 }), file({ lines: 2 })], '2 files read: litellm'],
  [
    'a folder of anything, what is in order first',
    [
      file({ format: null, rejected: 1 }),
      file({ lines: 1 }),
      file({ lines: 1, format: 'bedrock' }),
      file({ lines: 3 }),
    ],
    '4 files read: litellm (2), bedrock (1), no format that is known (1)',
  ],
  ['one without a line', [file({ format: null })], '1 file read: empty'],
])('which formats were recognised: %s', (_, files, expected) => {
  expect(formatWords(files)).toBe(expected)
})

test.each([
  [{ all: 0, joined: 0, ambiguous: 0 }, []],
  [
    { all: 1200, joined: 1200, ambiguous: 0 },
    ['feedback apart from its calls: 1,200 of 1,200 belong to a record of the store'],
  ],
  [
    { all: 7, joined: 2, ambiguous: 4 },
    [
      'feedback apart from its calls: 2 of 7 belong to a record of the store; 4 about a trace of several calls, which count for none of them; 1 about a call that the store does not have',
    ],
  ],
])('of feedback that stands apart it says what it came to: %o', (counts, expected) => {
  expect(feedbackWords(counts)).toEqual(expected)
})
