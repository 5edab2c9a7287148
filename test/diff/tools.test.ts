// Tool calls as programs see them: names, order, arguments as JSON; and the differences in words.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ToolCall } from '../../src/core/types.ts'
import { describeToolDifferences, isSameToolCalls, toolDifferences } from '../../src/diff/tools.ts'
import { absent, value } from '../../src/score/metric.ts'
import { sameToolCalls } from '../../src/score/metrics/same-tool-calls.ts'
import { noPrices, replied, timedOut } from '../score/calls.ts'

const call = (name: string, args: unknown = {}): ToolCall => ({
  name,
  arguments: typeof args === 'string' ? args : JSON.stringify(args),
})
const words = (left: readonly ToolCall[], right: readonly ToolCall[]) =>
  describeToolDifferences(toolDifferences(left, right))

describe('the same calls', () => {
  it.each([
    ['order of keys', [call('f', '{"a":1,"b":{"c":2,"d":3}}')], [call('f', '{"b": {"d":3,"c":2}, "a":1}')]],
    ['numbers by value', [call('f', '{"a":1.0,"b":100}')], [call('f', '{"a":1,"b":1e2}')]],
    ['no arguments, written in two ways', [call('f', '')], [call('f', '{}')]],
    ['text that is no JSON, to the character', [call('f', '{"a":')], [call('f', '{"a":')]],
    ['none at all', [], []],
  ])('%s', (_why, left, right) => {
    expect([isSameToolCalls(left, right), words(left, right)]).toEqual([true, []])
  })
})

describe('what differs, in words', () => {
  const search = call('search', { q: 'x' })
  const weather = (city: string) => call('weather', { city })
  it.each<[string, ToolCall[], ToolCall[], string[]]>([
    ['an argument', [weather('Paris')], [weather('London')], ['argument city: Paris → London']],
    ['a type', [call('f', { n: 5 })], [call('f', { n: '5' })], ['argument n: 5 → "5"']],
    ['an argument left out', [call('f', { n: 5 })], [call('f')], ['argument n: left out, was 5']],
    ['an argument more', [call('f')], [call('f', { unit: 'C' })], ['argument unit: added, C']],
    ['null is not nothing', [call('f', { a: null })], [call('f')], ['argument a: left out, was null']],
    [
      'deep down',
      [call('f', { filter: { tags: ['a', 'b'] } })],
      [call('f', { filter: { tags: ['a', 'c', 'd'] } })],
      ['argument filter.tags[1]: b → c', 'argument filter.tags[2]: added, d'],
    ],
    ['a call too many', [weather('Paris')], [weather('Paris'), search], ['calls search, which production did not']],
    ['a call that is missing', [weather('Paris'), search], [search], ['does not call weather, which production did']],
    [
      'another tool',
      [search],
      [call('find')],
      ['does not call search, which production did', 'calls find, which production did not'],
    ],
    [
      'the order',
      [search, weather('Paris')],
      [weather('Paris'), search],
      ['calls in another order: search, weather → weather, search'],
    ],
    [
      'the order of calls of one tool is seen by their arguments',
      [weather('Paris'), weather('Rome')],
      [weather('Rome'), weather('Paris')],
      ['calls in another order: weather, weather → weather, weather'],
    ],
    [
      'which of several calls',
      [search, weather('Paris')],
      [call('search', { q: 'y' }), weather('Rome')],
      ['search, argument q: x → y', 'weather, argument city: Paris → Rome'],
    ],
    ['arguments that are no JSON', [call('f', { a: 1 })], [call('f', '{"a":')], ['arguments: {"a":1} → "{\\"a\\":"']],
    ['an empty text', [call('f', { a: '' })], [call('f', { a: 'b' })], ['argument a: "" → b']],
  ])('%s', (_why, left, right, expected) => {
    expect(words(left, right)).toEqual(expected)
    expect(isSameToolCalls(left, right)).toBe(false)
  })
  it('long values are cut, and many differences are counted', () => {
    const many = (by: number) => call('f', Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`a${n}`, n + by])))
    expect(words([many(0)], [many(1)]).slice(-1)).toEqual(['and 12 more differences'])
    const [line] = words([call('f', { text: 'a b\n'.repeat(999) })], [call('f', { text: 'c' })])
    expect(line).toMatch(/^argument text: a b a b .{40,60}… → c$/)
  })
})

describe('same-tool-calls', () => {
  const reply = (...toolCalls: ToolCall[]) => replied({ text: '', toolCalls })
  const offering = { ...noPrices, asked: { isJson: false, schema: null, tools: ['f'] } }
  it.each([
    ['the same call', reply(call('f')), reply(call('f')), value(1)],
    ['a call on one side', reply(), reply(call('f')), value(0)],
    ['no call on either, where none could be made', reply(), reply(), absent('not-asked')],
    ['no answer', reply(call('f')), timedOut, absent('no-reply')],
    ['no answer, and no call', timedOut, reply(), absent('not-asked')],
  ])('%s', (_why, left, right, expected) => {
    expect(sameToolCalls.measure(left, right, noPrices)).toEqual(expected)
  })
  it('no call on either where tools are offered is agreement', () => {
    expect(sameToolCalls.measure(reply(), reply(), offering)).toEqual(value(1))
  })
})

it('says of any two lists whether they are the same, and then names a difference', () => {
  const json = fc.oneof(fc.json({ maxDepth: 3 }), fc.constantFrom('', '{}', '{"a":1}', '{"a":1,"b":[1,2]}', '{"a"'))
  const calls = fc.array(fc.record({ name: fc.constantFrom('f', 'g'), arguments: json }), { maxLength: 4 })
  fc.assert(
    fc.property(calls, calls, (left, right) => {
      expect(toolDifferences(left, right).length === 0).toBe(isSameToolCalls(left, right))
      expect(isSameToolCalls(left, structuredClone(left))).toBe(true)
    }),
    { numRuns: 500 },
  )
})
