// Paths and URLs as logs have them: which API's endpoint each is, and what it names.

import { expect, test } from 'vitest'
import { endpointOf, isOtherEndpoint } from '../../src/providers/endpoint.ts'

test.each<[string, string | null, string | null]>([
  ['/v1/chat/completions', 'openai-chat', null],
  ['chat/completions', 'openai-chat', null],
  ['https://bot.openai.azure.com/openai/deployments/prod/chat/completions?api-version=1', 'openai-chat', 'prod'],
  ['/v1/completions/', 'openai-completions', null],
  ['/v1/prompts/pp-1/completions', null, null],
  ['/v1/responses', 'openai-responses', null],
  ['/v1/responses/resp_1', null, null],
  ['/v1/messages?beta=true', 'anthropic-messages', null],
  ['/v1/messages/count_tokens', null, null],
  ['/v1beta/models/gemini-x:streamGenerateContent?alt=sse', 'gemini-generate-content', 'gemini-x'],
  [
    '/v1/projects/p/locations/l/publishers/google/models/gemini-x:generateContent',
    'gemini-generate-content',
    'gemini-x',
  ],
  ['/api/chat', 'ollama', null],
  ['/v1/embeddings', null, null],
  ['', null, null],
])('%s', (url, api, model) => {
  const isStreamed = url.includes('stream')
  expect(endpointOf(url)).toEqual(api === null ? null : { api, model, isStreamed })
})

test.each([
  '/v1/embeddings',
  'https://api.openai.com/v1/images/generations',
  '/v1/audio/speech?x=1',
  '/v1beta/models/e:embedContent',
  '/v1/messages/count_tokens',
])('%s asks no chat model', (url) => {
  expect([endpointOf(url), isOtherEndpoint(url)]).toEqual([null, true])
})

test.each(['/v1/chat/completions', '/v1/other', ''])('%s is not certainly of something else', (url) => {
  expect(isOtherEndpoint(url)).toBe(false)
})
