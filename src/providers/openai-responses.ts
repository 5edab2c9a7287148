// OpenAI's responses, and the servers that speak them.

import type { Json, JsonObject } from '../core/types.ts'
import { askedOfResponses } from './asked.ts'
import { argumentsOf } from './openai-chat-reply.ts'
import { replyOfChunks } from './openai-chunks.ts'
import { asksForStream, bearer, mergedBody, partyOf, withoutParty } from './openai-family.ts'
import { replyOf } from './openai-responses-reply.ts'
import { readStream } from './openai-responses-stream.ts'
import type { Provider, RequestOptions } from './provider.ts'
import { rejectionOf } from './rejection.ts'
import { saltedField, saltedMessages } from './salted.ts'
import { arrayAt, fieldOf, isArray, isObject, textAt, without } from './shape.ts'

export const openaiResponses = {
  name: 'openai-responses',
  title: 'OpenAI responses',
  accepts: isResponsesRequest,
  allows: canBeResponses,
  isStreaming: asksForStream,
  framing: 'sse',
  request: (body, options) => ({ path: '/responses', body: requestBody(body, options) }),
  salted: (body, line) => saltedField(body, 'instructions', line) ?? saltedMessages(body, line, 'input'),
  headers: bearer,
  probePath: '/models',
  reply: (body) => (isArray(body) ? replyOfChunks(body, readStream()) : replyOf(body)),
  stream: readStream,
  rejection: rejectionOf,
  prompt: promptOf,
  question: (text) => ({ input: text }),
  asked: askedOfResponses,
  party: partyOf,
  withoutParty,
} as const satisfies Provider

/**
 * Fields that name what the provider keeps: the conversation so far, a stored prompt. Such a body is not all that the model
 * reads, so it is not certain to be the same request again, and a replayed `conversation` would be written on.
 */
const storedFields = ['previous_response_id', 'conversation', 'prompt']

/** The field that names it; null where the body is all that the model reads. */
export function storedFieldIn(body: Json): string | null {
  return storedFields.find((field) => (fieldOf(body, field) ?? null) !== null) ?? null
}

/** Top-level fields of APIs that have `input` too: embeddings, moderations, speech, Gemini's interactions. */
const foreignFields = `messages encoding_format dimensions input_type voice previous_interaction_id system_instruction
  generation_config response_modalities agent`.split(/\s+/)

/** Models that take `input` in an API of their own. A body that names no model is no request of this API. */
const otherModels = /embed|moderation|rerank|tts|gemini|\bbge-|\be5-|\bgte-|voyage-/i

function isResponsesRequest(body: Json): boolean {
  const model = textAt(body, 'model')
  return model !== null && !otherModels.test(model) && storedFieldIn(body) === null && canBeResponses(body)
}

function canBeResponses(body: Json): boolean {
  if (foreignFields.some((field) => (fieldOf(body, field) ?? null) !== null)) return false
  const input = fieldOf(body, 'input')
  if (typeof input === 'string') return input !== ''
  return isArray(input) && input.length > 0 && input.every(isInputItem)
}

/** A message, or an item of the kinds that answers are made of. Gemini's interactions have steps and parts instead. */
function isInputItem(item: Json): boolean {
  const type = textAt(item, 'type') ?? 'message'
  if (type !== 'message') return /_call$|_output$|^(?:reasoning|mcp_\w+|compaction|program)$/.test(type)
  if (!['user', 'assistant', 'system', 'developer'].includes(textAt(item, 'role') ?? '')) return false
  const content = fieldOf(item, 'content')
  if (typeof content === 'string') return true
  return isArray(content) && content.every((part) => partTypes.has(textAt(part, 'type') ?? ''))
}

const partTypes = new Set(['input_text', 'input_image', 'input_file', 'input_audio', 'output_text', 'refusal'])

/** Sent to be answered now: a background response comes to no end that could be measured. */
function requestBody(body: JsonObject, { stream, ...options }: RequestOptions): JsonObject {
  const kept = without(mergedBody(body, options), ['background'])
  return stream ? { ...kept, stream: true } : without(kept, ['stream', 'stream_options'])
}

/** What stands in a prompt for a part that is no text. */
const partNames: Readonly<Record<string, string>> = {
  input_image: '[image]',
  input_audio: '[audio]',
  input_file: '[file]',
}

/** The last message of the user's; where the caller only answers tool calls, what it answers last. */
function promptOf(body: JsonObject): string {
  const input = fieldOf(body, 'input')
  if (typeof input === 'string') return input
  const items = arrayAt(body, 'input')
  const item = items.findLast((each) => textAt(each, 'role') === 'user') ?? items.at(-1)
  const content = fieldOf(item, 'content') ?? fieldOf(item, 'output')
  if (typeof content === 'string') return content
  if (!isArray(content)) return isObject(item) ? argumentsOf(item) : ''
  const parts = content.map((part) => partNames[textAt(part, 'type') ?? ''] ?? textAt(part, 'text') ?? '')
  return parts.filter((part) => part !== '').join('\n')
}
