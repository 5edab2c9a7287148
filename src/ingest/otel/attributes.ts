// Questions to the attributes of a span, whose keys are flat words with dots.

import type { Json, JsonObject } from '../../core/types.ts'
import { fieldOf, isArray, isObject, textAt } from '../../providers/shape.ts'
import { meant } from '../chatml/chat.ts'

/** The first of these keys that has a text. */
export function wordAt(attributes: JsonObject, ...keys: readonly string[]): string | null {
  return keys.map((key) => textAt(attributes, key)).find((each) => each !== null) ?? null
}

/** The first of these keys that counts something; some exporters write numbers as text. */
export function numberAt(attributes: JsonObject, ...keys: readonly string[]): number | null {
  const numbers = keys.map((key) => {
    const value = fieldOf(attributes, key)
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null
  })
  return numbers.find((each) => each !== null) ?? null
}

/** The first of these keys that is a list, or the JSON of one. */
export function listAt(attributes: JsonObject, ...keys: readonly string[]): readonly Json[] {
  for (const key of keys) {
    const value = meant(fieldOf(attributes, key))
    if (isArray(value)) return value
  }
  return []
}

/** The first of these keys that is an object, or the JSON of one. */
export function objectIn(attributes: JsonObject, ...keys: readonly string[]): JsonObject | null {
  return keys.map((key) => meant(fieldOf(attributes, key))).find(isObject) ?? null
}

/** The attributes below a prefix, without it. */
export function below(attributes: JsonObject, prefix: string): JsonObject {
  const inside = Object.entries(attributes).filter(([key]) => key.startsWith(prefix))
  return Object.fromEntries(inside.map(([key, value]) => [key.slice(prefix.length), value]))
}

type Tree = Map<string, Tree | Json>

/** `role` of `llm.input_messages.0.message.role` …: the list that was flattened into keys, in the order of its numbers. */
export function unflattened(attributes: JsonObject, prefix: string): readonly Json[] {
  const root: Tree = new Map()
  for (const [key, value] of Object.entries(below(attributes, prefix))) {
    const path = key.split('.')
    const last = path.pop() ?? ''
    let at: Tree | null = root
    for (const step of path) {
      const next: Tree | Json = at.get(step) ?? new Map()
      at.set(step, next)
      at = next instanceof Map ? next : null
      if (at === null) break
    }
    if (at !== null && !at.has(last)) at.set(last, value)
  }
  const list = grown(root)
  return isArray(list) ? list : []
}

function grown(tree: Tree): Json {
  const entries = [...tree].map(([key, value]) => [key, value instanceof Map ? grown(value) : value] as const)
  const isList = entries.length > 0 && entries.every(([key]) => /^\d{1,6}$/.test(key))
  if (!isList) return Object.fromEntries(entries)
  return entries.toSorted(([left], [right]) => Number(left) - Number(right)).map(([, value]) => value)
}
