// What a span says of a call, whoever instrumented it.

import type { Json, JsonObject, Usage } from '../../core/types.ts'
import type { Damage } from '../log-format.ts'
import type { Span } from './span.ts'

/** A way to write calls into spans. One file each. */
export interface Dialect {
  /** null where the span is not in this dialect; a text says why one that is, is no call of a chat model. */
  readonly read: (span: Span) => Told | string | null
}

export interface Told {
  /** The request in any words that `chatml/` reads; null where it was not recorded. */
  readonly input: Json
  readonly output: Json
  readonly settings: JsonObject
  readonly model: string | null
  readonly usage: Usage | null
  readonly firstTokenMs: number | null
  readonly isStream: boolean
  readonly user: string | null
  readonly conversation: string | null
  readonly segments: Readonly<Record<string, string>>
  /** The API's own name for its answer. */
  readonly responseId: string | null
  /** How to have requests recorded, where this one was not. */
  readonly advice: string
  readonly damage: Damage | null
}

const nothing: Told = {
  input: null,
  output: null,
  settings: {},
  model: null,
  usage: null,
  firstTokenMs: null,
  isStream: false,
  user: null,
  conversation: null,
  segments: {},
  responseId: null,
  advice: '',
  damage: null,
}

/** What is told, and nothing else. */
export function told(known: Partial<Told>): Told {
  return { ...nothing, ...known }
}
