// What OpenAI's APIs have in common: the body that is sent, the key, and who is named in it.

import type { Json, JsonObject } from '../core/types.ts'
import { namesConversation, namesPerson } from './party.ts'
import type { RequestOptions } from './provider.ts'
import { fieldOf, objectAt, textAt, without } from './shape.ts'

/** The captured body with the target's names, model and overrides; an override of `null` takes its field out. */
export function mergedBody(body: JsonObject, { model, rename, overrides }: Omit<RequestOptions, 'stream'>): JsonObject {
  const named = rename === undefined ? body : renamed(body, rename)
  const captured = model === null ? named : { ...named, model }
  if (Object.keys(overrides).length === 0) return captured
  const merged: JsonObject = { ...captured, ...overrides }
  return Object.fromEntries(
    Object.entries(merged).filter(([field, value]) => value !== null || fieldOf(overrides, field) !== null),
  )
}

/** A field that is there under both names is left alone: which of the two values was meant is not for us to say. */
function renamed(body: JsonObject, names: Readonly<Record<string, string>>): JsonObject {
  const nameOf = (field: string): string => {
    const name = Object.hasOwn(names, field) ? names[field] : undefined
    return name === undefined || Object.hasOwn(body, name) ? field : name
  }
  return Object.fromEntries(
    Object.entries(body).map(([field, value]): readonly [string, Json] => [nameOf(field), value]),
  )
}

/**
 * The body of chat completions and of completions, which deliver alike. The stream flag wins over an override of the same
 * name: it is what the reader on this side expects. An override of `stream_options` wins over ours, for servers that
 * refuse the field; their streams then report no usage.
 */
export function completionBody(body: JsonObject, { stream, ...options }: RequestOptions): JsonObject {
  const kept = mergedBody(body, options)
  if (!stream) return without(kept, ['stream', 'stream_options'])
  if (fieldOf(options.overrides, 'stream_options') !== undefined) return { ...kept, stream: true }
  return { ...kept, stream: true, stream_options: { ...objectAt(kept, 'stream_options'), include_usage: true } }
}

export function asksForStream(body: Json): boolean {
  return fieldOf(body, 'stream') === true
}

export function bearer(key: string | null): Readonly<Record<string, string>> {
  return key === null ? {} : { authorization: `Bearer ${key}` }
}

export function partyOf(body: Json): string | null {
  return textAt(body, 'safety_identifier') ?? textAt(body, 'user')
}

/** Fields whose only use is to tell the provider who asks, or to keep one asker's requests together. */
const partyFields = ['user', 'safety_identifier', 'prompt_cache_key']

/** `messages[].name` stays: the model reads it, so a replay without it would be another request. */
export function withoutParty(body: JsonObject): JsonObject {
  const rest = without(body, partyFields)
  const metadata = objectAt(rest, 'metadata')
  if (metadata === null) return rest
  const named = Object.keys(metadata).filter((field) => namesPerson(field) || namesConversation(field))
  return named.length === 0 ? rest : { ...rest, metadata: without(metadata, named) }
}
