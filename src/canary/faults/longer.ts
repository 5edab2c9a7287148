// An answer made twice as long in any API: each piece of its text comes twice, and its bill counts twice the output.

import type { Json, JsonObject } from '../../core/types.ts'
import { isArray, isObject, parseJson } from '../../providers/shape.ts'

/** A whole body; what is no JSON stays as it is. */
export function longerBody(text: string): string {
  const body = parseJson(text)
  return body === undefined || body === null ? text : JSON.stringify(longer(body))
}

/** One frame of a stream, whatever its framing; what carries no JSON stays as it is. */
export function longerFrame(frame: string): string {
  return frame.replace(/^((?:data: ?)?)(\{.*\})(\r?)$/gm, (_, field: string, json: string, end: string) => {
    return field + longerBody(json) + end
  })
}

const outputCounts = new Set(['completion_tokens', 'output_tokens', 'candidatesTokenCount', 'eval_count'])
const totalCounts = new Set(['total_tokens', 'totalTokenCount'])
/** What a tool is called with is no text of the answer: twice of it would be no call. */
const ofTools = new Set(['tool_calls', 'function_call', 'functionCall', 'args', 'arguments', 'input'])

function longer(json: Json): Json {
  if (isArray(json)) return json.map(longer)
  if (!isObject(json)) return json
  const more = outputOf(json)
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, longerField({ json, name, value, more })]),
  )
}

interface Field {
  readonly json: JsonObject
  readonly name: string
  readonly value: Json
  /** Output tokens beside it. */
  readonly more: number
}

function longerField({ json, name, value, more }: Field): Json {
  if (ofTools.has(name)) return value
  if (typeof value === 'string') return isTextOf(json, name) ? value + value : value
  if (typeof value === 'number' && outputCounts.has(name)) return 2 * value
  if (typeof value === 'number' && totalCounts.has(name)) return value + more
  return longer(value)
}

function isTextOf(json: JsonObject, name: string): boolean {
  if (name === 'content' || name === 'text') return true
  return name === 'delta' && json['type'] === 'response.output_text.delta'
}

function outputOf(json: JsonObject): number {
  const counts = Object.entries(json).flatMap(([name, value]) =>
    outputCounts.has(name) && typeof value === 'number' ? [value] : [],
  )
  return counts[0] ?? 0
}
