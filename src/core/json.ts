// What a JSON value is, and whether a text is one.

import type { Json, JsonObject } from './types.ts'

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

// `Array.isArray` alone narrows a readonly array to any[].
export function isArray(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json)
}

/** JSON, or undefined where the text is none. */
export function parseJson(text: string): Json | undefined {
  try {
    const parsed: Json = JSON.parse(text)
    return parsed
  } catch {
    return undefined
  }
}
