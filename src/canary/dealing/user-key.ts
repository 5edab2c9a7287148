// Where a request says whose it is.

import { hash } from 'node:crypto'
import type { Json } from '../../core/types.ts'

/**
 * Tried in the order of the config. `body` is a path of names with dots, and so is `field`, in a header that holds JSON, as gateways
 * carry metadata; `api-key` is the key of the client, whoever uses it.
 */
export type KeySource =
  | { readonly header: string; readonly field?: string | undefined }
  | { readonly body: string }
  | { readonly cookie: string }
  | { readonly apiKey: true }

export interface Asked {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** null where it is no JSON, or where no key can lie in it. */
  readonly body: Json
}

/** Longer ones are hashed all the same; this is where a key stops being one. */
const longestKey = 4096

/** The first source that has one; null where none has. Two sources never give the same key. */
export function userKeyOf(asked: Asked, sources: readonly KeySource[]): string | null {
  for (const source of sources) {
    const found = valueOf(asked, source)
    if (found !== null && found !== '' && found.length <= longestKey) return `${kindOf(source)}:${found}`
  }
  return null
}

/** What stands for the user in the log and in the statistics: 16 hex digits, of which nobody comes back to the key without the salt. */
export function pseudonymOf(key: string, salt: string): string {
  return hash('sha256', `user\u0000${salt}\u0000${key}`, 'hex').slice(0, 16)
}

function kindOf(source: KeySource): string {
  if ('header' in source) {
    return `header ${source.header.toLowerCase()}${source.field === undefined ? '' : ` ${source.field}`}`
  }
  if ('body' in source) return `body ${source.body}`
  return 'cookie' in source ? `cookie ${source.cookie}` : 'api-key'
}

function valueOf({ headers, body }: Asked, source: KeySource): string | null {
  if ('header' in source) {
    const text = first(headers[source.header.toLowerCase()])
    return source.field === undefined || text === null ? text : fieldIn(jsonIn(text), source.field)
  }
  if ('body' in source) return fieldIn(body, source.body)
  if ('cookie' in source) return cookieIn(first(headers['cookie']) ?? '', source.cookie)
  return apiKeyIn(headers)
}

function first(value: string | readonly string[] | undefined): string | null {
  return typeof value === 'string' ? value : (value?.[0] ?? null)
}

function fieldIn(value: Json, path: string): string | null {
  return scalar(path.split('.').reduce<Json>(memberOf, value))
}

function jsonIn(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

function memberOf(value: Json, name: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return Object.hasOwn(value, name) ? ((value as Readonly<Record<string, Json>>)[name] ?? null) : null
}

function scalar(value: Json): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

function cookieIn(header: string, wanted: string): string | null {
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === wanted) return part.slice(at + 1).trim()
  }
  return null
}

/** As the provider APIs carry it. */
function apiKeyIn(headers: Asked['headers']): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(first(headers['authorization']) ?? '')?.[1]
  return bearer ?? first(headers['x-api-key']) ?? first(headers['x-goog-api-key']) ?? first(headers['api-key'])
}
