// Traceloop's OpenLLMetry: messages flattened into numbered attributes.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { meant } from '../chatml/chat.ts'
import { worded } from '../chatml/unclear.ts'
import { unflattened, wordAt } from './attributes.ts'
import { type Dialect, type Told, told } from './dialect.ts'
import { genAiFacts } from './gen-ai-attributes.ts'
import type { Span } from './span.ts'

export const traceloop = { read } as const satisfies Dialect

function read({ attributes }: Span): Told | string | null {
  const kind = wordAt(attributes, 'traceloop.span.kind')
  const type = wordAt(attributes, 'llm.request.type')
  const messages = unflattened(attributes, 'gen_ai.prompt.').map(messageOf)
  if (kind !== null && type === null && messages.length === 0)
    return `a span of Traceloop that is no call: ${worded(kind)}`
  if (messages.length === 0) return null
  if (type !== null && type !== 'chat') return `a request that is no chat: ${worded(type)}`
  const tools = unflattened(attributes, 'llm.request.functions.').map(toolOf)
  return told({
    ...genAiFacts(attributes),
    input: { messages, ...(tools.length === 0 ? {} : { tools }) },
    output: unflattened(attributes, 'gen_ai.completion.').slice(0, 1).map(messageOf),
  })
}

function messageOf(message: Json): Json {
  if (!isObject(message)) return message
  const content = fieldOf(message, 'content')
  const parts = meant(content)
  const isParts = isArray(parts) && parts.length > 0 && parts.every((part) => textAt(part, 'type') !== null)
  const calls = arrayAt(message, 'tool_calls')
  return {
    ...message,
    content: isParts ? parts : (content ?? null),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
}

/** The schema is JSON in a text, under one of three names. */
function toolOf(tool: Json): JsonObject {
  const schemas = ['parameters', 'input_schema', 'arguments'].map((field) => meant(fieldOf(tool, field)))
  const parameters = schemas.find(isObject) ?? objectAt(tool, 'parameters')
  return {
    name: textAt(tool, 'name'),
    description: textAt(tool, 'description'),
    ...(parameters === null ? {} : { parameters }),
  }
}
