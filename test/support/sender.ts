// A real sender for a test's server, and the streams that such a server answers.

import { onTestFinished } from 'vitest'
import type { JsonObject, Target, Timeouts } from '../../src/core/types.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'
import type { Exchange } from '../../src/replay/exchange.ts'
import { realClock } from '../../src/replay/real-clock.ts'
import { createSender, type Sender } from '../../src/replay/send.ts'
import { wireOf } from '../../src/replay/wire.ts'

export interface SenderChanges {
  readonly timeouts?: Partial<Timeouts>
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly concurrency?: number
}

/** A sender that makes the wire itself. */
export interface TestSender extends Omit<Sender, 'send'> {
  readonly send: (body: JsonObject, options: { stream: boolean }) => Promise<Exchange>
  readonly post: Sender['send']
}

/** Deadlines that no test comes to unless it sets them. Closes with the test. */
export function senderTo(baseUrl: string, changes: SenderChanges = {}): TestSender {
  const sender = createSender({
    target: targetOf(baseUrl, changes),
    provider: openaiChat,
    key: changes.key ?? null,
    headers: changes.headers ?? {},
    userAgent: 'shadowgate/test',
    clock: realClock,
  })
  onTestFinished(() => sender.close())
  const { model, overrides } = targetOf(baseUrl, changes)
  return {
    ...sender,
    post: sender.send,
    send: (body, { stream }) => sender.send(wireOf(openaiChat, body, { model, overrides, stream, salt: null })),
  }
}

export function targetOf(baseUrl: string, changes: SenderChanges = {}): Target {
  return {
    arm: 'candidate',
    api: 'openai-chat',
    vendor: null,
    baseUrl,
    model: 'test-model',
    keyFrom: null,
    headerNames: [],
    overrides: {},
    concurrency: changes.concurrency ?? 4,
    limits: { requestsPerMinute: null, tokensPerMinute: null },
    timeouts: { connectMs: 20_000, firstTokenMs: 20_000, idleMs: 20_000, totalMs: 20_000, ...changes.timeouts },
    retries: 0,
    pricePerMillion: null,
  }
}

export const question: JsonObject = { model: 'captured', messages: [{ role: 'user', content: 'How late is it?' }] }

/** One event of a streamed chat completion. */
export function delta(content: string | null, finish: string | null = null): string {
  const part = content === null ? { role: 'assistant', content: '' } : { content }
  return event({
    id: 'chatcmpl-test',
    object: 'chat.completion.chunk',
    model: 'test-model-2026',
    choices: [{ index: 0, delta: part, finish_reason: finish }],
  })
}

export function event(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
}

/** A whole stream: role, content, finish, usage, end marker. */
export function streamOf(...contents: readonly string[]): string {
  const usage = {
    prompt_tokens: 20,
    completion_tokens: 5,
    total_tokens: 25,
    prompt_tokens_details: { cached_tokens: 0 },
  }
  const events = [delta(null), ...contents.map((content) => delta(content)), delta('', 'stop')]
  return [...events, event({ choices: [], usage }), event('[DONE]')].join('')
}
