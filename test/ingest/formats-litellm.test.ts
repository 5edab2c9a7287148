// LiteLLM's payloads and rows: which request was asked, whose answer counts, and what is not taken for whole.

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { litellm } from '../../src/ingest/formats/litellm.ts'
import type { CapturedExchange } from '../../src/ingest/log-format.ts'
import { temporaryFolder } from './files.ts'
import { readLines, specimen } from './specimens.ts'

const folder = temporaryFolder()
const payload = specimen('litellm-standard-logging-payload.json')
const row = specimen('litellm-spend-logs-row.json')

const hi = [{ role: 'user', content: 'Hi' }]
const said = (message: JsonObject): JsonObject => ({ choices: [{ index: 0, message, finish_reason: 'stop' }] })
const made = (change: JsonObject): JsonObject => ({ ...litellm.specimens[0].line, ...change })
const stored = (request: JsonObject, change: JsonObject = {}): JsonObject => ({
  ...row,
  response: JSON.stringify(said({ role: 'assistant', content: 'Hello' })),
  proxy_server_request: JSON.stringify(request),
  ...change,
})

function entryOf(line: JsonObject) {
  const [entry] = litellm.read(line)
  return entry
}

function exchangeOf(line: JsonObject): CapturedExchange {
  const entry = entryOf(line)
  if (entry?.kind !== 'whole') throw new Error(JSON.stringify(entry))
  return entry.exchange
}

function reasonOf(line: JsonObject): string {
  const entry = entryOf(line)
  if (entry?.kind === 'whole') return entry.exchange.damage?.reason ?? 'none'
  return entry !== undefined && 'reason' in entry ? entry.reason : JSON.stringify(entry)
}

