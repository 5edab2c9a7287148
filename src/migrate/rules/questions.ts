// What rules ask of a body.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'

/** Whether the field says anything: null and an empty list are as good as none. */
export function has(body: Json | undefined, field: string): boolean {
  const value = fieldOf(body, field) ?? null
  return value !== null && !(isArray(value) && value.length === 0)
}

/** Whether the field says anything else than the default. */
export function hasOther(body: Json | undefined, field: string, fallback: Json): boolean {
  return has(body, field) && fieldOf(body, field) !== fallback
}

export function numberAt(body: Json | undefined, field: string): number | null {
  const value = fieldOf(body, field)
  return typeof value === 'number' ? value : null
}

export function offersTools(body: JsonObject): boolean {
  return has(body, 'tools') || has(body, 'functions')
}

/** Whether the last message is the assistant's: the beginning of an answer that the model is to go on with. */
export function isPrefilled(body: JsonObject): boolean {
  const last = arrayAt(body, 'messages').at(-1) ?? arrayAt(body, 'contents').at(-1)
  return /^(?:assistant|model)$/.test(textAt(last, 'role') ?? '')
}

/** Whether Anthropic's `thinking` is on. */
export function isThinking(body: JsonObject): boolean {
  return /^(?:enabled|adaptive)$/.test(textAt(objectAt(body, 'thinking'), 'type') ?? '')
}

/** Whether a tool asks for strictness with a schema that strictness does not allow. */
export function isStrictBroken(body: JsonObject): boolean {
  return arrayAt(body, 'tools').some((tool) => {
    const described = objectAt(tool, 'function') ?? tool
    return fieldOf(described, 'strict') === true && !isClosed(fieldOf(described, 'parameters') ?? null)
  })
}

/** Deeper than this a schema is nobody's, and is not looked into. */
const maxDepth = 50

/** Each object closed, each property required. */
function isClosed(schema: Json, depth = 0): boolean {
  if (depth > maxDepth) return true
  if (isArray(schema)) return schema.every((each) => isClosed(each, depth + 1))
  if (!isObject(schema)) return true
  const properties = objectAt(schema, 'properties')
  if (properties !== null) {
    const required = arrayAt(schema, 'required')
    if (fieldOf(schema, 'additionalProperties') !== false) return false
    if (!Object.keys(properties).every((name) => required.includes(name))) return false
    if (!Object.values(properties).every((each) => isClosed(each, depth + 1))) return false
  }
  return ['items', 'anyOf', '$defs', 'definitions'].every((field) => {
    const below = fieldOf(schema, field) ?? null
    const isNamed = field === '$defs' || field === 'definitions'
    return isClosed(isNamed && isObject(below) ? Object.values(below) : below, depth + 1)
  })
}
