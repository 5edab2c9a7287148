// A proxy that others wrote (Portkey's gateway) between both arms and a mock that others wrote (aimock).

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LLMock } from '@copilotkit/aimock'
import { expect, it } from 'vitest'
import { startMock } from '../support/aimock.ts'
import { runCli } from '../support/cli.ts'
import { startPortkey } from '../support/portkey.ts'
import { createProject, query, withoutLatency } from '../support/project.ts'

const call = { name: 'refund', arguments: '{"order":"№ 7","days":30}' }
const said = { production: 'Thirty days — with the receipt.', candidate: 'Within thirty days; bring the receipt.' }

/** Answers three questions of ten with a tool call. */
const answers = (text: string) => (mock: LLMock) => {
  mock.onMessage(/Question \d*[048]\?/, { toolCalls: [call] })
  mock.onMessage(/Question/, { content: text })
}

const schema = { type: 'object', properties: { order: { type: 'string' }, days: { type: 'integer' } } }

interface Case {
  readonly api: string
  readonly stream: boolean
  readonly provider: string
  readonly vendor?: string
  readonly body: (question: string) => Record<string, unknown>
}

const chat = {
  api: 'openai-chat',
  provider: 'openai',
  vendor: 'portkey-gateway',
  body: (content: string) => ({
    model: 'captured',
    messages: [{ role: 'user', content }],
    tools: [{ type: 'function', function: { name: call.name, parameters: schema } }],
  }),
}
const messages = {
  api: 'anthropic-messages',
  provider: 'anthropic',
  body: (text: string) => ({
    model: 'captured',
    max_tokens: 100,
    messages: [{ role: 'user', content: [{ type: 'text', text }] }],
    tools: [{ name: call.name, input_schema: schema }],
  }),
}
const cases: readonly Case[] = [chat, messages].flatMap((each) => [false, true].map((stream) => ({ ...each, stream })))

it.each(cases)('$api through the gateway, stream: $stream', { timeout: 120_000 }, async (asked) => {
  const { api, provider, vendor, stream } = asked
  const gateway = await startPortkey()
  const production = await startMock(answers(said.production))
  const candidate = await startMock(answers(said.candidate))
  const target = (host: string) => ({
    api,
    ...(vendor === undefined ? {} : { vendor }),
    baseUrl: gateway,
    model: 'test-model',
    keyFrom: { env: 'TEST_KEY' },
    headers: { 'x-portkey-provider': provider, 'x-portkey-custom-host': host },
    timeoutMs: 30_000,
  })
  const folder = createProject({
    production: gateway,
    candidate: gateway,
    config: {
      targets: { production: target(production.url), candidate: target(candidate.url) },
      gate: { rules: [...withoutLatency, { metric: 'cache-hit-rate', severity: 'off' }] },
    },
  })
  const lines = Array.from({ length: 80 }, (_, index) =>
    JSON.stringify({ request: { ...asked.body(`Question ${index}?`), stream }, response: null }),
  )
  writeFileSync(join(folder, 'requests.jsonl'), lines.join('\n'))
  const result = await runCli(['run', '--json'], { cwd: folder, env: { TEST_KEY: 'sk-test-0123456789abcdef0123' } })
  expect(result.stderr).not.toContain('error[')
  const verdict = JSON.parse(result.stdout)
  expect(verdict.counts).toMatchObject({ pairs: 80, excluded: {} })
  expect(verdict.counts.calls).toMatchObject({
    production: { calls: 160, retries: 0, reply: 160 },
    candidate: { calls: 160, retries: 0, reply: 160 },
  })

  // What the gateway was asked came through to the one behind it, once each, with the key and with the model of the target.
  expect(production.served()).toHaveLength(160)
  expect(candidate.served()).toHaveLength(160)
  const path = api === 'openai-chat' ? '/v1/chat/completions' : '/v1/messages'
  for (const entry of candidate.served()) {
    expect(entry.path).toBe(path)
    expect(entry.headers[api === 'openai-chat' ? 'authorization' : 'x-api-key']).toBe('[REDACTED]')
    expect(entry.body).toMatchObject({ model: 'test-model' })
  }
  const rows = await query(
    join(folder, 'store.duckdb'),
    `SELECT arm, served_model AS model, text, stop, tool_calls->>'$[0].name' AS tool,
       tool_calls->>'$[0].arguments' AS arguments, count(*)::INT AS n, count(first_token_ms)::INT AS streamed
     FROM attempt GROUP BY ALL ORDER BY arm, text`,
  )
  const row = (arm: keyof typeof said, n: number) => ({ arm, model: 'test-model', n, streamed: stream ? n : 0 })
  const calledBy = (arm: keyof typeof said, n: number) => {
    return { ...row(arm, n), text: '', stop: 'tool', tool: call.name, arguments: call.arguments }
  }
  const saidBy = (arm: keyof typeof said, n: number) => {
    return { ...row(arm, n), text: said[arm], stop: 'end', tool: null, arguments: null }
  }
  expect(rows).toEqual([
    calledBy('candidate', 48),
    saidBy('candidate', 112),
    calledBy('production', 48),
    saidBy('production', 112),
  ])
})

it('what goes wrong behind the gateway is told as the gateway tells it', { timeout: 120_000 }, async () => {
  const gateway = await startPortkey()
  const faulty = await startMock((mock) => {
    const answer = { content: said.candidate }
    mock.onMessage(/Question \d*1\?/, answer, { chaos: { dropRate: 1 } })
    mock.onMessage(/Question \d*2\?/, answer, { chaos: { malformedRate: 1 } })
    mock.onMessage(/Question \d*3\?/, answer, { chaos: { disconnectRate: 1 } })
    mock.onMessage(/Question \d*4\?/, answer, { latency: 30, chunkSize: 2, truncateAfterChunks: 5 })
    mock.onMessage(/Question/, answer)
  })
  const folder = createProject({
    production: gateway,
    candidate: gateway,
    records: 60,
    stream: true,
    target: {
      vendor: 'portkey-gateway',
      headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': faulty.url },
      retries: 0,
      timeoutMs: 30_000,
    },
  })
  const result = await runCli(['run', '--json'], { cwd: folder })
  expect(result.stderr).not.toContain('error[')
  const rows = await query(
    join(folder, 'store.duckdb'),
    `SELECT right(r.body->>'$.messages[0].content', 2) AS digit, outcome, http_status AS status, detail,
       count(*)::INT AS n
     FROM attempt a JOIN record r ON r.id = a.record_id GROUP BY ALL ORDER BY digit`,
  )
  const fine = { outcome: 'reply', status: 200, detail: null }
  const faults: Readonly<Record<number, object>> = {
    1: { outcome: 'rejected', status: 500, detail: 'openai error: Chaos: request dropped' },
    2: { outcome: 'broken', status: 200, detail: expect.stringContaining('malformed json') },
    // The gateway has an answer of its own for a connection that broke before the first byte …
    3: { outcome: 'rejected', status: 500, detail: expect.stringContaining('other side closed') },
    // … and none for a stream that breaks half-way: half an answer is none.
    4: { outcome: 'broken', status: 200, detail: 'the stream was cut' },
  }
  expect(rows).toEqual(Array.from({ length: 10 }, (_, n) => ({ digit: `${n}?`, n: 24, ...(faults[n] ?? fine) })))
  expect(faulty.served()).toHaveLength(240)
})
