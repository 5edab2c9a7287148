// A real HTTP server that refuses some requests, in the words of the provider that it stands for.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type Body = Record<string, unknown> & { messages?: { role: string }[] }
export type Refusal = { status: number; body: unknown } | null

/** A provider that refuses some bodies; null is an answer. Listens until the test ends. */
export async function startProvider(refuse: (body: Body) => Refusal, answer: unknown) {
  const requests: Body[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const send = (status: number, body: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      if (request.method === 'GET') return send(200, { object: 'list', data: [] })
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      requests.push(body)
      const refusal = refuse(body)
      return refusal === null ? send(200, answer) : send(refusal.status, refusal.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests }
}

/** OpenAI's own words: ComfyUI-Griptape issue 312 and OpenHands issue 4131. */
export function asGpt5(body: Body): Refusal {
  const refused = (param: string, code: string, message: string) => ({
    status: 400,
    body: { error: { message, type: 'invalid_request_error', param, code } },
  })
  if (body['max_tokens'] !== undefined) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    return refused('max_tokens', 'unsupported_parameter', message)
  }
  if ((body['temperature'] ?? 1) === 1) return null
  const message = `Unsupported value: 'temperature' does not support ${String(body['temperature'])} with this model. Only the default (1) value is supported.`
  return refused('temperature', 'unsupported_value', message)
}

/** Anthropic's own words: chatbox issue 2670 and skyvern pull request 4795. */
export function asOpus46(body: Body): Refusal {
  const refused = (message: string) => ({
    status: 400,
    body: { type: 'error', error: { type: 'invalid_request_error', message }, request_id: 'req_1' },
  })
  if (body['temperature'] !== undefined && body['top_p'] !== undefined)
    return refused('`temperature` and `top_p` cannot both be specified for this model. Please use only one.')
  if (body.messages?.at(-1)?.role !== 'assistant') return null
  return refused(
    'This model does not support assistant message prefill. The conversation must end with a user message.',
  )
}
