// One message or item of a trace, in any framework's words → what was said, called or given back.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { contentOf, resultOf } from './content.ts'
import { fromRepr } from './python-repr.ts'
import { allClear, Unclear, worded } from './unclear.ts'

/** A call as the framework wrote it; some write no id. */
export interface Call {
  readonly id: string | null
  readonly name: string
  readonly arguments: string
}

export type Turn =
  | { readonly kind: 'said'; readonly role: string; readonly content: Json; readonly calls: readonly Call[] }
  | { readonly kind: 'result'; readonly id: string | null; readonly name: string | null; readonly content: Json }

const roles: Readonly<Record<string, string>> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  AIMessageChunk: 'assistant',
  model: 'assistant',
  tool: 'tool',
  function: 'tool',
}

/** The turns of one message: several where results of tools stand in it as parts, none where nothing was said. */
export function turnsOf(message: Json): readonly Turn[] | Unclear {
  if (typeof message === 'string') {
    const meant = fromRepr(message)
    return meant === null ? new Unclear('a message that is text without a role') : turnsOf(meant)
  }
  if (!isObject(message)) return new Unclear('a message that is no object')
  const type = textAt(message, 'type')
  if (type === 'function_call') return turnOf(said('assistant', null, [callOf(message)]))
  if (type === 'function_call_output')
    return turnOf(gaveBack(textAt(message, 'call_id'), null, fieldOf(message, 'output')))
  if (type === 'reasoning') return []
  const role = roleOf(textAt(message, 'role') ?? type)
  if (role === null) return new Unclear(`a message whose role is not known: ${worded(textAt(message, 'role') ?? type)}`)
  if (isArray(fieldOf(message, 'parts'))) return turnsOfParts(role, arrayAt(message, 'parts'))
  if (role === 'tool') return turnOf(gaveBack(resultId(message), textAt(message, 'name'), fieldOf(message, 'content')))
  const blocks = arrayAt(message, 'content')
  if (blocks.some(isToolBlock)) return turnsOfParts(role, blocks, callsOf(message))
  return turnOf(said(role, contentOf(fieldOf(message, 'content')), callsOf(message)))
}

/** Anthropic's messages have calls and results among the blocks of their content. */
function isToolBlock(block: Json): boolean {
  return ['tool_use', 'tool_result'].includes(textAt(block, 'type') ?? '')
}

function roleOf(word: string | null): string | null {
  return word !== null && Object.hasOwn(roles, word) ? (roles[word] ?? null) : null
}

/** Events of OpenTelemetry name the call that a result is of `id`. */
function resultId(message: JsonObject): string | null {
  const isEvent = fieldOf(message, 'event.name') === 'gen_ai.tool.message'
  return textAt(message, 'tool_call_id') ?? (isEvent ? textAt(message, 'id') : null)
}

function callsOf(message: JsonObject): readonly (Call | Unclear)[] {
  const own = arrayAt(message, 'tool_calls')
  const calls = own.length > 0 ? own : arrayAt(objectAt(message, 'additional_kwargs') ?? null, 'tool_calls')
  const legacy = calls.length > 0 ? null : objectAt(message, 'function_call')
  return (legacy === null ? calls : [legacy]).map(callOf)
}

function callOf(call: Json): Call | Unclear {
  const called = objectAt(call, 'function') ?? call
  const name = textAt(called, 'name')
  if (name === null) return new Unclear('a call of a tool without its name')
  const given = fieldOf(called, 'arguments') ?? fieldOf(called, 'args') ?? fieldOf(called, 'input') ?? {}
  const id = textAt(call, 'call_id') ?? textAt(call, 'id')
  return { id, name, arguments: typeof given === 'string' ? given : JSON.stringify(given) }
}

const callTypes = new Set(['tool_call', 'tool_use'])
const resultTypes = new Set(['tool_call_response', 'tool_result'])

/**
 * Parts as Gemini, OpenTelemetry and Anthropic write them: texts, calls and results in one list. LangChain repeats the
 * calls beside the parts (`own`), which are believed.
 */
function turnsOfParts(
  role: string,
  parts: readonly Json[],
  own: readonly (Call | Unclear)[] = [],
): readonly Turn[] | Unclear {
  const calls: (Call | Unclear)[] = []
  const results: (Turn | Unclear)[] = []
  const texts: Json[] = []
  for (const part of parts) {
    const type = textAt(part, 'type') ?? ''
    const call = partAt(part, 'function_call', 'functionCall') ?? (callTypes.has(type) ? part : null)
    const result = partAt(part, 'function_response', 'functionResponse') ?? (resultTypes.has(type) ? part : null)
    if (call !== null) calls.push(callOf(call))
    else if (result === null) texts.push(part)
    else results.push(resultPart(result))
  }
  const hasSaid = texts.length > 0 || calls.length > 0
  const spoken = said(role, contentOf(texts), own.length > 0 ? own : calls)
  return allClear(hasSaid && role !== 'tool' ? [...results, spoken] : results)
}

function resultPart(result: Json): Turn | Unclear {
  const content = fieldOf(result, 'response') ?? fieldOf(result, 'result') ?? fieldOf(result, 'content')
  return gaveBack(textAt(result, 'id') ?? textAt(result, 'tool_use_id'), textAt(result, 'name'), content)
}

function partAt(part: Json, snake: string, camel: string): JsonObject | null {
  return objectAt(part, snake) ?? objectAt(part, camel)
}

function said(role: string, content: Json | Unclear, calls: readonly (Call | Unclear)[]): Turn | Unclear {
  const clear = allClear(calls)
  if (content instanceof Unclear) return content
  return clear instanceof Unclear ? clear : { kind: 'said', role, content, calls: clear }
}

function gaveBack(id: string | null, name: string | null, content: Json | undefined): Turn | Unclear {
  const result = resultOf(content)
  return result instanceof Unclear ? result : { kind: 'result', id, name, content: result }
}

function turnOf(turn: Turn | Unclear): readonly Turn[] | Unclear {
  return turn instanceof Unclear ? turn : [turn]
}
