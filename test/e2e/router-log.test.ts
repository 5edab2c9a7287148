// Tomorrow's replay is today's traffic: what users asked through the router, read from its log, is what they sent.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LLMock } from '@copilotkit/aimock'
import { describe, expect, it } from 'vitest'
import type { Arm } from '../../src/core/types.ts'
import { startMock } from '../support/aimock.ts'
import { type Heard, startArm } from '../support/arm-server.ts'
import { temporaryFolder } from '../support/cli.ts'
import { halfAndHalf, ingested, routed, said } from '../support/router-log.ts'
import { writeRouterConfig } from '../support/served.ts'

const refund = { name: 'refund', arguments: '{"order":"№ 7"}' }
const parameters = { type: 'object', properties: { order: { type: 'string' } } }

interface Api {
  readonly api: string
  readonly below: string
  readonly path: (isStreamed: boolean) => string
  readonly body: (text: string, isStreamed: boolean) => object
  readonly tools: object | null
  /** That `body` does not say, as a log has to. */
  readonly beside: (isStreamed: boolean) => object
}

const streamed = (isStreamed: boolean) => (isStreamed ? { stream: true } : {})
const none = () => ({})

const apis: readonly Api[] = [
  {
    api: 'openai-chat',
    below: '/v1',
    path: () => '/v1/chat/completions',
    body: (content, isStreamed) => ({ model: 'now', messages: [{ role: 'user', content }], ...streamed(isStreamed) }),
    tools: { tools: [{ type: 'function', function: { name: refund.name, parameters } }] },
    beside: none,
  },
  {
    api: 'openai-responses',
    below: '/v1',
    path: () => '/v1/responses',
    body: (input, isStreamed) => ({ model: 'now', input, store: false, ...streamed(isStreamed) }),
    tools: { tools: [{ type: 'function', name: refund.name, parameters }] },
    beside: none,
  },
  {
    api: 'openai-completions',
    below: '/v1',
    path: () => '/v1/completions',
    body: (prompt, isStreamed) => ({ model: 'now', prompt, max_tokens: 50, ...streamed(isStreamed) }),
    tools: null,
    beside: none,
  },
  {
    api: 'anthropic-messages',
    below: '/v1',
    path: () => '/v1/messages',
    body: (content, isStreamed) => ({
      model: 'now',
      max_tokens: 100,
      messages: [{ role: 'user', content }],
      ...streamed(isStreamed),
    }),
    tools: { tools: [{ name: refund.name, input_schema: parameters }] },
    beside: none,
  },
  {
    api: 'gemini-generate-content',
    below: '/v1beta',
    path: (isStreamed) => `/v1beta/models/now:${isStreamed ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
    tools: { tools: [{ functionDeclarations: [{ name: refund.name, parameters }] }] },
    beside: (isStreamed) => ({ model: 'now', ...streamed(isStreamed) }),
  },
  {
    api: 'ollama',
    below: '',
    path: () => '/api/chat',
    body: (content, isStreamed) => ({ model: 'now', messages: [{ role: 'user', content }], stream: isStreamed }),
    tools: { tools: [{ type: 'function', function: { name: refund.name, parameters } }] },
    beside: none,
  },
]

/** The one API that the mock does not speak. */
async function startCompletions(text: string): Promise<string> {
  const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 }
  const choice = (part: string, finish_reason: string | null) => ({
    index: 0,
    text: part,
    logprobs: null,
    finish_reason,
  })
  const { origin } = await startArm((response, { body }: Heard) => {
    const about = { id: 'cmpl-1', object: 'text_completion', created: 1_790_000_000, model: 'now' }
    if ((JSON.parse(body || '{}') as { stream?: boolean }).stream !== true) {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ ...about, choices: [choice(text, 'stop')], usage }))
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const chunks = [choice(text.slice(0, 5), null), choice(text.slice(5), 'stop')]
    for (const chunk of chunks) response.write(`data: ${JSON.stringify({ ...about, choices: [chunk] })}\n\n`)
    response.end('data: [DONE]\n\n')
  })
  return origin
}

async function startServer({ api, below }: Api, arm: Arm): Promise<string> {
  if (api === 'openai-completions') return `${await startCompletions(said[arm])}${below}`
  const { url } = await startMock((mock: LLMock) => {
    mock.onMessage(/refund/, { toolCalls: [refund] })
    mock.onMessage(/return/, { content: said[arm] })
  })
  return `${new URL(url).origin}${below}`
}

describe.each(apis)('$api', { timeout: 120_000 }, (spoken) => {
  it('is read as it was asked, with production’s answers as recorded ones and the candidate’s as none', async () => {
    const [production, candidate] = [await startServer(spoken, 'production'), await startServer(spoken, 'candidate')]
    const { folder, base, end } = await routed({
      production,
      candidate,
      target: { api: spoken.api },
      canary: halfAndHalf,
    })
    const sent: {
      readonly request: object
      readonly id: string
      readonly arm: string
      readonly isStreamed: boolean
    }[] = []
    for (let n = 0; n < 24; n++) {
      const isStreamed = n % 2 === 1
      const asksTool = n % 6 === 0 && spoken.tools !== null
      const body = {
        ...spoken.body(`${asksTool ? 'refund' : 'return'} ${n}?`, isStreamed),
        ...(asksTool && spoken.tools),
      }
      const response = await fetch(base + spoken.path(isStreamed), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-user-id': `user-${n % 8}`,
          'x-route': asksTool ? 'refunds' : 'returns',
        },
        body: JSON.stringify(body),
      })
      await response.text()
      expect(response.status).toBe(200)
      const [id, arm] = ['id', 'arm'].map((name) => response.headers.get(`x-shadowgate-${name}`) ?? '')
      sent.push({ request: { ...body, ...spoken.beside(isStreamed) }, id: id ?? '', arm: arm ?? '', isStreamed })
    }
    await end()
    const records = await ingested(folder)
    expect(records).toHaveLength(sent.length)

    // A record's id is a hash of API and body: the log of what clients sent gives the same ones.
    const direct = temporaryFolder()
    writeRouterConfig(direct, { production, candidate, target: { api: spoken.api } })
    const lines = sent.map(({ request }) => JSON.stringify({ api: spoken.api, request, response: null }))
    writeFileSync(join(direct, 'direct.jsonl'), lines.join('\n'))
    const expected = await ingested(direct, 'direct.jsonl')
    const askedIn = (rows: typeof records) =>
      rows.map(({ id, api, body }) => ({ id, api, body: JSON.parse(String(body)) })).toSorted(byId)
    expect(askedIn(records)).toEqual(askedIn(expected))

    expect(new Set(records.map(({ cluster }) => cluster)).size).toBe(8)
    for (const { id, arm, isStreamed } of sent) {
      const record = records.find(({ call }) => call === (arm === 'candidate' ? `candidate:${id}` : id))
      expect(record).toMatchObject({ arm, fidelity: 'full', error: null })
      const isTool = record?.['route'] === 'refunds'
      if (arm === 'candidate') {
        expect(record).toMatchObject({ text: null, usage: null, timing: null })
        continue
      }
      expect(record?.['text']).toBe(isTool ? '' : said.production)
      if (isTool) expect(JSON.parse(String(record?.['calls']))).toMatchObject([{ name: refund.name }])
      const timing = JSON.parse(String(record?.['timing'])) as Record<string, number | null>
      expect(timing['totalMs']).toBeGreaterThanOrEqual(timing['firstTokenMs'] ?? 0)
      if (isStreamed) expect(timing['firstTokenMs']).toBeGreaterThan(0)
    }
    // Whoever replays it tells by them what served: each arm has its own.
    const settings = Map.groupBy(records, ({ arm }) => arm)
    const words = [...settings.values()].map((rows) => new Set(rows.map((row) => row['settings'])))
    expect(words.map(({ size }) => size)).toEqual([1, 1])
    expect(new Set(words.flatMap((each) => [...each])).size).toBe(2)
    expect(new Set(sent.map(({ arm }) => arm))).toEqual(new Set(['production', 'candidate']))
    const billed = records.filter(({ arm, usage }) => arm === 'production' && usage !== null)
    expect(billed.length).toBeGreaterThan(0)
  })
})

function byId({ id: one }: { readonly id: unknown }, { id: other }: { readonly id: unknown }): number {
  return String(one) < String(other) ? -1 : 1
}
