// Credentials out of captured JSON: header-like fields whole, and what looks like a key inside any text. Personal data too.

import { withoutSecrets } from '../core/secrets.ts'
import type { Json, JsonObject } from '../core/types.ts'
import { isArray, isObject, parseJson } from '../providers/shape.ts'
import { isCardNumber } from './personal/card.ts'
import { type PersonalData, type PersonalDataOptions, personalData } from './personal/personal-data.ts'

/** `authorization`, `x-api-key`, `Set-Cookie`, `cf-aig-authorization`, `client_secret`…, with any prefix. */
const headerLike =
  /^(?:[a-z0-9]{1,30}[-_]){0,5}(?:authorization|api[-_]?key|cookie|subscription[-_]key|(?:auth|access|refresh|security|session)[-_]?token|client[-_]?secret|helicone-auth)$/i

/** Deeper JSON is no request of anybody; recursion over it would end the process. */
const maxDepth = 200

/** What was taken out. */
export interface Taken {
  /** Credentials. */
  readonly keys: number
  /** Personal data, by kind. */
  readonly personal: Readonly<Record<string, number>>
}

interface Work {
  keys: number
  readonly personal: Record<string, number>
  readonly search: PersonalData | null
}

export interface Redaction {
  readonly json: (json: Json) => Json
  readonly object: (json: JsonObject) => JsonObject
  readonly text: (text: string) => string
  /** What was taken out so far. */
  readonly taken: () => Taken
}

/**
 * Starts redactions that count for themselves. Made of plain data, so that each worker can have its own; null keeps
 * personal data.
 *
 * JSON comes back without credentials. A header-like field goes where its value is a text or a list of texts; an object
 * of that name is a tool's schema and stays. Lone surrogates, which cut emoji leave behind, become U+FFFD: neither
 * canonical JSON nor UTF-8 can carry them. JSON without any of this is returned as it is.
 */
export function redactions(options: PersonalDataOptions | null): () => Redaction {
  const search = options && personalData(options)
  return () => {
    const work: Work = { keys: 0, personal: {}, search }
    return {
      json: (json) => cleaned(json, work),
      object: (json) => cleanedObject(json, work),
      text: (text) => cleanedText(text, work),
      taken: () => ({ keys: work.keys, personal: { ...work.personal } }),
    }
  }
}

/** What both have taken out. */
export function takenTogether(one: Taken, other: Taken): Taken {
  const personal = { ...one.personal }
  for (const [kind, count] of Object.entries(other.personal)) personal[kind] = (personal[kind] ?? 0) + count
  return { keys: one.keys + other.keys, personal }
}

/** Pieces of personal data, of all kinds. */
export function personalCount({ personal }: Taken): number {
  return Object.values(personal).reduce((sum, count) => sum + count, 0)
}

/** Whether a field of this name carries credentials. */
export function isHeaderLike(field: string): boolean {
  return headerLike.test(field)
}

/** Whether JSON nests deeper than 200 levels. */
export function isTooDeep(json: Json, levels: number = maxDepth): boolean {
  if (typeof json !== 'object' || json === null) return false
  if (levels === 0) return true
  if (isArray(json)) return json.some((each) => isTooDeep(each, levels - 1))
  if (!isObject(json)) return false
  for (const field in json) if (isTooDeep(json[field] ?? null, levels - 1)) return true
  return false
}

function cleaned(json: Json, work: Work): Json {
  if (typeof json === 'string') return cleanedText(json, work)
  if (typeof json === 'number') return cleanedNumber(json, work)
  if (isArray(json)) {
    const items = json.map((item) => cleaned(item, work))
    return items.some((item, at) => item !== json[at]) ? items : json
  }
  return isObject(json) ? cleanedObject(json, work) : json
}

function cleanedObject(json: JsonObject, work: Work): JsonObject {
  let isChanged = false
  const entries: [string, Json][] = []
  for (const [field, value] of Object.entries(json)) {
    if (isTextual(value) && isHeaderLike(field)) {
      work.keys += 1
      isChanged = true
      continue
    }
    const entry: [string, Json] = [cleanedText(field, work), cleaned(value, work)]
    isChanged ||= entry[0] !== field || entry[1] !== value
    entries.push(entry)
  }
  return isChanged ? Object.fromEntries(entries) : json
}

function isTextual(value: Json): boolean {
  if (typeof value === 'string') return value !== ''
  return isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string')
}

/** Of numbers only a card's say by themselves what they are; then the value becomes a text. */
function cleanedNumber(json: number, work: Work): Json {
  if (work.search === null || json < 1e13 || !Number.isSafeInteger(json) || !isCardNumber(String(json))) return json
  const text = replaced(String(json), work)
  return text === String(json) ? json : text
}

function cleanedText(text: string, work: Work): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  const { text: clean, found } = withoutSecrets(whole)
  work.keys += found
  return replaced(clean, work)
}

function replaced(text: string, work: Work): string {
  if (work.search === null) return text
  const personal: Record<string, number> = {}
  const clean = work.search.replaced(text, (kind) => {
    personal[kind] = (personal[kind] ?? 0) + 1
  })
  if (clean === text) return text
  const json = brokenJson(text, clean)
  // Its texts count for themselves.
  if (json !== null) {
    const same = cleaned(json, work)
    return same === json ? text : JSON.stringify(same)
  }
  for (const [kind, count] of Object.entries(personal)) work.personal[kind] = (work.personal[kind] ?? 0) + count
  return clean
}

/**
 * The JSON that a text was and no longer is: a card's number without quotes, in a tool's arguments. null for other texts.
 * Too deep, and it stays broken: it was no request of anybody.
 */
function brokenJson(text: string, clean: string): Json {
  if (!/^\s*[[{]/.test(text) || parseJson(clean) !== undefined) return null
  const json = parseJson(text)
  return json === undefined || isTooDeep(json) ? null : json
}
