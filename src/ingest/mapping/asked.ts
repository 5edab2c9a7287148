// What was asked in a line, by a map: an API's own body, or an OpenAI chat made of its parts.

import type { Json, JsonObject } from '../../core/types.ts'
import { isArray, isObject } from '../../providers/shape.ts'
import { bodyOf as chatOf } from '../chatml/chat.ts'
import { Unclear } from '../chatml/unclear.ts'
import { bodyOf } from '../parts/fields.ts'
import type { Found } from './found.ts'
import type { LogMap } from './map.ts'

export interface Asked {
  readonly api: string | null
  readonly body: JsonObject
}

/** Unclear where the line has no request, or nobody can say what it was. */
export function askedIn(found: Found, map: LogMap): Asked | Unclear {
  if (map.request === undefined) return chatIn(found, map)
  const body = bodyOf(found.value('request'))
  if (body === null) return new Unclear(`no request at ${map.request}`)
  const model = found.text('model')
  return {
    api: map.api ?? null,
    body: model === null || Object.hasOwn(body, 'model') ? body : { model, ...body },
  }
}

function chatIn(found: Found, map: LogMap): Asked | Unclear {
  const input = inputIn(found)
  if (input === null) return new Unclear(`no request at ${map.messages ?? map.prompt ?? 'any path of the map'}`)
  const body = chatOf({
    input,
    output: found.json('response') ?? callsIn(found) ?? null,
    model: found.text('model'),
    parameters: parametersIn(found, map),
    metadata: null,
    toolColumn: null,
    hasFirstToken:
      (found.value('firstTokenMs') ?? found.value('firstTokenSeconds') ?? found.value('firstTokenAt')) !== undefined,
  })
  return body instanceof Unclear ? body : { api: 'openai-chat', body }
}

function parametersIn(found: Found, { parameters }: LogMap): JsonObject | null {
  if (typeof parameters === 'object') {
    const pairs = Object.keys(parameters).map((name) => [name, found.json(`parameters.${name}`)] as const)
    return Object.fromEntries(pairs.filter((pair): pair is readonly [string, Json] => pair[1] !== undefined))
  }
  const given = found.json('parameters')
  return isObject(given) ? given : null
}

/** As `chatml` takes it: the messages, with the system prompt and the tools that stand elsewhere in the line. */
function inputIn(found: Found): Json {
  const tools = found.json('tools')
  const beside = {
    ...(found.value('system') === undefined ? {} : { system: found.json('system') ?? null }),
    ...(tools === undefined ? {} : { tools }),
  }
  const given = found.json('messages') ?? promptIn(found.json('prompt'))
  if (given === undefined || given === null) return null
  if (isArray(given)) return { messages: given, ...beside }
  // A message alone is a chat of one.
  if (isObject(given)) return 'role' in given ? { messages: [given], ...beside } : { ...given, ...beside }
  return given
}

/** Who maps a text as the prompt says that it is one, and no flattened conversation. */
function promptIn(prompt: Json | undefined): Json | undefined {
  return typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt
}

function callsIn(found: Found): Json | undefined {
  const calls = found.json('toolCalls')
  return isArray(calls) && calls.length > 0 ? { tool_calls: calls } : undefined
}
