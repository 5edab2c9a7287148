// Ollama's own chat API.

import type { Json, JsonObject } from '../core/types.ts'
import { askedOfOllama } from './asked.ts'
import { createObjectReader, replyOfObjects } from './object-stream.ts'
import { foldStream } from './ollama-reply.ts'
import { bearer, mergedBody, partyOf, withoutParty } from './openai-family.ts'
import type { Provider } from './provider.ts'
import { rejectionOf } from './rejection.ts'
import { saltedMessages } from './salted.ts'
import { arrayAt, fieldOf, isArray, isObject, textAt } from './shape.ts'

/**
 * The base URL is the server's, without a path: `http://localhost:11434`. `/api/generate` (a prompt, no messages) is not
 * read; the OpenAI-compatible endpoint under `/v1` is `openai-chat`. A local server needs no key, ollama.com does.
 */
export const ollama = {
  name: 'ollama',
  title: 'Ollama chat',
  accepts: isOllamaRequest,
  allows: canBeOllama,
  // Ollama streams unless it is told not to.
  isStreaming: (body) => fieldOf(body, 'stream') !== false,
  framing: 'ndjson',
  request: (body, { stream, ...options }) => ({
    path: '/api/chat',
    body: { ...mergedBody(body, options), stream },
  }),
  salted: saltedMessages,
  headers: bearer,
  probePath: '/api/tags',
  reply: (body) => replyOfObjects(isArray(body) ? body : [body], foldStream()),
  stream: () => createObjectReader(foldStream()),
  rejection: rejectionOf,
  prompt: promptOf,
  question: (text) => ({ messages: [{ role: 'user', content: text }] }),
  asked: askedOfOllama,
  party: partyOf,
  withoutParty,
} as const satisfies Provider

const roles = new Set(['system', 'user', 'assistant', 'tool'])

/** Fields of OpenAI's chats that Ollama keeps in `options`, under names of its own. */
const foreignFields = ['max_tokens', 'max_completion_tokens', 'stream_options', 'response_format', 'temperature', 'n']

/** Certain by its options, its pictures or how long it keeps the model; a body of plain texts may be OpenAI's as well. */
function isOllamaRequest(body: Json): boolean {
  return (
    canBeOllama(body) &&
    (isObject(fieldOf(body, 'options')) ||
      fieldOf(body, 'keep_alive') !== undefined ||
      arrayAt(body, 'messages').some((message) => arrayAt(message, 'images').length > 0))
  )
}

function canBeOllama(body: Json): boolean {
  const messages = arrayAt(body, 'messages')
  if (messages.length === 0 || !messages.every(isMessage)) return false
  return !foreignFields.some((field) => fieldOf(body, field) !== undefined)
}

function isMessage(message: Json): boolean {
  const content = fieldOf(message, 'content') ?? ''
  return roles.has(textAt(message, 'role') ?? '') && typeof content === 'string'
}

function promptOf(body: JsonObject): string {
  const messages = arrayAt(body, 'messages')
  const message = messages.findLast((each) => textAt(each, 'role') === 'user') ?? messages.at(-1)
  const pictures = arrayAt(message, 'images').map(() => '[image]')
  return [textAt(message, 'content') ?? '', ...pictures].filter((part) => part !== '').join('\n')
}
