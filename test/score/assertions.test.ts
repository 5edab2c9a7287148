// Checks of the user's own: what each kind says of an answer, whom it is about, and when it says nothing.

import { describe, expect, it } from 'vitest'
import type { Assertion, AssertionCheck } from '../../src/core/judgement.ts'
import { assertionMetric } from '../../src/score/assertions/assertion-metric.ts'
import type { UserCheck } from '../../src/score/assertions/check.ts'
import { absent, value } from '../../src/score/metric.ts'
import { noPrices, rejected, replied } from './calls.ts'

const recorded = { text: 'Paris.\n', toolCalls: [], stop: 'end', usage: null, servedModel: null } as const
const record = { body: {}, segments: { task: 'capital' }, recorded }

function asserted(check: AssertionCheck, parts: Partial<Assertion> = {}, userCheck: UserCheck | null = null) {
  return assertionMetric({ name: 'own', segment: null, check, ...parts }, userCheck)
}

function said(text: string, check: AssertionCheck, userCheck: UserCheck | null = null) {
  return asserted(check, {}, userCheck).measure(replied({ text }), 'candidate', { ...noPrices, record })
}

const json = '{"city":"Paris","tags":["a","b"],"n":1}'

describe('a check', () => {
  it.each<[string, AssertionCheck, string, 0 | 1]>([
    ['all of its texts are there', { kind: 'contains', texts: ['Par', 's.'], ignoreCase: false }, 'Paris.', 1],
    ['one is not', { kind: 'contains', texts: ['Par', 'x'], ignoreCase: false }, 'Paris.', 0],
    ['the case is another', { kind: 'contains', texts: ['paris'], ignoreCase: false }, 'Paris.', 0],
    ['the case is nothing', { kind: 'contains', texts: ['paris'], ignoreCase: true }, 'PARIS.', 1],
    ['none of its texts is there', { kind: 'not-contains', texts: ['x', 'y'], ignoreCase: false }, 'Paris.', 1],
    ['one is', { kind: 'not-contains', texts: ['x', 'ris'], ignoreCase: false }, 'Paris.', 0],
    ['a pattern is found', { kind: 'regex', pattern: '^par', flags: 'i' }, 'Paris.', 1],
    ['a pattern is not', { kind: 'regex', pattern: '^par', flags: '' }, 'Paris.', 0],
    ['a path finds something', { kind: 'json-path', path: '$.tags[1]' }, json, 1],
    ['a path finds nothing', { kind: 'json-path', path: '$.tags[2]' }, json, 0],
    ['a path finds the value', { kind: 'json-path', path: '$.tags[*]', equals: 'b' }, json, 1],
    ['a path finds another', { kind: 'json-path', path: '$.n', equals: '1' }, json, 0],
    [
      'an object is the same in another order',
      { kind: 'json-path', path: '$', equals: { b: 1, a: 2 } },
      '{"a":2,"b":1}',
      1,
    ],
    ['a fence is around the JSON', { kind: 'json-path', path: '$.n' }, `\`\`\`json\n${json}\n\`\`\``, 0],
    ['there is no JSON', { kind: 'json-path', path: '$' }, 'Paris.', 0],
    ['the answer is the recorded one', { kind: 'equals-recorded' }, 'Paris.', 1],
    ['the answer is another', { kind: 'equals-recorded' }, 'London.', 0],
  ])('where %s', (_, check, text, expected) => expect(said(text, check)).toEqual(value(expected)))

  it('by the user is told of the answer and its request', () => {
    const check: AssertionCheck = { kind: 'module', file: 'own.js', name: 'default', sha256: '' }
    const told: UserCheck = ({ text }, { segments, recorded: then }) =>
      text === then?.text.trim() && segments['task'] === 'capital'
    expect([said('Paris.', check, told), said('London.', check, told)]).toEqual([value(1), value(0)])
  })

  it('that backtracks for ever on what a model wrote ends, and says nothing', () => {
    expect(said(`${'a'.repeat(60)}b`, { kind: 'regex', pattern: '^(a+)+$', flags: '' })).toEqual(absent('check-failed'))
  })

  it.each<[string, UserCheck]>([
    [
      'never ends',
      () => {
        for (;;);
      },
    ],
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['promises', async () => true],
    ['says a number', () => 1],
    ['says nothing', () => undefined],
  ])('by the user that %s says nothing of a model', (_, userCheck) => {
    const check: AssertionCheck = { kind: 'module', file: 'own.js', name: 'default', sha256: '' }
    expect(said('Paris.', check, userCheck)).toEqual(absent('check-failed'))
  })
})

describe('an assertion', () => {
  const check: AssertionCheck = { kind: 'contains', texts: ['P'], ignoreCase: false }
  it('for a segment is about no other, nor about records of none', () => {
    const own = asserted(check, { segment: { key: 'task', value: 'capital' } })
    const of = (segments: Readonly<Record<string, string>>) =>
      own.measure(replied(), 'candidate', { ...noPrices, record: { ...record, segments } })
    expect([of({ task: 'capital' }), of({ task: 'sum' }), of({})]).toEqual([
      value(1),
      absent('not-asked'),
      absent('not-asked'),
    ])
    expect(own.readsRecord).toBe(true)
  })
  it('about the recorded answer is about no record that has none', () => {
    const own = asserted({ kind: 'equals-recorded' })
    expect(own.measure(replied(), 'candidate', { ...noPrices, record: { ...record, recorded: null } })).toEqual(
      absent('not-asked'),
    )
  })
  it('says nothing of a call without an answer', () => {
    expect(asserted(check).measure(rejected, 'candidate', { ...noPrices, record })).toEqual(absent('no-reply'))
  })
  it('is another metric once it asks something else', () => {
    expect(asserted(check).version).toBe(asserted({ ...check }).version)
    expect(asserted(check).version).not.toBe(asserted({ ...check, texts: ['Q'] }).version)
    expect(asserted(check)).toMatchObject({ name: 'assert-own', title: 'Check: own', better: 'higher' })
  })
})
