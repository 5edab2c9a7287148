// A prompt cache for each arm and trial: lines of one length that begin otherwise.

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { providerNamed, providers } from '../../src/providers/index.ts'
import { saltOf } from '../../src/replay/salt.ts'

test('every arm, trial and run has a line of its own, all of one length', () => {
  const salts = ['run-1', 'run-2'].flatMap((run) =>
    (['production', 'candidate'] as const).flatMap((arm) => [0, 1, 2].map((trial) => saltOf(run, arm, trial))),
  )
  expect(new Set(salts).size).toBe(12)
  expect(new Set(salts.map((salt) => salt.length)).size).toBe(1)
  expect(saltOf('run-1', 'candidate', 1)).toBe(saltOf('run-1', 'candidate', 1))
})

const line = '[x]\n'
const user = { role: 'user', content: 'Hi' }

describe('salted', () => {
  test.each<[string, string, JsonObject, JsonObject | null]>([
    [
      'a system message',
      'openai-chat',
      { messages: [{ role: 'system', content: 'Be brief.' }, user] },
      { messages: [{ role: 'system', content: '[x]\nBe brief.' }, user] },
    ],
    [
      "a developer's, in parts",
      'openai-chat',
      { messages: [{ role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] }, user] },
      { messages: [{ role: 'developer', content: [{ type: 'text', text: '[x]\nBe brief.' }] }, user] },
    ],
    ['no system prompt', 'openai-chat', { messages: [user] }, null],
    [
      'instructions',
      'openai-responses',
      { instructions: 'Be brief.', input: 'Hi' },
      { instructions: '[x]\nBe brief.', input: 'Hi' },
    ],
    [
      'a system message among the input',
      'openai-responses',
      { input: [{ role: 'system', content: 'Be brief.' }, user] },
      { input: [{ role: 'system', content: '[x]\nBe brief.' }, user] },
    ],
    ['a bare prompt is gone on with', 'openai-completions', { prompt: 'Once upon a time' }, null],
    [
      'system',
      'anthropic-messages',
      { system: 'Be brief.', messages: [user] },
      { system: '[x]\nBe brief.', messages: [user] },
    ],
    [
      'system in blocks, cache marks kept',
      'anthropic-messages',
      { system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }], messages: [user] },
      { system: [{ type: 'text', text: '[x]\nBe brief.', cache_control: { type: 'ephemeral' } }], messages: [user] },
    ],
    [
      'systemInstruction',
      'gemini-generate-content',
      { systemInstruction: { parts: [{ text: 'Be brief.' }] }, contents: [] },
      { systemInstruction: { parts: [{ text: '[x]\nBe brief.' }] }, contents: [] },
    ],
    [
      'system_instruction',
      'gemini-generate-content',
      { system_instruction: { parts: [{ text: 'Be brief.' }] }, contents: [] },
      { system_instruction: { parts: [{ text: '[x]\nBe brief.' }] }, contents: [] },
    ],
    [
      'a system message of Ollama',
      'ollama',
      { messages: [{ role: 'system', content: 'Be brief.' }, user] },
      { messages: [{ role: 'system', content: '[x]\nBe brief.' }, user] },
    ],
  ])('%s (%s)', (_what, api, body, expected) => {
    expect(providerNamed(api).salted(body, line)).toEqual(expected)
  })

  test.each(providers.map((provider) => [provider.name, provider] as const))(
    '%s leaves nonsense alone',
    (_name, provider) => {
      for (const body of [{}, { messages: 7 }, { messages: [null] }, { system: 7 }, { systemInstruction: [] }]) {
        expect(provider.salted(body, line)).toBeNull()
      }
    },
  )
})
