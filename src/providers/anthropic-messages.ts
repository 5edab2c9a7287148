// Anthropic's messages, and the servers that speak them.

import type { Json, JsonObject, Reply } from '../core/types.ts'
import { replyOf } from './anthropic-messages-reply.ts'
import { foldStream } from './anthropic-messages-stream.ts'
import { askedOfAnthropic } from './asked.ts'
import { createObjectReader, replyOfObjects } from './object-stream.ts'
import { asksForStream, mergedBody, partyOf, withoutParty } from './openai-family.ts'
import type { Provider, RequestOptions } from './provider.ts'
import { rejectionOf } from './rejection.ts'
import { saltedField } from './salted.ts'
import { arrayAt, countAt, fieldOf, isArray, isObject, objectAt, textAt, without } from './shape.ts'

/** The base URL ends in `/v1`, as for OpenAI's: `https://api.anthropic.com/v1`. */
export const anthropicMessages = {
  name: 'anthropic-messages',
  title: 'Anthropic messages',
  accepts: isMessagesRequest,
  allows: canBeMessages,
  isStreaming: asksForStream,
  framing: 'sse',
  request: (body, options) => ({ path: '/messages', body: requestBody(body, options) }),
  salted: (body, line) => saltedField(body, 'system', line),
  headers: headersFor,
  probePath: '/models',
  reply: (body) => (isArray(body) ? replyOfEvents(body) : replyOf(body)),
  stream: () => createObjectReader(foldStream()),
  rejection: rejectionOf,
  prompt: promptOf,
  question: (text) => ({ messages: [{ role: 'user', content: text }], max_tokens: 1000 }),
  asked: askedOfAnthropic,
  party: (body) => textAt(objectAt(body, 'metadata'), 'user_id') ?? partyOf(body),
  withoutParty,
} as const satisfies Provider

/**
 * Both generations of the API take a key as `x-api-key`, also 2026-10-21, whose SDKs send `Authorization: Bearer`.
 * Access tokens travel as Bearer alone. Never both: proxies refuse a request that carries two credentials.
 */
const carriers = [
  { opening: 'sk-ant-oat', header: 'authorization', scheme: 'Bearer ' },
  { opening: '', header: 'x-api-key', scheme: '' },
] as const

/**
 * 2023-06-01 answers what either generation of clients sent. 2026-10-21 refuses `temperature`, `top_p` and `top_k`,
 * which recorded requests carry, and Bedrock has it for newer models only.
 */
const version = '2023-06-01'

function headersFor(key: string | null): Readonly<Record<string, string>> {
  const carrier = key === null ? undefined : carriers.find(({ opening }) => key.startsWith(opening))
  if (carrier === undefined) return { 'anthropic-version': version }
  return { [carrier.header]: carrier.scheme + key, 'anthropic-version': version }
}

/** Bedrock and Vertex have the version in the body, where Anthropic's own API refuses it. */
const cloudFields = ['anthropic_version', 'anthropic_beta']

/** The stream flag wins over an override of the same name: it is what the reader on this side expects. */
function requestBody(body: JsonObject, { stream, ...options }: RequestOptions): JsonObject {
  const kept = without(mergedBody(body, options), ['stream', ...cloudFields])
  return stream ? { ...kept, stream: true } : kept
}

/** A log may keep the list without its end marker. */
function replyOfEvents(events: readonly Json[]): Reply | null {
  return replyOfObjects([...events, { type: 'message_stop' }], foldStream())
}

const roles = new Set(['system', 'user', 'assistant'])

const blockTypes =
  /^(?:text|image|document|(?:redacted_)?thinking|search_result|container_upload|compaction|fallback|(?:\w+_)?tool_(?:use|result))$/

/**
 * Certain by its system prompt beside the messages, its blocks, its tools or its version. A body of plain texts may be a
 * chat of OpenAI's as well, and neither the model's name (gateways take `claude-…` in OpenAI's shape) nor `thinking` (GLM,
 * LiteLLM) nor `stop_sequences` (Cohere) tells them apart: then the log must say.
 */
function isMessagesRequest(body: Json): boolean {
  return (
    hasMessages(body) &&
    ((fieldOf(body, 'system') ?? null) !== null ||
      textAt(body, 'anthropic_version') !== null ||
      arrayAt(body, 'tools').some((tool) => isObject(fieldOf(tool, 'input_schema'))) ||
      arrayAt(body, 'messages').some((message) => arrayAt(message, 'content').some(isOwnBlock)))
  )
}

/** Fields of an OpenAI chat that Anthropic refuses. */
const foreignFields = `n stop seed logprobs top_logprobs logit_bias response_format frequency_penalty presence_penalty
  max_completion_tokens reasoning_effort parallel_tool_calls functions function_call stream_options`.split(/\s+/)

function canBeMessages(body: Json): boolean {
  if (isMessagesRequest(body)) return true
  if (!hasMessages(body) || foreignFields.some((field) => fieldOf(body, field) !== undefined)) return false
  return !arrayAt(body, 'tools').some((tool) => objectAt(tool, 'function') !== null)
}

function hasMessages(body: Json): boolean {
  const messages = arrayAt(body, 'messages')
  if (messages.length === 0 || countAt(body, 'max_tokens') === null || !messages.every(isMessage)) return false
  const system = fieldOf(body, 'system') ?? null
  return system === null || isSystem(system)
}

function isMessage(message: Json): boolean {
  if (!roles.has(textAt(message, 'role') ?? '') || fieldOf(message, 'tool_calls') !== undefined) return false
  const content = fieldOf(message, 'content')
  return typeof content === 'string' || (isArray(content) && content.every(isBlock))
}

function isBlock(block: Json): boolean {
  return blockTypes.test(textAt(block, 'type') ?? '')
}

/** A block that other APIs with typed content parts do not have, or have in another shape. */
function isOwnBlock(block: Json): boolean {
  const type = textAt(block, 'type') ?? ''
  if (type === 'image' || type === 'document') return isObject(fieldOf(block, 'source'))
  return /tool_(?:use|result)$/.test(type) || type === 'redacted_thinking'
}

/** Bedrock's Converse has `system` too, as a list of texts without a type. */
function isSystem(system: Json): boolean {
  return typeof system === 'string' || (isArray(system) && system.every(isBlock))
}

/** What stands in a prompt for a block that is no text. Results of tools are no words of the user. */
const blockNames: Readonly<Record<string, string>> = {
  image: '[image]',
  document: '[document]',
  search_result: '[document]',
  container_upload: '[file]',
}

function promptOf(body: JsonObject): string {
  const messages = arrayAt(body, 'messages')
  const asked = messages.filter((each) => textAt(each, 'role') === 'user').map(messageText)
  return asked.findLast((text) => text !== '') ?? messageText(messages.at(-1))
}

function messageText(message: Json | undefined): string {
  const content = fieldOf(message, 'content')
  if (!isArray(content)) return typeof content === 'string' ? content : ''
  const parts = content.map((block) => {
    const type = textAt(block, 'type') ?? ''
    return type === 'text' ? (textAt(block, 'text') ?? '') : (blockNames[type] ?? '')
  })
  return parts.filter((part) => part !== '').join('\n')
}
