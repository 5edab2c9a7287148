// A line at the start of a system prompt, in each of the shapes that system prompts have.

import type { Json, JsonObject } from '../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, textAt } from './shape.ts'

/** The body whose `messages` begin with a system prompt, with the line before it; null where they begin otherwise. */
export function saltedMessages(body: JsonObject, line: string, field = 'messages'): JsonObject | null {
  const [first, ...rest] = arrayAt(body, field)
  if (!isObject(first) || !['system', 'developer'].includes(textAt(first, 'role') ?? '')) return null
  const content = saltedContent(fieldOf(first, 'content'), line)
  return content === null ? null : { ...body, [field]: [{ ...first, content }, ...rest] }
}

/** The body with the line before the text, or the first text part, of one of its fields; null where that holds none. */
export function saltedField(body: JsonObject, field: string, line: string): JsonObject | null {
  const content = saltedContent(fieldOf(body, field), line)
  return content === null ? null : { ...body, [field]: content }
}

/** A text, or parts of which the first has one. */
function saltedContent(content: Json | undefined, line: string): Json | null {
  if (typeof content === 'string') return content === '' ? null : line + content
  if (!isArray(content)) return null
  const [first, ...rest] = content
  const text = textAt(first, 'text')
  return isObject(first) && text !== null ? [{ ...first, text: line + text }, ...rest] : null
}
