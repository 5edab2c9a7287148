// LiteLLM's own counts, and what production failed with.

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { litellm } from '../../src/ingest/formats/litellm.ts'
import type { CapturedExchange } from '../../src/ingest/log-format.ts'
import { specimen } from './specimens.ts'

const row = specimen('litellm-spend-logs-row.json')
const hi = [{ role: 'user', content: 'Hi' }]
const made = (change: JsonObject): JsonObject => ({ ...litellm.specimens[0].line, ...change })

function exchangeOf(line: JsonObject): CapturedExchange {
  const [entry] = litellm.read(line)
  if (entry?.kind !== 'whole') throw new Error(JSON.stringify(entry))
  return entry.exchange
}

test('its bill counts what was read from a cache, and written to it, among the input', () => {
  const usage_object = {
    prompt_tokens: 1500,
    completion_tokens: 30,
    cache_read_input_tokens: 1200,
    cache_creation_input_tokens: 200,
    completion_tokens_details: { reasoning_tokens: 12 },
  }
  const usage = { input: 1500, output: 30, cachedInput: 1200, reasoning: 12, cacheWrite: 200 }
  expect(exchangeOf({ ...row, metadata: JSON.stringify({ usage_object }) }).usage).toEqual(usage)
  expect(exchangeOf({ ...row, metadata: '{}' }).usage).toMatchObject({ input: 10, output: 20, cachedInput: null })
  expect(exchangeOf({ ...row, metadata: '{}', prompt_tokens: '10', completion_tokens: '' }).usage).toBeNull()
  expect(exchangeOf({ ...row, cache_hit: 'True' }).usage).toBeNull()
})

describe('a call that failed', () => {
  const error_information = { error_code: '429', error_class: 'RateLimitError', error_message: 'slow down' }
  const error = { status: 429, code: 'RateLimitError', message: 'slow down' }

  test('says with what, in a payload and in a row', () => {
    const failed = { status: 'failure', error_str: 'litellm.RateLimitError', error_information }
    expect(exchangeOf(made(failed))).toMatchObject({ error, response: null, usage: null, body: { messages: hi } })
    const metadata = JSON.stringify({ error_information })
    expect(exchangeOf({ ...row, status: 'failure', metadata })).toMatchObject({ error, timing: null, body: null })
  })

  test('may have no more than a text', () => {
    expect(exchangeOf(made({ error_str: 'Connection error.' })).error).toEqual({
      status: null,
      code: null,
      message: 'Connection error.',
    })
    expect(exchangeOf(made({})).error).toBeNull()
  })
})

test('what was passed through is told by its answer, where the request is of plain texts', () => {
  const proxy_server_request = { model: 'c', max_tokens: 9, messages: hi }
  const response = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Hello' }] }
  const passed = { ...row, call_type: 'pass_through_endpoint', proxy_server_request }
  expect(exchangeOf({ ...passed, response })).toMatchObject({ api: 'anthropic-messages', body: proxy_server_request })
  expect(exchangeOf(passed).api).toBeNull()
})
