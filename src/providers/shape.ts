// Reading JSON of unknown shape: each question is answered, never assumed.

import { isArray, isObject } from '../core/json.ts'
import type { Json, JsonObject } from '../core/types.ts'

export { isArray, isObject, parseJson } from '../core/json.ts'

/** A field that is an object; null where it is anything else. */
export function objectAt(json: Json | undefined, field: string): JsonObject | null {
  const value = fieldOf(json, field)
  return isObject(value) ? value : null
}

/** A field that is an array; empty where it is anything else. */
export function arrayAt(json: Json | undefined, field: string): readonly Json[] {
  const value = fieldOf(json, field)
  return isArray(value) ? value : []
}

/** A field that is a string with something in it; null where it is anything else. */
export function textAt(json: Json | undefined, field: string): string | null {
  const value = fieldOf(json, field)
  return typeof value === 'string' && value !== '' ? value : null
}

/** A field that counts something: a whole number from 0; null where it is anything else. */
export function countAt(json: Json | undefined, field: string): number | null {
  const value = fieldOf(json, field)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** An object's own field, so that `constructor` in a log is nothing special. */
export function fieldOf(json: Json | undefined, field: string): Json | undefined {
  return isObject(json) && Object.hasOwn(json, field) ? json[field] : undefined
}

/** The object without some fields. */
export function without(json: JsonObject, fields: readonly string[]): JsonObject {
  if (!fields.some((field) => Object.hasOwn(json, field))) return json
  return Object.fromEntries(Object.entries(json).filter(([field]) => !fields.includes(field)))
}
