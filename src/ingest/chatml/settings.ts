// Sampling parameters, in the words of frameworks → the fields of an OpenAI chat request.

import type { Json, JsonObject } from '../../core/types.ts'
import { fieldOf, isArray, isObject, objectAt, parseJson, textAt, without } from '../../providers/shape.ts'
import { isTooDeep } from '../redact.ts'
import { plainSchema } from './tools.ts'

type Ask = (value: Json) => Json | undefined

const number: Ask = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)
/** Tracers write -1, 0 or "inf" where no limit was set. */
const limit: Ask = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
const flag: Ask = (value) => (typeof value === 'boolean' ? value : undefined)
const word: Ask = (value) => (typeof value === 'string' && value !== '' ? value : undefined)
const stops: Ask = (value) => {
  const list = isArray(value) ? value : [value]
  return list.length > 0 && list.every((each) => typeof each === 'string' && each !== '') ? list : undefined
}
const choice: Ask = (value) => {
  if (typeof value === 'string') return word(value)
  const name = textAt(value, 'name') ?? textAt(objectAt(value, 'function'), 'name')
  return name === null ? undefined : { type: 'function', function: { name } }
}
const effort: Ask = (value) => word(isObject(value) ? (fieldOf(value, 'effort') ?? null) : value)
const bias: Ask = (value) => (isObject(value) ? value : undefined)
const format: Ask = (value) =>
  ['json_object', 'json_schema'].includes(textAt(value, 'type') ?? '') ? value : undefined
/** Responses have the schema beside its type, a chat has it one deeper. */
const textFormat: Ask = (value) => {
  const wanted = objectAt(value, 'format')
  if (wanted === null || textAt(wanted, 'type') !== 'json_schema') return format(wanted)
  return { type: 'json_schema', json_schema: without(wanted, ['type']) }
}
const mime: Ask = (value) => (value === 'application/json' ? { type: 'json_object' } : undefined)
const schema: Ask = (value) =>
  isObject(value) ? { type: 'json_schema', json_schema: { name: 'answer', schema: plainSchema(value) } } : undefined

/** Source field, field of the request, and what it must be. Later lines give way to earlier ones. */
const known: readonly (readonly [from: string, to: string, ask: Ask])[] = [
  ['temperature', 'temperature', number],
  ['top_p', 'top_p', number],
  ['max_tokens', 'max_tokens', limit],
  ['max_completion_tokens', 'max_completion_tokens', limit],
  ['max_output_tokens', 'max_completion_tokens', limit],
  ['frequency_penalty', 'frequency_penalty', number],
  ['presence_penalty', 'presence_penalty', number],
  ['seed', 'seed', number],
  ['stop', 'stop', stops],
  ['stop_sequences', 'stop', stops],
  ['logit_bias', 'logit_bias', bias],
  ['reasoning_effort', 'reasoning_effort', effort],
  ['reasoning', 'reasoning_effort', effort],
  ['response_format', 'response_format', format],
  ['text', 'response_format', textFormat],
  ['response_json_schema', 'response_format', schema],
  ['response_schema', 'response_format', schema],
  ['response_mime_type', 'response_format', mime],
]
const ofTools: typeof known = [
  ['tool_choice', 'tool_choice', choice],
  ['parallel_tool_calls', 'parallel_tool_calls', flag],
]

/** What is known of the settings; the first holder that says something of a field is believed. */
export function settingsOf(holders: readonly (JsonObject | null)[], hasTools: boolean): JsonObject {
  const settings: Record<string, Json> = {}
  for (const holder of holders) {
    for (const [from, to, ask] of hasTools ? [...known, ...ofTools] : known) {
      const value = holder === null || Object.hasOwn(settings, to) ? undefined : fieldOf(holder, from)
      const meant = value === undefined ? undefined : asked(value, ask)
      if (meant !== undefined) settings[to] = meant
    }
  }
  return settings
}

/** Langfuse keeps some values as JSON in a string. What is a list or an object there is no text. */
function asked(value: Json, ask: Ask): Json | undefined {
  const parsed = typeof value === 'string' ? parseJson(value) : value
  if (typeof parsed === 'object') return parsed === null || isTooDeep(parsed) ? undefined : ask(parsed)
  return (parsed === undefined ? undefined : ask(parsed)) ?? ask(value)
}

/** Whether the request asked for a stream, where a parameter says so. */
export function asksForStream(parameters: JsonObject | null): boolean {
  const value = fieldOf(parameters ?? undefined, 'stream') ?? fieldOf(parameters ?? undefined, 'is_stream')
  return value === true || value === 'true' || value === 'True'
}
