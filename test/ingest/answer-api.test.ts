// Which API an answer is in, by answers that real APIs gave.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { apiOfAnswer } from '../../src/ingest/parts/answer-api.ts'
import { specimen } from './specimens.ts'

const recorded = (name: string) =>
  specimen(name, join(import.meta.dirname, '../providers/specimens'))['response'] ?? null

test.each<[string, string | null]>([
  ['vercel-anthropic-messages-whole.json', 'anthropic-messages'],
  ['vercel-anthropic-messages-text.json', 'anthropic-messages'],
  ['envoy-chat-basic.json', null],
  ['envoy-chat-streaming-detailed-usage.json', null],
  ['vercel-google-text.json', null],
])('%s is in %s', (name, api) => {
  expect(apiOfAnswer(recorded(name))).toBe(api)
})

test('of a stream as it stood on the wire, and of Ollama’s', () => {
  expect(apiOfAnswer('event: message_start\ndata: {"type":"message_start","message":{}}\n\n')).toBe(
    'anthropic-messages',
  )
  expect(apiOfAnswer({ model: 'm', message: { role: 'assistant', content: 'Hi' }, done: true })).toBe('ollama')
  expect([null, 'x', [], {}].map(apiOfAnswer)).toEqual([null, null, null, null])
})
