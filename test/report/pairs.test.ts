// One pair as every renderer has it: documents and calls by structure, what an answer took, and what was cut beforehand.

import { describe, expect, test } from 'vitest'
import type { SideDetail } from '../../src/core/pair.ts'
import type { ToolCall } from '../../src/core/types.ts'
import { callModels } from '../../src/report/model/pair-calls.ts'
import { againModel, listedExamples, pairModel } from '../../src/report/model/pairs.ts'
import { reportInput } from './fixture.ts'
import { worstExample } from './fixture-examples.ts'
import { manyPairs } from './fixture-many.ts'
import { hostile } from './hostile.ts'

const { detail } = worstExample

function said(text: string, rest: Partial<SideDetail> = {}): SideDetail {
  return { ...detail.production, text, ...rest }
}

function pairOf(production: SideDetail, candidate: SideDetail, parts: Partial<typeof detail> = {}) {
  return pairModel({ ...worstExample, detail: { ...detail, production, candidate, ...parts } })
}

describe('documents', () => {
  test('are compared by structure, in a fence or not, whatever the order of keys', () => {
    const { json } = pairOf(said('```json\n{"a": 1, "b": [2]}\n```'), said('{"b":[2],"a":1}'))
    expect(json?.lines.every(({ kind }) => kind === 'same' || kind === 'folded')).toBe(true)
  })
  test('say of which answer the tree leaves a fence out', () => {
    const { production, candidate } = pairOf(said('{"a":1}'), said('```json\n{"a":1}\n```'))
    expect(candidate.facts).toContain('inside a code fence')
    expect(production.facts).not.toContain('inside a code fence')
  })
  test.each([
    ['one side is prose', '{"a":1}', 'It is 1.'],
    ['a bare number is no document', '1', '2'],
    ['one side is broken', '{"a":1}', '{"a":'],
  ])('not where %s', (_, production, candidate) => {
    expect(pairOf(said(production), said(candidate)).json).toBeNull()
  })
  test('with hostile keys and values show them', () => {
    const text = JSON.stringify({ [hostile.controls]: hostile.controls })
    const { json } = pairOf(said(text), said('{"a":1}'))
    const shown = json?.lines.map(({ key, text: value }) => `${key}: ${value}`).join('\n')
    expect(shown).toMatch(/⟨U\+202E⟩[^\n]*: [^\n]*⟨U\+202E⟩/)
    expect(shown).not.toContain('\u202e')
  })
})

describe('calls', () => {
  const call = (name: string, args: string): ToolCall => ({ name, arguments: args })
  const told = (left: readonly ToolCall[], right: readonly ToolCall[]) =>
    callModels(left, right).map(({ name, told: words, lines }) => [
      name,
      words,
      lines.map(({ kind }) => kind).join(' '),
    ])

  test.each([
    ['the same but for order of keys', '{"a":1,"b":2}', '{"b":2,"a":1}', 'both call it so'],
    ['another value', '{"a":1}', '{"a":2}', 'called with other arguments'],
    ['no JSON', 'a: 1', '{"a":1}', 'called with other arguments'],
    ['the same that is no JSON', 'a: 1', 'a: 1', 'both call it so'],
  ])('%s', (_, left, right, words) => {
    expect(told([call('f', left)], [call('f', right)])[0]?.[1]).toBe(words)
  })

  test('of one arm alone are all of its colour', () => {
    expect(told([call('f', '{"a":1}')], [call('g', 'x')])).toEqual([
      ['f', 'production alone calls it', 'removed removed removed'],
      ['g', 'the candidate alone calls it', 'added'],
    ])
  })
})

describe('texts', () => {
  test.each([
    ['words', 'Yes, it is.', 'No, it was.', true],
    ['only a comma and a full stop', 'Of course, here.', 'Sorry, no.', false],
    ['all that they are', '👍', '👍', true],
  ])('that share %s: is the difference marked?', (_, production, candidate, isMarked) => {
    const { inline, note } = pairOf(said(production), said(candidate))
    expect([inline !== null, note === null]).toEqual([isMarked, isMarked])
  })
})

describe('an answer', () => {
  test('says what it took, as far as that is known', () => {
    const usage = { input: 1200, output: 4, cachedInput: 1000, reasoning: 300 }
    const rest = { usage, tries: 3, firstTokenMs: 51, servedModel: 'gpt-4-0613' }
    const { production } = pairOf(said('a', rest), said('b'))
    expect(production.facts.join(' · ').replaceAll('\u00a0', ' ')).toBe(
      'first token 51 ms · 3 tries · 1,200 tokens in, 1,000 of them cached · 300 tokens of reasoning · $0.0020 · served by gpt-4-0613',
    )
    const { candidate } = pairModel({
      ...worstExample,
      row: { ...worstExample.row, costUsd: { production: null, candidate: null } },
      detail: { ...detail, candidate: said('b', { usage: null, firstTokenMs: null }) },
    })
    expect(candidate.facts).toEqual([])
  })

  test('that was cut beforehand says so, and that its end is no difference', () => {
    const pair = pairOf(said('the same words'), said('the same words'), { left: { production: 1234, prompt: 7 } })
    expect(pair.production.cutNote).toMatch(/1,234.further characters/)
    expect(pair.candidate.cutNote).toBeNull()
    expect(pair.prompt.cutNote).toMatch(/7.further characters/)
    expect(pair.note).toMatch(/^Only what is shown was compared/)
  })
})

describe("production's second answer", () => {
  test('is compared with its first', () => {
    const again = againModel({ ...detail, production: said('one two three'), again: said('one two four') })
    expect(again?.inline?.parts).toEqual([
      { kind: 'same', text: 'one two' },
      { kind: 'removed', text: ' three' },
      { kind: 'added', text: ' four' },
    ])
  })
  test('is nothing where it was asked once', () => expect(againModel({ ...detail, again: null })).toBeNull())
})

test('the list that needs no script has the worst and what clusters are named by', () => {
  const many = manyPairs(60)
  const input = reportInput({ ...many })
  const [first] = input.changes?.clusters ?? []
  const last = many.examples[59]
  const example = { ordinal: last?.row.ordinal ?? -1, recordId: last?.row.recordId ?? '' }
  const changes = input.changes && { ...input.changes, clusters: first ? [{ ...first, example }] : [] }
  const ids = listedExamples({ ...input, changes }).map(({ row }) => row.recordId)
  expect(ids).toEqual([...many.pairs.slice(0, 25).map(({ recordId }) => recordId), example.recordId])
})
