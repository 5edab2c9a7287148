// Messages as events of their own, one each, on a span or in the log: how the GenAI conventions had them until 2025.

import type { Json, JsonObject } from '../../core/types.ts'
import { fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { meant } from '../chatml/chat.ts'
import type { SpanEvent } from './span.ts'

const roles: Readonly<Record<string, string>> = {
  'gen_ai.system.message': 'system',
  'gen_ai.user.message': 'user',
  'gen_ai.assistant.message': 'assistant',
  'gen_ai.tool.message': 'tool',
}

const choice = 'gen_ai.choice'
const prompt = 'gen_ai.content.prompt'
const completion = 'gen_ai.content.completion'

/** Whether the event says something that went in or came back. */
export function isMessageEvent(name: string): boolean {
  return Object.hasOwn(roles, name) || [choice, prompt, completion].includes(name)
}

/** The messages that went in; none where none was recorded with what it says. */
export function askedIn(events: readonly SpanEvent[]): Json {
  const whole = events.find(({ name }) => name === prompt)
  if (whole !== undefined) return fieldOf(whole.attributes, 'gen_ai.prompt') ?? null
  const messages = events.flatMap((event) => messageOf(event))
  // Where content is off, the events come without it.
  return messages.some((message) => (fieldOf(message, 'content') ?? null) !== null) ? messages : null
}

/** The first choice that came back. */
export function answeredIn(events: readonly SpanEvent[]): Json {
  const whole = events.find(({ name }) => name === completion)
  if (whole !== undefined) return fieldOf(whole.attributes, 'gen_ai.completion') ?? null
  const chosen = events.find(({ name }) => name === choice)
  if (chosen === undefined) return null
  const payload = payloadOf(chosen)
  const message = meant(fieldOf(payload, 'message'))
  const said = isObject(message) ? message : { content: contentIn(message) }
  const calls = fieldOf(said, 'tool_calls') ?? fieldOf(payload, 'tool_calls')
  if ((fieldOf(said, 'content') ?? null) === null && calls === undefined) return null
  return [
    {
      ...said,
      role: 'assistant',
      ...(calls === undefined ? {} : { tool_calls: meant(calls) }),
      finish_reason: textAt(payload, 'finish_reason'),
    },
  ]
}

function messageOf(event: SpanEvent): readonly JsonObject[] {
  const role = Object.hasOwn(roles, event.name) ? roles[event.name] : undefined
  if (role === undefined) return []
  const payload = payloadOf(event)
  const calls = fieldOf(payload, 'tool_calls')
  return [
    {
      role: textAt(payload, 'role') ?? role,
      content: contentIn(fieldOf(payload, 'content')),
      ...(calls === undefined ? {} : { tool_calls: meant(calls) }),
      ...(role === 'tool' ? { tool_call_id: textAt(payload, 'id') } : {}),
    },
  ]
}

/** A log record has the message in its body, a span's event in its attributes, Azure's in the JSON of one of them. */
function payloadOf({ attributes, body }: SpanEvent): JsonObject {
  const inAttribute = meant(fieldOf(attributes, 'gen_ai.event.content'))
  return { ...attributes, ...(isObject(inAttribute) ? inAttribute : {}), ...(isObject(body) ? body : {}) }
}

/** Text, or the list of blocks that the text is the JSON of: Strands writes those of Bedrock. */
function contentIn(value: Json | undefined): Json {
  const list = meant(value)
  if (!isArray(list) || !list.every(isBlock)) return value ?? null
  return list.map(blockOf)
}

function isBlock(block: Json): boolean {
  return ['text', 'toolUse', 'toolResult', 'type'].some((field) => fieldOf(block, field) !== undefined)
}

function blockOf(block: Json): Json {
  const use = objectAt(block, 'toolUse')
  if (use !== null) return { ...use, type: 'tool_use', id: textAt(use, 'toolUseId') }
  const result = objectAt(block, 'toolResult')
  return result === null ? block : { ...result, type: 'tool_result', tool_use_id: textAt(result, 'toolUseId') }
}
