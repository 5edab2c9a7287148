// The bodies of OpenAI chat completions as the demo servers read and write them.

import { z } from 'zod'
import type { ServedAnswer } from './draw.ts'

const content = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal('text'), text: z.string() }))
    .transform((parts) => parts.map((p) => p.text).join('')),
])

const chatRequest = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content })).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
})

/** What the servers need of a request. */
export interface ChatRequest {
  /** The last user message: what the recorded model was asked. */
  readonly prompt: string
  readonly isStreamed: boolean
  /** Whether a stream ends in a chunk of usage. */
  readonly hasUsageChunk: boolean
}

/** An answer that is an error, in OpenAI's shape. */
export interface Rejection {
  readonly status: number
  readonly body: {
    readonly error: {
      readonly message: string
      readonly type: string
      readonly param: string | null
      readonly code: string | null
    }
  }
}

function rejection(status: number, message: string, about: { param?: string; code?: string } = {}): Rejection {
  const { param = null, code = null } = about
  return { status, body: { error: { message, type: 'invalid_request_error', param, code } } }
}

export const rejections = {
  badKey: () => rejection(401, 'Incorrect API key provided.', { code: 'invalid_api_key' }),
  noSuchUrl: (method: string, path: string) =>
    rejection(404, `Invalid URL (${method} ${path})`, { code: 'unknown_url' }),
  notJson: () => rejection(400, 'We could not parse the JSON body of your request.'),
  badBody: (param: string, detail: string) => rejection(400, `Invalid '${param}': ${detail}`, { param }),
  noSuchPrompt: () =>
    rejection(404, 'The demo has no recorded answer to this prompt: it knows those of its own log, to the letter.', {
      param: 'messages',
      code: 'prompt_not_found',
    }),
}

/** Reads a request body; a rejection where it is no chat completion request. */
export function readChatRequest(text: string): ChatRequest | Rejection {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return rejections.notJson()
  }
  const parsed = chatRequest.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return rejections.badBody(issue?.path.join('.') || 'body', issue?.message ?? 'not a chat completion request')
  }
  const { messages, stream, stream_options: options } = parsed.data
  const prompt = messages.findLast(({ role }) => role === 'user')?.content
  if (prompt === undefined) return rejections.badBody('messages', 'there is no user message')
  return { prompt, isStreamed: stream === true, hasUsageChunk: options?.include_usage === true }
}

/** What all bodies of one answer share. */
export interface Head {
  readonly id: string
  /** Epoch seconds. */
  readonly created: number
  readonly model: string
}

function usage({ promptTokens, outputTokens }: ServedAnswer) {
  return { prompt_tokens: promptTokens, completion_tokens: outputTokens, total_tokens: promptTokens + outputTokens }
}

/** The body of an answer that comes whole. */
export function completion({ id, created, model }: Head, answer: ServedAnswer) {
  const message = { role: 'assistant', content: answer.text, refusal: null }
  const choice = { index: 0, message, logprobs: null, finish_reason: answer.finishReason }
  return { id, object: 'chat.completion', created, model, choices: [choice], usage: usage(answer) }
}

/** The events of a stream: what opens it, one piece of its text, and what ends it. */
export function streamParts({ id, created, model }: Head, answer: ServedAnswer, hasUsageChunk: boolean) {
  const chunk = (choices: readonly object[], spent: object | null) => {
    const body = {
      id,
      object: 'chat.completion.chunk',
      created,
      model,
      choices,
      ...(hasUsageChunk && { usage: spent }),
    }
    return `data: ${JSON.stringify(body)}\n\n`
  }
  const delta = (part: object, finish: string | null = null) =>
    chunk([{ index: 0, delta: part, logprobs: null, finish_reason: finish }], null)
  return {
    opening: delta({ role: 'assistant', content: '' }),
    piece: (text: string) => delta({ content: text }),
    ending: `${delta({}, answer.finishReason)}${hasUsageChunk ? chunk([], usage(answer)) : ''}data: [DONE]\n\n`,
  }
}

/** The list of models of a server that has one. */
export function modelList(model: string) {
  return { object: 'list', data: [{ id: model, object: 'model', created: 0, owned_by: 'openai' }] }
}
