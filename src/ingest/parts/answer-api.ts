// Which API an answer is certainly in, where a request of plain texts could be of several.

import type { Json } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, objectAt, textAt } from '../../providers/shape.ts'

/**
 * A chat without a system prompt, tools or pictures looks alike in OpenAI's, Anthropic's and Ollama's words; the answers
 * do not. null where the answer does not tell. `providerOf` asks the same of an answer that is kept: this is for formats that
 * do not keep the answer out of a gateway's cache.
 */
export function apiOfAnswer(answer: Json): string | null {
  const first = isArray(answer) ? (answer[0] ?? null) : answer
  if (typeof first === 'string')
    return /^(?:event: message_start|data: ?\{"type": ?"message_start")/m.test(first) ? anthropic : null
  if (textAt(first, 'type') === 'message_start') return anthropic
  if (textAt(first, 'type') === 'message' && arrayAt(first, 'content').length > 0) return anthropic
  if (typeof fieldOf(first, 'done') === 'boolean' && objectAt(first, 'message') !== null) return 'ollama'
  return null
}

const anthropic = 'anthropic-messages'
