// A real HTTP server that speaks just enough of the chat completions API for a test to bend it.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Target {
  /** Ends in `/v1`. */
  readonly url: string
  /** Bodies of the chat requests that came, parsed. */
  readonly requests: {
    readonly body: { messages: { content: string }[]; stream?: boolean }
    readonly headers: IncomingMessage['headers']
  }[]
}

/** Answers one chat request; `number` counts them from 1. */
export type Answer = (
  request: { body: Target['requests'][number]['body']; headers: IncomingMessage['headers']; number: number },
  response: ServerResponse,
) => void

/** Listens on a free port until the test ends. `/v1/models` answers 200 unless `models` says otherwise. */
export async function startTarget(
  answer: Answer,
  options: { models?: (response: ServerResponse) => void } = {},
): Promise<Target> {
  const requests: Target['requests'] = []
  const server = createServer((request, response) => {
    if (request.url === '/v1/models')
      return options.models ? options.models(response) : sendJson(response, 200, { object: 'list', data: [] })
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      requests.push({ body, headers: request.headers })
      answer({ body, headers: request.headers, number: requests.length }, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** A whole chat completion. */
export function completion(text: string, options: { finish?: string; cached?: number; output?: number } = {}) {
  return {
    id: 'chatcmpl-test',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'test-model-2026',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        finish_reason: options.finish ?? 'stop',
      },
    ],
    usage: {
      prompt_tokens: 20,
      completion_tokens: options.output ?? 5,
      total_tokens: 20 + (options.output ?? 5),
      prompt_tokens_details: { cached_tokens: options.cached ?? 10 },
    },
  }
}

/** Answers `Question 7?`, as the lines of `createProject` ask, with what the function makes of 7. */
export function startAnswering(text: (question: number) => string): Promise<Target> {
  return startTarget(({ body }, response) => {
    const [, number = '0'] = /Question (\d+)/.exec(body.messages.at(-1)?.content ?? '') ?? []
    sendJson(response, 200, completion(text(Number(number))))
  })
}
