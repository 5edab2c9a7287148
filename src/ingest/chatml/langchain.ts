// What LangChain's tracer logs: messages as the constructors that make them, in lists of lists → messages as others have them.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'

const types: Readonly<Record<string, string>> = {
  Human: 'human',
  AI: 'ai',
  System: 'system',
  Tool: 'tool',
  Function: 'function',
}

/** Inputs whose messages are plain; other inputs stay what they are. */
export function plainInputs(inputs: JsonObject): JsonObject {
  const logged = arrayAt(inputs, 'messages')
  if (logged.length === 0) return inputs
  // A batch of one: several prompts of one run would be several calls.
  const [only, ...more] = logged
  const messages = isArray(only) && more.length === 0 ? only : logged
  return { ...inputs, messages: messages.map(plainMessage) }
}

/** The message of the first generation; other outputs stay what they are. */
export function plainOutputs(outputs: JsonObject): Json {
  const [first] = arrayAt(outputs, 'generations')
  const generation = isArray(first) ? first[0] : first
  if (generation === undefined)
    return isObject(objectAt(outputs, 'output')) ? plainMessage(objectAt(outputs, 'output')) : outputs
  const message = objectAt(generation, 'message')
  const reason = textAt(objectAt(generation, 'generation_info'), 'finish_reason')
  const said = message === null ? { type: 'ai', content: textAt(generation, 'text') ?? '' } : plainMessage(message)
  return isObject(said) && reason !== null ? { ...said, finish_reason: reason } : said
}

/** `{lc, id: […, "HumanMessage"], kwargs}` and `{type: "human", data}` are both a message. */
export function plainMessage(message: Json): Json {
  const kwargs = objectAt(message, 'kwargs')
  const data = objectAt(message, 'data')
  if (kwargs !== null) {
    const name = arrayAt(message, 'id').at(-1)
    const type = textAt(kwargs, 'type') ?? (typeof name === 'string' ? typeOf(name) : null)
    return { ...kwargs, type: type ?? textAt(kwargs, 'role') }
  }
  return data !== null && textAt(message, 'type') !== null
    ? { ...data, type: fieldOf(message, 'type') ?? null }
    : message
}

/** `HumanMessage`, `AIMessageChunk`. */
function typeOf(name: string): string | null {
  const [, stem = ''] = /^([A-Z]\w*?)Message(?:Chunk)?$/.exec(name) ?? []
  return Object.hasOwn(types, stem) ? (types[stem] ?? null) : null
}
