// Requests of every API offered to all of them: each is taken by its own, or by none where it might be another's.

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { providers } from '../../src/providers/index.ts'

const messages = [{ role: 'user', content: 'Hello' }]
const openaiTool = { type: 'function', function: { name: 'f', parameters: {} } }

const requests: readonly (readonly [taken: string | null, what: string, body: JsonObject])[] = [
  ['openai-chat', 'a chat', { model: 'gpt-a', messages }],
  ['openai-chat', 'a chat with tools', { model: 'gpt-a', messages, max_tokens: 5, tools: [openaiTool] }],
  ['openai-responses', 'an input', { model: 'gpt-a', input: 'Hello', instructions: 'Be brief.' }],
  ['openai-completions', 'a prompt', { model: 'gpt-a', prompt: 'Hello', max_tokens: 5 }],
  ['anthropic-messages', 'a system prompt', { model: 'claude-a', max_tokens: 5, system: 'Be brief.', messages }],
  [
    'anthropic-messages',
    'tools',
    { model: 'claude-a', max_tokens: 5, messages, tools: [{ name: 'f', input_schema: {} }] },
  ],
  ['gemini-generate-content', 'contents', { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }],
  [
    'gemini-generate-content',
    'contents in snake_case',
    { contents: [{ parts: [{ text: 'Hello' }] }], system_instruction: { parts: [{ text: 'Be brief.' }] } },
  ],
  ['ollama', 'options', { model: 'gemma', messages, options: { temperature: 0 } }],
  [null, 'Bedrock Converse', { messages: [{ role: 'user', content: [{ text: 'x' }] }], inferenceConfig: {} }],
  [null, 'thinking of no certain API', { model: 'claude-a', max_tokens: 5, thinking: { type: 'enabled' }, messages }],
  [null, 'a prompt of Ollama', { model: 'gemma', prompt: 'Hello', options: {} }],
]

describe('accepts', () => {
  test.each(requests)('%s: %s', (taken, _, body) => {
    const takers = providers.filter((provider) => provider.accepts(body)).map((provider) => provider.name)
    expect(takers).toEqual(taken === null ? [] : [taken])
  })

  test('a body without its party is taken by the same', () => {
    const untaken = requests.filter(([taken, , body]) => {
      const own = providers.find((provider) => provider.name === taken)
      const named: JsonObject = { ...body, user: 'ann', metadata: { user_id: 'ann' } }
      return own !== undefined && !own.accepts(own.withoutParty(named))
    })
    expect(untaken).toEqual([])
  })
})
