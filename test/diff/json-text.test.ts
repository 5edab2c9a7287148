// JSON in answers: what counts as it stands, what its schema asks, and which pairs the two metrics are about.

import { describe, expect, it } from 'vitest'
import type { AskedForm, JsonObject } from '../../src/core/types.ts'
import { isSameJson, jsonIn } from '../../src/diff/json-text.ts'
import { satisfies } from '../../src/score/json-schema.ts'
import { absent, type MeasureContext, value } from '../../src/score/metric.ts'
import { jsonKept } from '../../src/score/metrics/json-kept.ts'
import { jsonValid } from '../../src/score/metrics/json-valid.ts'
import { noPrices, replied, timedOut } from '../score/calls.ts'

const asking = (asked: Partial<AskedForm> = {}): MeasureContext => ({
  ...noPrices,
  asked: { isJson: true, schema: null, tools: [], ...asked },
  record: null,
  judged: null,
})

const ticket: JsonObject = {
  type: 'object',
  properties: {
    priority: { enum: ['low', 'high'] },
    tags: { type: 'array', items: { type: 'string' }, uniqueItems: true },
    pattern: { type: 'string', pattern: '^[A-Z]{2}-' },
    due: { type: 'string', format: 'date' },
  },
  required: ['priority'],
  additionalProperties: false,
}

describe('json-valid', () => {
  it.each([
    ['as it stands', '{"a": 1}', 1],
    ['with white space around it', '\n {"a": 1}\n', 1],
    ['an array', '[]', 1],
    ['in a code fence', '```json\n{"a": 1}\n```', 0],
    ['with a word before it', 'Here you go: {"a": 1}', 0],
    ['with a word after it', '{"a": 1}\nLet me know!', 0],
    ['cut at the limit', '{"a": [1, 2', 0],
    ['in single quotes, as Python prints it', "{'a': 1}", 0],
    ['with a comma too many', '{"a": 1,}', 0],
    ['with NaN', '{"a": NaN}', 0],
    ['with a comment', '{"a": 1} // one', 0],
    ['two of them', '{"a": 1}\n{"a": 2}', 0],
    ['with a byte order mark', '\uFEFF{"a": 1}', 0],
    ['a number, where an object is meant', '42', 0],
    ['nothing', '', 0],
    ['a refusal', "I'm sorry, but I can't help with that.", 0],
    ['nested beyond what anyone reads', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 0],
  ])('%s', (_why, text, expected) => {
    expect(jsonValid.measure(replied({ text }), 'candidate', asking())).toEqual(value(expected))
  })
  it.each([
    ['keeps the schema', { priority: 'low', tags: ['a'] }, 1],
    ['lacks a field', { tags: [] }, 0],
    ['has a field too many', { priority: 'low', note: '' }, 0],
    ['has another word', { priority: 'urgent' }, 0],
    ['has another type', { priority: 'low', tags: 'a' }, 0],
    ['breaks the pattern of a field that is called pattern', { priority: 'low', pattern: 'x' }, 0],
    ['has a date that is none', { priority: 'low', due: 'tomorrow' }, 0],
    // Comparing all items with all has no bound.
    ['repeats an item, which is not asked about', { priority: 'low', tags: ['a', 'a'] }, 1],
  ])('%s', (_why, answer, expected) => {
    const text = JSON.stringify(answer)
    expect(jsonValid.measure(replied({ text }), 'candidate', asking({ schema: ticket }))).toEqual(value(expected))
  })
  it('a call of a tool is not the answer yet', () => {
    const call = replied({ text: '', toolCalls: [{ name: 'f', arguments: '{}' }] })
    expect(jsonValid.measure(call, 'candidate', asking())).toEqual(value(1))
  })
  it('no answer is absent; where nobody asked, every call is', () => {
    expect(jsonValid.measure(timedOut, 'candidate', asking())).toEqual(absent('no-reply'))
    for (const call of [timedOut, replied({ text: '{}' })])
      expect(jsonValid.measure(call, 'candidate', noPrices)).toEqual(absent('not-asked'))
  })
})

