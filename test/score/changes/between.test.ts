// What is said to have changed between two answers: a table for each kind, and what holds of any two.

import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { AnsweredCall } from '../../../src/core/types.ts'
import { changeBetween } from '../../../src/score/changes/between.ts'
import { type ChangeKindName, changeKinds, tellingKind } from '../../../src/score/changes/kinds.ts'
import { cancelled, rejected, replied, timedOut } from '../calls.ts'

const said = (text: string) => replied({ text })
const long = 'To find out we try every prime up to the root, and none of them divides the number without a rest.'
const code = 'def f(x):\n    return x + 1'
const spoken = {
  english: 'The answer is that you will have to wait for it, and that this is not what you want.',
  german: 'Die Antwort ist, dass der Kunde sich nicht mit dem Bescheid und der Frist abfinden wird.',
  french: 'La réponse est que vous ne pouvez pas le faire sur cette page, mais dans les réglages.',
  russian: 'Ответ таков, что вам придётся подождать, и это не то, чего вы хотите.',
}
const tool = (name: string, text: string) => replied({ text: '', toolCalls: [{ name, arguments: text }], stop: 'tool' })

function kindBetween(before: AnsweredCall, after: AnsweredCall): ChangeKindName | null {
  const between = changeBetween(before, after)
  return between === null ? null : (changeKinds[tellingKind(between.mask)]?.name ?? null)
}

describe('the most telling kind', () => {
  it.each<[ChangeKindName | null, string, AnsweredCall, AnsweredCall]>([
    [null, 'the same text', said('[Yes]'), said('[Yes]')],
    [null, 'blanks at the end', said('[Yes]'), said('[Yes] \n')],
    ['no-answer', 'a timeout', said('Paris.'), timedOut],
    ['no-answer', 'an empty text', said('Paris.'), said(' ')],
    ['answered-again', 'an answer in place of an error', rejected, said('Paris.')],
    ['newly-refused', 'a refusal', said(long), said("I'm sorry, but I can't assist with that.")],
    ['newly-refused', 'the provider’s word', said('Paris.'), replied({ text: 'Paris.', stop: 'filtered' })],
    ['no-longer-refused', 'an answer', said("I'm sorry, but I can't assist with that."), said(long)],
    [
      'refused-otherwise',
      'a curter refusal',
      said(`I'm sorry, but I can't assist with that. ${long}`),
      said("I'm sorry, but I can't assist with that."),
    ],
    ['cut', 'the limit', said(long), replied({ text: `${long} ${long}`, stop: 'length' })],
    ['tool-call-lost', 'words in place of a tool', tool('search', '{}'), said('I would search for it.')],
    ['tool-call-new', 'a tool in place of words', said('I would search for it.'), tool('search', '{}')],
    ['tool-calls-differ', 'another argument', tool('search', '{"q":1}'), tool('search', '{"q":2}')],
    [null, 'arguments in another order', tool('f', '{"a":1,"b":2}'), tool('f', '{ "b": 2, "a": 1 }')],
    ['json-broken', 'prose around it', said('{"a": 1}'), said('Here it is: {"a": 1}')],
    ['json-broken', 'a missing bracket', said('{"a": [1, 2]}'), said('{"a": [1, 2}')],
    ['json-mended', 'a bracket that was missing', said('{"a": [1, 2}'), said('{"a": [1, 2]}')],
    ['fenced', 'a fence around JSON, which stays JSON', said('{"a": 1}'), said('```json\n{"a": 1}\n```')],
    ['fenced', 'a fence around code', said(code), said(`\`\`\`python\n${code}\n\`\`\``)],
    ['unfenced', 'no fence around code', said(`Here:\n\`\`\`\n${code}\n\`\`\``), said(code)],
    ['loops', 'the same words over and over', said(long), said(`${long} ${'and so on '.repeat(20)}`)],
    ['language', 'another language', said(spoken.english), said(spoken.german)],
    ['language', 'another script', said(spoken.french), said(spoken.russian)],
    ['collapsed', 'a word in place of reasons', said(long), said('[No]')],
    ['grown', 'reasons in place of a word', said('[No]'), said(long)],
    ['value', 'another word in brackets', said('[Yes]'), said('[No]')],
    ['value', 'another number', said('There are 42 of them.'), said('There are 1,043 of them.')],
    ['value', 'another name', said('The capital is Paris.'), said('The capital is New York.')],
    ['value', 'another word alone', said('yes'), said('no')],
    ['reformatted', 'marks of a list', said('Eggs, milk and bread'), said('- Eggs\n- milk\n- **and** bread')],
    ['reworded', 'a few other words', said(`${long} It is prime.`), said(`${long} So the number is a prime one.`)],
    ['rewritten', 'other words', said(long), said('Divide by seven, eleven, thirteen; always something remains over.')],
  ])('%s: %s', (kind, _, before, after) => expect(kindBetween(before, after)).toBe(kind))

  it('is unknown where neither call was answered', () => expect(changeBetween(cancelled, timedOut)).toBeNull())
})

