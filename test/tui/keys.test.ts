// The table of keys, and what keyboards send.

import { expect, it } from 'vitest'
import { actionOf, keyGroups, shortHelp } from '../../src/tui/keys.ts'
import { keysOf } from '../../src/tui/pressed.ts'

it('no key means two things, and every key has a meaning and a help', () => {
  const all = keyGroups.flatMap(({ keys }) => keys.flatMap((each) => each.keys.map(String)))
  expect(new Set(all).size).toBe(all.length)
  for (const key of all) expect(actionOf(key)).not.toBeNull()
  expect(shortHelp.at(-1)).toEqual({ key: 'q', word: 'quit' })
})

it.each<[string, Parameters<typeof keysOf>[0], string[]]>([
  ['fast typing', { input: 'jjj', key: {} }, ['j', 'j', 'j']],
  ['a line and its end', { input: '/ab\r', key: {} }, ['/', 'a', 'b', 'enter']],
  ['controls among letters', { input: 'j\u0004\u007f\t', key: {} }, ['j', 'ctrl+d', 'backspace', 'tab']],
  ['a control alone', { input: 'd', key: { ctrl: true } }, ['ctrl+d']],
  ['an arrow', { input: '', key: { upArrow: true } }, ['up']],
  ['Enter', { input: '', key: { return: true } }, ['enter']],
  ['a family', { input: '👩‍👩‍👧x', key: {} }, ['👩‍👩‍👧', 'x']],
  ['a sequence that nobody knows', { input: '[1;5P', key: {} }, []],
  ['focus that came and went', { input: '[I', key: {} }, []],
  ['Alt and a letter', { input: 'a', key: { meta: true } }, []],
  ['a capital', { input: 'G', key: { shift: true } }, ['G']],
])('%s', (_what, chunk, keys) => {
  expect(keysOf(chunk)).toEqual(keys)
})
