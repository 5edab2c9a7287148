// OpenAI's APIs as a mock server that others wrote (@copilotkit/aimock) serves them, over HTTP.

import { LLMock } from '@copilotkit/aimock'
import { expect, onTestFinished, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'
import { openaiResponses } from '../../src/providers/openai-responses.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { ResponseFolder } from '../../src/replay/exchange.ts'

async function startMock(): Promise<string> {
  const mock = new LLMock({ port: 0 })
  mock.onMessage(/weather/, { toolCalls: [{ name: 'weather', arguments: '{"city":"Łódź"}' }] })
  mock.onMessage(/noon/, { content: 'Noon is when the sun stands highest — 太陽 ☀️.' })
  mock.onMessage(/too much/, { error: { message: 'Slow down', type: 'rate_limit_error' }, status: 429 })
  await mock.start()
  onTestFinished(() => mock.stop())
  return `${mock.url}/v1`
}

async function ask(provider: Provider, body: JsonObject, stream: boolean) {
  const request = provider.request(body, { model: 'model-a', stream, overrides: {} })
  const response = await fetch(`${await startMock()}${request.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...provider.headers('a-key') },
    body: JSON.stringify(request.body),
  })
  const folder = new ResponseFolder(provider)
  folder.start(response.status, Object.fromEntries(response.headers), 1)
  for (const byte of new Uint8Array(await response.arrayBuffer())) folder.push(Uint8Array.of(byte), 2)
  return folder.finish(folder.end(3), { sentAtMs: 0, totalMs: 3 })
}

const apis = [
  [openaiChat, (content: string) => ({ messages: [{ role: 'user', content }] })],
  [openaiResponses, (input: string) => ({ input })],
] as const
const runs = apis.flatMap(([provider, body]) =>
  [false, true].map((stream) => [provider.name, stream, { provider, body }] as const),
)

test.each(runs)('%s, stream: %s', async (_, stream, { provider, body }) => {
  const said = await ask(provider, body('When is noon?'), stream)
  expect(said.outcome).toMatchObject({
    kind: 'reply',
    reply: {
      text: 'Noon is when the sun stands highest — 太陽 ☀️.',
      toolCalls: [],
      stop: 'end',
      servedModel: 'model-a',
    },
  })
  expect(said.timing.firstTokenMs).toBe(stream ? 2 : null)
  const called = await ask(provider, body('The weather?'), stream)
  expect(called.outcome).toMatchObject({
    kind: 'reply',
    reply: { text: '', toolCalls: [{ name: 'weather', arguments: '{"city":"Łódź"}' }], stop: 'tool' },
  })
  const refused = await ask(provider, body('This is too much'), stream)
  expect(refused.outcome).toMatchObject({ kind: 'rejected', status: 429, detail: 'Slow down' })
})
