// One fact of how a candidate reads a request otherwise than the one that it was written for.

import type { JsonObject } from '../core/types.ts'
import type { Candidate } from './candidate.ts'

/**
 * `rejects`: answers with an error. `may-reject`: does where a default that the request leaves open is so. `ignores`: passes
 * it over. `differs`: takes it and reads it otherwise.
 */
export type Effect = 'rejects' | 'may-reject' | 'ignores' | 'differs'

/** What mends it. */
export type Remedy =
  /** The value under another name: `rename` in the config. */
  | { readonly kind: 'rename'; readonly to: string }
  /** Without the field: `overrides: { field: null }`. `isHarmless`: no request that the rule leaves alone would change by it. */
  | { readonly kind: 'remove'; readonly isHarmless: boolean }
  /** No constant does: it is the caller's to change, or to decide. */
  | { readonly kind: 'person'; readonly what: string }
  /** Nothing has to be done; it is good to know. */
  | { readonly kind: 'none' }

export interface Rule {
  /** Its name, for programs: `openai-reasoning-max-tokens`. */
  readonly id: string
  /** The field of the body that it is about. */
  readonly field: string
  readonly effect: Effect
  /** Whether it holds for that candidate. */
  readonly about: (candidate: Candidate) => boolean
  /** Whether a body, as it would be sent, is concerned. */
  readonly hits: (body: JsonObject, candidate: Candidate) => boolean
  /** A sentence without a full stop. */
  readonly why: string
  /** Where that is known from. */
  readonly source: string
  readonly remedy: Remedy
}