describe('what LiteLLM itself recorded', () => {
  test('a payload becomes a record with its answer', async () => {
    const { records, reasons, format } = await readLines(folder, payload)
    expect([reasons, format]).toEqual([[], 'litellm'])
    expect(records).toMatchObject([
      {
        api: 'openai-chat',
        body: { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello, world!' }] },
        capturedAt: '2025-01-24T09:20:46.847Z',
        recorded: { text: 'hi', stop: 'end', usage: { input: 10, output: 20 } },
        // The first token is logged as the end: nobody saw it.
        recordedTiming: { firstTokenMs: null, totalMs: 4 },
        cluster: null,
        segments: {},
        fidelity: 'full',
      },
    ])
  })

  test('a row that kept no prompt is a call of which all but the request is known', async () => {
    const { records, reasons } = await readLines(folder, row)
    expect(reasons).toEqual([])
    expect(records).toMatchObject([
      {
        api: 'openai-chat',
        body: {},
        recordedTiming: { totalMs: 4 },
        recordedUsage: { input: 10, output: 20, cachedInput: null },
        callId: 'chatcmpl-2283081b-dc89-41f6-93e6-d4f914774027',
        traceId: '1234567890',
        fidelity: 'metadata-only',
        fidelityReason: expect.stringMatching(/no request in it.*store_prompts_in_spend_logs/),
      },
    ])
  })
})

describe('the request', () => {
  test('of a payload is model, messages and settings', () => {
    const tools = [{ type: 'function', function: { name: 'look', parameters: {} } }]
    const { api, body } = exchangeOf(made({ model_parameters: { temperature: 0.2, tools, extra_body: {} } }))
    expect(api).toBe('openai-chat')
    expect(body).toEqual({ model: 'gpt-x', messages: hi, temperature: 0.2, tools })
  })

  test('of a row is what the proxy got, without what only the proxy reads', () => {
    const asked = { model: 'bot', messages: hi, temperature: 0, metadata: { route: 'a' }, num_retries: 2, tags: ['x'] }
    expect(exchangeOf(stored(asked, { messages: JSON.stringify([{ role: 'user', content: 'other' }]) }))).toMatchObject(
      {
        api: null,
        body: { model: 'bot', messages: hi, temperature: 0 },
        response: said({ role: 'assistant', content: 'Hello' }),
        segments: { route: 'a' },
      },
    )
  })

  test.each<[string, JsonObject]>([
    ['an object', { proxy_server_request: { model: 'bot', messages: hi } }],
    [
      'a logged HTTP message',
      { proxy_server_request: { url: '/', method: 'POST', body: { model: 'bot', messages: hi } } },
    ],
    [
      'older rows keep it in their metadata',
      { metadata: { proxy_server_request: '{"model":"bot","messages":[{"role":"user","content":"Hi"}]}' } },
    ],
  ])('is found where it is %s', (_, change) => {
    expect(exchangeOf({ ...row, ...change }).body).toEqual({ model: 'bot', messages: hi })
  })

  test.each([JSON.stringify(hi), hi])('of a row without it is model and messages: %s', (messages) => {
    expect(exchangeOf({ ...row, messages }).body).toEqual({ model: 'gpt-4o', messages: hi })
  })

  test('may go on without the tools of an earlier one, where its settings are logged', () => {
    const messages = [...hi, { role: 'assistant', tool_calls: [{ id: 'a' }] }, { role: 'tool', content: '1' }]
    expect(exchangeOf(made({ messages })).body).toEqual({ model: 'gpt-x', messages, temperature: 0.2 })
    expect(reasonOf({ ...row, messages })).toMatch(/about tools/)
  })

  test('of Anthropic’s messages is told by the call, and keeps its own metadata', async () => {
    const asked = { model: 'c', max_tokens: 9, system: 'Be brief.', messages: hi, metadata: { user_id: 'u' } }
    const line = stored(asked, { call_type: 'anthropic_messages' })
    expect(exchangeOf(line)).toMatchObject({ api: 'anthropic-messages', body: asked })
    const { records, text } = await readLines(folder, line)
    expect(records).toMatchObject([{ api: 'anthropic-messages', fidelity: 'full', body: { system: 'Be brief.' } }])
    expect(text).not.toContain('user_id')
  })

  test('of Anthropic’s messages in a payload gets its system prompt back', () => {
    const messages = [{ role: 'system', content: 'Be brief.' }, ...hi]
    const line = made({ call_type: 'anthropic_messages', messages, model_parameters: { max_tokens: 9 } })
    expect(exchangeOf(line).body).toEqual({ model: 'gpt-x', max_tokens: 9, system: 'Be brief.', messages: hi })
  })

  test('of responses has its input among the messages', () => {
    const line = made({ call_type: 'aresponses', messages: 'Hi', model_parameters: { instructions: 'Be brief.' } })
    expect(exchangeOf(line)).toMatchObject({
      api: 'openai-responses',
      body: { model: 'gpt-x', input: 'Hi', instructions: 'Be brief.' },
    })
  })
})

describe('what is not whole', () => {
  const cut = `${'a'.repeat(30)}... (litellm_truncated skipped 952 chars) ...${'b'.repeat(30)}`
  const picture = [
    {
      role: 'user',
      content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,[base64_data truncated: 1.2MB]' } }],
    },
  ]

  test('a text that LiteLLM cut has no vote', async () => {
    const { records } = await readLines(
      folder,
      stored({ model: 'bot', messages: [{ role: 'user', content: cut }] }),
      made({ messages: [{ role: 'user', content: 'redacted-by-litellm' }] }),
      stored({ model: 'bot', messages: hi }),
    )
    expect(records.map((record) => record.fidelity)).toEqual(['truncated', 'redacted', 'full'])
  })

  test.each([cut, 'redacted-by-litellm'])('an answer that was cut or taken out is none: %s', (content) => {
    expect(exchangeOf(made({ response: said({ content }) })).response).toBeNull()
  })

  test.each<[string, JsonObject, RegExp]>([
    ['a picture that was cut', made({ messages: picture }), /picture or file/],
    [
      'a request that was cut away',
      { ...row, proxy_server_request: '{"litellm_truncated": true}' },
      /no request in it/,
    ],
    [
      'settings in Anthropic’s words',
      made({ model_parameters: { tools: [{ name: 'a', input_schema: {} }] } }),
      /provider's own words/,
    ],
    ['settings in Google’s words', made({ model_parameters: { max_output_tokens: 9 } }), /provider's own words/],
    ['tools that are not in the log', { ...row, messages: hi, response: said({ tool_calls: [{}] }) }, /about tools/],
    ['a system prompt that may be lost', made({ call_type: 'anthropic_messages' }), /system prompt/],
    ['completions without what was asked', made({ call_type: 'atext_completion' }), /only `proxy_server_request`/],
    ['messages that are a text', made({ messages: 'Hi' }), /no list/],
  ])('%s has no vote', (_, line, reason) => {
    expect(reasonOf(line)).toMatch(reason)
  })

  test('a picture that was cut leaves the rest of the request', async () => {
    const { records } = await readLines(folder, made({ messages: picture }))
    expect(records).toMatchObject([{ fidelity: 'truncated', body: { messages: picture }, recorded: { text: 'Hello' } }])
  })

  test('another kind of call is no chat', () => {
    expect(entryOf(made({ call_type: 'aembedding' }))).toMatchObject({
      kind: 'left-out',
      reason: expect.stringMatching(/aembedding/),
    })
  })
})

describe('times', () => {
  test('come from the instants, whatever `response_time` is', () => {
    expect(exchangeOf(made({}))).toMatchObject({
      capturedAt: '2026-09-21T14:13:20.120Z',
      timing: { headersMs: null, firstTokenMs: 490, totalMs: 2280 },
    })
  })

  test.each<[string, JsonObject, number | null, number | null]>([
    ['an answer that came whole', made({ stream: false }), null, 2280],
    [
      'a row whose request asks for a stream',
      stored({ messages: hi, stream: true }, { completionStartTime: '2025-01-24 09:20:46.850000' }),
      3,
      4,
    ],
    ['a row with its duration only', stored({ messages: hi }, { endTime: null, request_duration_ms: 7 }), null, 7],
    ['an end before the start', made({ endTime: 1789999999 }), null, null],
  ])('%s', (_, line, firstTokenMs, totalMs) => {
    const { timing } = exchangeOf(line)
    expect([timing?.firstTokenMs ?? null, timing?.totalMs ?? null]).toEqual([firstTokenMs, totalMs])
  })

  test.each<[string, JsonObject]>([
    ['an answer out of the cache', { cache_hit: true }],
    ['an answer out of the cache, in a row', { cache_hit: 'True' }],
    ['an error', { status: 'failure', error_str: 'RateLimitError' }],
  ])('%s is no model’s: the request stays', (_, change) => {
    expect(exchangeOf(made(change))).toMatchObject({ body: { messages: hi }, response: null, timing: null })
  })
})

describe('who and what for', () => {
  const partiesOf = (change: JsonObject) => {
    const { user, conversation } = exchangeOf(made(change))
    return { user, conversation }
  }

  test('the trace is the conversation where no user is named, for LiteLLM makes one up for each call', () => {
    expect(partiesOf({})).toEqual({ user: 'u_123', conversation: null })
    expect(partiesOf({ end_user: '' })).toEqual({ user: null, conversation: 't1' })
  })

  test('a session that the client named is the conversation', () => {
    const metadata = { requester_metadata: { session_id: 's1' }, user_api_key_end_user_id: 'u2' }
    expect(partiesOf({ end_user: '', metadata })).toEqual({ user: 'u2', conversation: 's1' })
    const line = stored({ messages: hi, litellm_session_id: 's2' }, { end_user: 'u3' })
    expect(exchangeOf(line)).toMatchObject({ user: 'u3', conversation: 's2', body: { messages: hi } })
  })

  test('tags, model group, team and the client’s metadata are segments, and no person is', () => {
    const change = {
      request_tags: '["feature: refund", "beta", "user:ann", "User-Agent: curl/8", "url:a:b", "odd:", " ", 1]',
      metadata: { user_api_key_team_alias: 'shop', requester_metadata: { tier: 'gold', email: 'a@b.c' } },
    }
    expect(exchangeOf(made(change)).segments).toEqual({
      model_group: 'support-bot',
      team: 'shop',
      tier: 'gold',
      feature: 'refund',
      beta: 'true',
      url: 'a:b',
      'odd:': 'true',
    })
  })
})
