// Remarks on a terminal and off it.

import { expect, test } from 'vitest'
import { remark } from '../../../src/commands/output/remark.ts'

test('on a terminal a line breaks between words and goes on under its text', () => {
  const text = 'ingest     2 can’t: no request in it: spend logs keep them where `store_prompts` is on'
  expect(remark(text, 50)).toBe(
    ['ingest     2 can’t: no request in it: spend logs', '           keep them where `store_prompts` is on'].join('\n'),
  )
  expect(remark('Next: name your logs, and then go on to the next', 30)).toBe(
    'Next: name your logs, and then\ngo on to the next',
  )
})

test.each([
  ['it fits', 'ingest   1 call; can be replayed: all', 80],
  ['nobody is at a terminal', `privacy  ${'word '.repeat(60)}end`, null],
  ['the terminal is a slit', 'ingest   1 call; can be replayed: all', 12],
  ['it is a name that would not be found in pieces', `report   /${'x'.repeat(100)}`, 80],
])('a remark stays as it is where %s', (_, text, columns) => {
  expect(remark(text, columns)).toBe(text)
})
