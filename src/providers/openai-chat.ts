// OpenAI's chat completions, and the many servers that speak them.

import type { Json, JsonObject } from '../core/types.ts'
import { askedOfChat } from './asked.ts'
import { partsText, replyOf } from './openai-chat-reply.ts'
import { readStream } from './openai-chat-stream.ts'
import { replyOfChunks } from './openai-chunks.ts'
import { asksForStream, bearer, completionBody, partyOf, withoutParty } from './openai-family.ts'
import type { Provider } from './provider.ts'
import { rejectionOf } from './rejection.ts'
import { saltedMessages } from './salted.ts'
import { arrayAt, fieldOf, isArray, textAt } from './shape.ts'

export const openaiChat = {
  name: 'openai-chat',
  title: 'OpenAI chat completions',
  accepts: isChatRequest,
  allows: isChatRequest,
  isStreaming: asksForStream,
  framing: 'sse',
  request: (body, options) => ({ path: '/chat/completions', body: completionBody(body, options) }),
  salted: saltedMessages,
  headers: bearer,
  probePath: '/models',
  reply: (body) => (isArray(body) ? replyOfChunks(body, readStream()) : replyOf(body)),
  stream: readStream,
  rejection: rejectionOf,
  prompt: promptOf,
  question: (text) => ({ messages: [{ role: 'user', content: text }] }),
  asked: askedOfChat,
  party: partyOf,
  withoutParty,
} as const satisfies Provider

const roles = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function'])

/** Top-level fields of APIs that have `messages` too: Anthropic's, Bedrock's Converse, Cohere's, Ollama's. */
const foreignFields = `system anthropic_version stop_sequences thinking inferenceConfig toolConfig options
  keep_alive`.split(/\s+/)

/** Content parts of this API. Anthropic's `image`, `document`, `tool_use` and `tool_result` are not among them. */
const partTypes = new Set(['text', 'image_url', 'input_audio', 'file', 'refusal', 'video_url', 'audio_url', 'thinking'])

function isChatRequest(body: Json): boolean {
  const messages = arrayAt(body, 'messages')
  if (messages.length === 0 || foreignFields.some((field) => fieldOf(body, field) !== undefined)) return false
  if (arrayAt(body, 'tools').some((tool) => fieldOf(tool, 'input_schema') !== undefined)) return false
  return messages.every(isChatMessage)
}

function isChatMessage(message: Json): boolean {
  // Ollama's pictures stand beside the content.
  if (!roles.has(textAt(message, 'role') ?? '') || fieldOf(message, 'images') !== undefined) return false
  const content = fieldOf(message, 'content') ?? null
  if (!isArray(content)) return content === null || typeof content === 'string'
  return content.every((part) => partTypes.has(textAt(part, 'type') ?? ''))
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
