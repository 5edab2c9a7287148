// What is left of an answer: every text of it is cleaned, and a target's own key goes in whatever form it has.

import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/core/types.ts'
import { cleaned, withoutKeys } from '../../src/replay/clean.ts'
import { replyOf } from '../support/nouns.ts'

const key = `sk-proj-${'a1B2c3D4'.repeat(5)}`

describe('an outcome without credentials', () => {
  test.each<[string, Outcome, Outcome]>([
    ['the text', replyOf({ text: `use ${key}` }), replyOf({ text: 'use [secret]' })],
    [
      "a tool's name and arguments",
      replyOf({ toolCalls: [{ name: `send ${key}`, arguments: `{"key":"${key}"}` }] }),
      replyOf({ toolCalls: [{ name: 'send [secret]', arguments: '{"key":"[secret]"}' }] }),
    ],
    ['the model that a gateway names', replyOf({ servedModel: `m ${key}` }), replyOf({ servedModel: 'm [secret]' })],
    [
      'code and detail of a rejection',
      { kind: 'rejected', status: 400, code: key, detail: `no ${key}` },
      { kind: 'rejected', status: 400, code: '[secret]', detail: 'no [secret]' },
    ],
    ['what broke', { kind: 'broken', detail: `got ${key}` }, { kind: 'broken', detail: 'got [secret]' }],
  ])('%s', (_, outcome, expected) => {
    expect(cleaned(outcome)).toEqual(expected)
  })

  test('timeouts and cancelled calls have no text', () => {
    expect(cleaned({ kind: 'timeout', phase: 'idle' })).toEqual({ kind: 'timeout', phase: 'idle' })
  })
})

describe("a target's own keys", () => {
  const clean = withoutKeys({
    key: 'corp.key.of.ours',
    headers: {
      'x-team': 'Bearer team.0f1e2d3c.token',
      'anthropic-version': '2023-06-01',
      'x-title': 'Our own service',
    },
  })

  test.each([
    ['the key', 'Incorrect key corp.key.of.ours.', 'Incorrect key [secret].'],
    ['a header, without its scheme', 'no team.0f1e2d3c.token here', 'no [secret] here'],
    ['not a version', 'since 2023-06-01', 'since 2023-06-01'],
    ['not a word', 'Our own service', 'Our own service'],
  ])('%s', (_, text, expected) => {
    expect(clean?.(text)).toBe(expected)
  })

  test('the longer one goes whole where it holds the other', () => {
    const both = withoutKeys({ key: 'corp.key.1', headers: { 'x-key': 'corp.key.1.of.team' } })
    expect(both?.('corp.key.1.of.team, corp.key.1')).toBe('[secret], [secret]')
  })

  test.each([
    ['no key', { key: null, headers: {} }],
    ['a key that is a word', { key: 'test', headers: {} }],
  ])('%s takes nothing out', (_, sent) => {
    expect(withoutKeys(sent)).toBeNull()
  })
})
