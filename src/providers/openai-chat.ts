// OpenAI's chat completions, and the many servers that speak them.

import type { Json, JsonObject } from '../core/types.ts'
import { partsText, replyOf } from './openai-chat-reply.ts'
import { readStream, replyOfChunks } from './openai-chat-stream.ts'
import { namesConversation, namesPerson } from './party.ts'
import type { Provider, RequestOptions } from './provider.ts'
import { rejectionOf } from './rejection.ts'
import { arrayAt, fieldOf, isArray, objectAt, textAt, without } from './shape.ts'

export const openaiChat = {
  name: 'openai-chat',
  title: 'OpenAI chat completions',
  accepts: isChatRequest,
  isStreaming: (body) => fieldOf(body, 'stream') === true,
  request: (body, options) => ({ path: '/chat/completions', body: requestBody(body, options) }),
  headers: (key) => (key === null ? {} : { authorization: `Bearer ${key}` }),
  probePath: '/models',
  reply: (body) => (isArray(body) ? replyOfChunks(body) : replyOf(body)),
  stream: readStream,
  rejection: rejectionOf,
  prompt: promptOf,
  party: (body) => textAt(body, 'safety_identifier') ?? textAt(body, 'user'),
  withoutParty,
} as const satisfies Provider

const roles = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function'])

/** Top-level fields of APIs that have `messages` too: Anthropic's, Bedrock's Converse, Cohere's. */
const foreignFields = ['system', 'anthropic_version', 'stop_sequences', 'thinking', 'inferenceConfig', 'toolConfig']

/** Content parts of this API. Anthropic's `image`, `document`, `tool_use` and `tool_result` are not among them. */
const partTypes = new Set(['text', 'image_url', 'input_audio', 'file', 'refusal', 'video_url', 'audio_url', 'thinking'])

function isChatRequest(body: Json): boolean {
  const messages = arrayAt(body, 'messages')
  if (messages.length === 0 || foreignFields.some((field) => fieldOf(body, field) !== undefined)) return false
  if (arrayAt(body, 'tools').some((tool) => fieldOf(tool, 'input_schema') !== undefined)) return false
  return messages.every(isChatMessage)
}

function isChatMessage(message: Json): boolean {
  if (!roles.has(textAt(message, 'role') ?? '')) return false
  const content = fieldOf(message, 'content') ?? null
  if (!isArray(content)) return content === null || typeof content === 'string'
  return content.every((part) => partTypes.has(textAt(part, 'type') ?? ''))
}

/**
 * The stream flag wins over an override of the same name: it is what the reader on this side expects. An override of
 * `stream_options` wins over ours, for servers that refuse the field; their streams then report no usage.
 */
function requestBody(body: JsonObject, { model, stream, overrides }: RequestOptions): JsonObject {
  const captured = model === null ? body : { ...body, model }
  const merged: JsonObject = { ...captured, ...overrides }
  const kept = Object.fromEntries(
    Object.entries(merged).filter(([field, value]) => value !== null || fieldOf(overrides, field) !== null),
  )
  if (!stream) return without(kept, ['stream', 'stream_options'])
  if (fieldOf(overrides, 'stream_options') !== undefined) return { ...kept, stream: true }
  return { ...kept, stream: true, stream_options: { ...objectAt(kept, 'stream_options'), include_usage: true } }
}

/** What stands in a prompt for a part that is no text. */
const partNames: Readonly<Record<string, string>> = {
  image_url: '[image]',
  input_audio: '[audio]',
  audio_url: '[audio]',
  video_url: '[video]',
  file: '[file]',
}

function promptOf(body: JsonObject): string {
  const messages = arrayAt(body, 'messages')
  const message = messages.findLast((each) => textAt(each, 'role') === 'user') ?? messages.at(-1)
  const content = fieldOf(message, 'content')
  if (!isArray(content)) return partsText(content, 'text')
  const parts = content.map((part) => partNames[textAt(part, 'type') ?? ''] ?? partsText([part], 'text'))
  return parts.filter((part) => part !== '').join('\n')
}

/** Fields whose only use is to tell the provider who asks, or to keep one asker's requests together. */
const partyFields = ['user', 'safety_identifier', 'prompt_cache_key']

/** `messages[].name` stays: the model reads it, so a replay without it would be another request. */
function withoutParty(body: JsonObject): JsonObject {
  const rest = without(body, partyFields)
  const metadata = objectAt(rest, 'metadata')
  if (metadata === null) return rest
  const named = Object.keys(metadata).filter((field) => namesPerson(field) || namesConversation(field))
  return named.length === 0 ? rest : { ...rest, metadata: without(metadata, named) }
}
