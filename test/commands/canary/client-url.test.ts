// What clients have as their base URL: as their own SDK counts it.

import { expect, it } from 'vitest'
import { clientUrlOf } from '../../../src/commands/canary/client-url.ts'

it.each([
  ['openai-chat', 'https://api.example.com/v1', '127.0.0.1', 'http://127.0.0.1:4600/v1'],
  ['openai-responses', 'https://gateway.example.com/llm/v1/', '127.0.0.1', 'http://127.0.0.1:4600/llm/v1'],
  ['anthropic-messages', 'https://api.example.com/v1', '127.0.0.1', 'http://127.0.0.1:4600'],
  ['gemini-generate-content', 'https://api.example.com/v1beta', '127.0.0.1', 'http://127.0.0.1:4600'],
  ['ollama', 'http://localhost:11434', '::1', 'http://[::1]:4600'],
  ['openai-chat', 'https://api.example.com/v1', '0.0.0.0', 'http://<this host>:4600/v1'],
])('%s at %s on %s: %s', (api, baseUrl, host, expected) => {
  expect(clientUrlOf({ api, baseUrl }, host, 4600)).toBe(expected)
})
