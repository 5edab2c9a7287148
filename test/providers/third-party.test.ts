// A mock LLM server that others wrote (@copilotkit/aimock), asked over HTTP in each API of its own.

import { LLMock } from '@copilotkit/aimock'
import { expect, onTestFinished, test } from 'vitest'
import { anthropicMessages } from '../../src/providers/anthropic-messages.ts'
import { geminiGenerateContent } from '../../src/providers/gemini-generate-content.ts'
import { ollama } from '../../src/providers/ollama.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { ResponseFolder } from '../../src/replay/exchange.ts'

interface Case {
  readonly provider: Provider
  readonly base: string
  readonly body: (text: string) => Parameters<Provider['request']>[0]
}

const cases: readonly Case[] = [
  {
    provider: anthropicMessages,
    base: '/v1',
    body: (content) => ({ max_tokens: 50, messages: [{ role: 'user', content }] }),
  },
  {
    provider: geminiGenerateContent,
    base: '/v1beta',
    body: (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
  },
  { provider: ollama, base: '', body: (content) => ({ messages: [{ role: 'user', content }] }) },
]

const runs = cases.flatMap((each) => [false, true].map((stream) => ({ ...each, name: each.provider.name, stream })))

async function startMock(): Promise<string> {
  const mock = new LLMock({ port: 0 })
  mock.onMessage(/weather/, { toolCalls: [{ name: 'weather', arguments: '{"city":"Łódź"}' }] })
  mock.onMessage(/noon/, { content: 'Noon is when the sun stands highest — 太陽 ☀️.' })
  mock.onMessage(/too much/, { error: { message: 'Slow down', type: 'rate_limit_error' }, status: 429 })
  await mock.start()
  onTestFinished(() => mock.stop())
  return mock.url
}

async function ask({ provider, base, body, stream }: (typeof runs)[number], text: string) {
  const request = provider.request(body(text), { model: 'model-a', stream, overrides: {} })
  const response = await fetch(`${await startMock()}${base}${request.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...provider.headers('a-key') },
    body: JSON.stringify(request.body),
  })
  const folder = new ResponseFolder(provider)
  folder.start(response.status, Object.fromEntries(response.headers), 1)
  for await (const chunk of response.body ?? []) folder.push(chunk, 2)
  return folder.finish(folder.end(3), { sentAtMs: 0, totalMs: 3 })
}

test.each(runs)('$name, stream: $stream', async (run) => {
  const answered = await ask(run, 'When is noon?')
  expect(answered.outcome).toMatchObject({
    kind: 'reply',
    reply: { text: 'Noon is when the sun stands highest — 太陽 ☀️.', toolCalls: [], stop: 'end' },
  })
  expect(answered.timing.firstTokenMs).toBe(run.stream ? 2 : null)

  const called = await ask(run, 'How is the weather?')
  expect(called.outcome).toMatchObject({ kind: 'reply', reply: { toolCalls: [{ name: 'weather' }], stop: 'tool' } })
  const [call] = called.outcome.kind === 'reply' ? called.outcome.reply.toolCalls : []
  expect(JSON.parse(call?.arguments ?? '')).toEqual({ city: 'Łódź' })

  expect((await ask(run, 'That is too much')).outcome).toMatchObject({
    kind: 'rejected',
    status: 429,
    detail: expect.stringContaining('Slow down'),
  })
})