describe('the template', () => {
  // Before JSON stands JSON: what is mended has the template of what was broken.
  const beforeOf = (text: string) =>
    text.startsWith('{') ? JSON.stringify({ list: Array.from({ length: 99 }, (_, place) => `x${place}`) }) : long
  const templateOf = (text: string, before = beforeOf(text)) => changeBetween(said(before), said(text))?.template
  it.each([
    ['[Yes]', '[No]'],
    ['There are 42 of them, at 10.5 each.', 'There are 7 of them, at 1,000 each.'],
    ["I'm sorry, but I can't assist with that.", 'I’m sorry, but I can’t assist with that.'],
    ['```python\nx = 1\n```', `\`\`\`python\n${code}\n\`\`\`\nThis works since addition is total.`],
    ['{"name": "Ada", "age": 36}', '{"name": "Grace Hopper", "age": 85}'],
  ])('is one of %s and %s', (a, b) => expect(templateOf(a)).toBe(templateOf(b)))
  it.each([
    ['[Yes]', 'Yes'],
    ['```python\nx\n```', '```js\nx\n```'],
    ['{"name": "Ada"}', '{"title": "Ada"}'],
  ])('is not one of %s and %s', (a, b) => expect(templateOf(a)).not.toBe(templateOf(b)))
  it('is production’s where its answer was the special one', () => {
    const refusal = "I'm sorry, but I can't assist with that."
    expect(templateOf(long, refusal)).toBe(templateOf(refusal, long))
  })
})

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(
      fc.constantFrom('a', 'B c', '12', '[x]', '"', '`', '```', '\n', '. ', '漢字', 'ö', '{', '}', '[', ']', "I can't"),
      {
        maxLength: 60,
      },
    )
    .map((parts) => parts.join('')),
)
const calls = fc.oneof(
  {
    arbitrary: fc.record({ text: texts, stop: fc.constantFrom('end', 'length', 'refused', 'tool') }).map(replied),
    weight: 9,
  },
  { arbitrary: fc.constantFrom(timedOut, rejected), weight: 1 },
)

test('an answer and itself have not changed', () => {
  fc.assert(
    fc.property(calls, (call) => {
      expect(changeBetween(call, structuredClone(call))?.mask ?? 0).toBe(0)
    }),
  )
})

test('turning a pair round turns its kind into the mirror: the test of direction rests on that', () => {
  fc.assert(
    fc.property(calls, calls, (a, b) => {
      const there = changeKinds[tellingKind(changeBetween(a, b)?.mask ?? 0)]
      const back = changeKinds[tellingKind(changeBetween(b, a)?.mask ?? 0)]
      expect(back?.name).toBe(there?.mirror ?? there?.name)
    }),
    { numRuns: 500 },
  )
})

test('mask and template are whole numbers that a double holds', () => {
  fc.assert(
    fc.property(calls, calls, (a, b) => {
      const { mask, template } = changeBetween(a, b) ?? { mask: 0, template: 0 }
      expect(mask >= 0 && mask < 2 ** changeKinds.length).toBe(true)
      expect(Number.isSafeInteger(template) && template >= 0 && template < 2 ** 48).toBe(true)
    }),
  )
})

test('kinds have their own bits and names, and each mirror is the other’s', () => {
  expect(new Set(changeKinds.map(({ bit }) => bit)).size).toBe(changeKinds.length)
  expect(new Set(changeKinds.map(({ name }) => name)).size).toBe(changeKinds.length)
  for (const { name, mirror, isBack } of changeKinds) {
    const twin = changeKinds.find((each) => each.name === mirror)
    if (mirror !== null) expect([twin?.mirror, twin?.isBack]).toEqual([name, !isBack])
  }
})

test('a text of a million characters is not read whole', () => {
  const endless = [' ', '"', '" ', '[', '[a', '\n', '漢', 'a b ', '`', '{"a":1,'].map((part) =>
    part.repeat(1e6 / part.length),
  )
  const start = process.cpuUsage()
  for (const text of endless) changeBetween(said(`${text}1`), said(`${text}x`))
  expect(process.cpuUsage(start).user / 1000, 'ms of computing').toBeLessThan(2000)
})