describe('a schema that can’t be read asks for nothing', () => {
  it.each<[string, JsonObject]>([
    ['a reference that leads nowhere', { $ref: '#/$defs/none' }],
    ['a pattern that is no regular expression', { type: 'string', pattern: '^(' }],
    ['a pattern that would take for ever', { type: 'string', pattern: '^(a+)+$' }],
    ['fields named by such a pattern', { type: 'string', patternProperties: { '(x+x+)+y': {} } }],
  ])('%s', (_why, schema) => {
    expect(satisfies(`${'a'.repeat(40)}!`, '', schema)).toBe(true)
  })
  it('nor one that is asked of a value over and over', () => {
    const own = { properties: { n: { $ref: '#/$defs/n' } } }
    const schema = {
      $defs: {
        n: {
          anyOf: [
            { ...own, required: ['x'] },
            { ...own, required: ['y'] },
          ],
        },
      },
      $ref: '#/$defs/n',
    }
    const deep = Array.from({ length: 60 }).reduce<JsonObject>((n) => ({ n }), {})
    const begun = process.cpuUsage()
    expect(satisfies(deep, '', schema)).toBe(true)
    expect(process.cpuUsage(begun).user / 1000, 'ms of computing').toBeLessThan(1000)
  })
  it('draft 7 and draft 4 are read as what they are', () => {
    const draft = (name: string, exclusiveMinimum: boolean | number) => ({
      $schema: `http://json-schema.org/${name}/schema#`,
      minimum: 1,
      exclusiveMinimum,
    })
    expect([satisfies(1, '', draft('draft-04', true)), satisfies(1, '', draft('draft-07', 1))]).toEqual([false, false])
  })
})

describe('json-kept', () => {
  const both = (left: string, right: string, context = noPrices) =>
    jsonKept.measure(replied({ text: left }), replied({ text: right }), context)
  it.each([
    ['kept', '{"a": 1}', '{"b": 2}', 1, 1],
    ['fenced', '{"a": 1}', '```json\n{"a": 1}\n```', 1, 0],
    ['come to be JSON', 'It is a.', '{"a": 1}', 0, 1],
  ])('%s', (_why, left, right, a, b) => {
    expect(both(left, right)).toEqual({ left: value(a), right: value(b) })
  })
  it('is not about prose, nor about numbers, nor about requests that ask in the API’s own field', () => {
    const none = { left: absent('not-asked'), right: absent('not-asked') }
    expect([both('Paris.', '[Paris]'), both('42', '43'), both('{}', '{}', asking())]).toEqual([none, none, none])
  })
  it('a model that slips now and then does not look worse than itself', () => {
    // One in ten is fenced, whichever side it is on: by the left answer alone, the right would be at 90 % against 100.
    const texts = Array.from({ length: 10 }, (_, index) => (index === 0 ? '```\n{}\n```' : '{}'))
    const pairs = texts.flatMap((left) => texts.map((right) => both(left, right)))
    const sum = (side: 'left' | 'right') =>
      pairs.reduce((total, pair) => total + (pair[side].kind === 'value' ? pair[side].value : 0), 0)
    expect(sum('left')).toBe(sum('right'))
  })
})

describe('JSON in a text', () => {
  it.each([
    ['{"a":1,"b":2}', '{"b":2,"a":1.0}', true],
    ['[1,2]', '[2,1]', false],
    ['{"a":null}', '{}', false],
    ['{"a":1}', '{"a":"1"}', false],
    ['{"__proto__":1}', '{"a":1}', false],
    ['1e2', '100', true],
  ])('%s and %s are the same to a program: %s', (a, b, expected) => {
    expect(isSameJson(jsonIn(a), jsonIn(b))).toBe(expected)
  })
  it('brackets in strings are no depth', () => {
    expect(jsonIn(JSON.stringify({ a: '['.repeat(1000) }))).toEqual({ a: '['.repeat(1000) })
    expect(jsonIn(`"${'\\"['.repeat(500)}"`)).toBe('"['.repeat(500))
  })
})
