// Credentials out of captured JSON: header-like fields whole, and what looks like a key inside any text.

import { withoutSecrets } from '../core/secrets.ts'
import type { Json, JsonObject } from '../core/types.ts'
import { isArray, isObject } from '../providers/shape.ts'

/** `authorization`, `x-api-key`, `Set-Cookie`, `cf-aig-authorization`, `client_secret`…, with any prefix. */
const headerLike =
  /^(?:[a-z0-9]{1,30}[-_]){0,5}(?:authorization|api[-_]?key|cookie|subscription[-_]key|(?:auth|access|refresh|security|session)[-_]?token|client[-_]?secret|helicone-auth)$/i

/** Deeper JSON is no request of anybody; recursion over it would end the process. */
const maxDepth = 200

interface Count {
  keys: number
}

/**
 * JSON without credentials, and how many were taken out. A header-like field goes where its value is a text or a list of
 * texts; an object of that name is a tool's schema and stays. Lone surrogates, which cut emoji leave behind, become
 * U+FFFD: neither canonical JSON nor UTF-8 can carry them. JSON without any of this is returned as it is.
 */
export function redact(json: Json): { readonly json: Json; readonly keys: number } {
  const redaction = startRedaction()
  return { json: redaction.json(json), keys: redaction.keys() }
}

export interface Redaction {
  readonly json: (json: Json) => Json
  readonly object: (json: JsonObject) => JsonObject
  readonly text: (text: string) => string
  /** Credentials taken out so far. */
  readonly keys: () => number
}

/** A redaction of several pieces that counts over all of them. */
export function startRedaction(): Redaction {
  const count = { keys: 0 }
  return {
    json: (json) => cleaned(json, count),
    object: (json) => cleanedObject(json, count),
    text: (text) => cleanedText(text, count),
    keys: () => count.keys,
  }
}

/** Whether a field of this name carries credentials. */
export function isHeaderLike(field: string): boolean {
  return headerLike.test(field)
}

/** Whether JSON nests deeper than 200 levels. */
export function isTooDeep(json: Json, levels: number = maxDepth): boolean {
  if (typeof json !== 'object' || json === null) return false
  if (levels === 0) return true
  return (isArray(json) ? json : Object.values(json)).some((each) => isTooDeep(each, levels - 1))
}

function cleaned(json: Json, count: Count): Json {
  if (typeof json === 'string') return cleanedText(json, count)
  if (isArray(json)) {
    const items = json.map((item) => cleaned(item, count))
    return items.some((item, at) => item !== json[at]) ? items : json
  }
  return isObject(json) ? cleanedObject(json, count) : json
}

function cleanedObject(json: JsonObject, count: Count): JsonObject {
  let isChanged = false
  const entries: [string, Json][] = []
  for (const [field, value] of Object.entries(json)) {
    if (isTextual(value) && isHeaderLike(field)) {
      count.keys += 1
      isChanged = true
      continue
    }
    const entry: [string, Json] = [cleanedText(field, count), cleaned(value, count)]
    isChanged ||= entry[0] !== field || entry[1] !== value
    entries.push(entry)
  }
  return isChanged ? Object.fromEntries(entries) : json
}

function isTextual(value: Json): boolean {
  if (typeof value === 'string') return value !== ''
  return isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string')
}

function cleanedText(text: string, count: Count): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  const { text: clean, found } = withoutSecrets(whole)
  count.keys += found
  return clean
}
