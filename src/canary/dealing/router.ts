// Which arm a request goes to, and what it counts for.

import type { Group, RampState } from '../../core/rollout.ts'
import type { Arm, Json } from '../../core/types.ts'
import { bucketOf, buckets } from './bucket.ts'
import { armOf, groupOf, splitOf } from './split.ts'
import { type Asked, type KeySource, pseudonymOf, userKeyOf } from './user-key.ts'

export interface RouterOptions {
  /** Where a request says whose it is, in the order in which they are tried. */
  readonly key: readonly KeySource[]
  /** Deals the users. Another one deals all of them anew. */
  readonly salt: string
  /** Header by which a tester asks for an arm; null where nobody may. */
  readonly overrideHeader: string | null
  /** Header that names a request over all of its tries; null where none does. */
  readonly traceHeader: string | null
  /** The model that the rollout is about; null: all. Requests for another are production's. */
  readonly model: string | null
  /** Uniform in [0, 1): for requests that nobody's key is on. */
  readonly chance: () => number
}

/** Why a request went where it went. */
export type Reason =
  /** By its user's bucket. */
  | 'user'
  /** By its trace or by chance, since nobody's key was on it: counted apart. */
  | 'request'
  /** A tester asked for it: counted apart. */
  | 'override'
  /** It asks for something that the rollout is not about. */
  | 'not-of-it'

export interface Assignment {
  readonly arm: Arm
  /** null where it is not of the rollout. */
  readonly group: Group | null
  /** A pseudonym; null where nobody's key was on it. */
  readonly user: string | null
  readonly reason: Reason
  /** Whether the candidate gets a copy that nobody sees. */
  readonly isCopied: boolean
}

export interface Routable extends Asked {
  /** Whether it asks a model at all, in the arms' API. */
  readonly isAsking: boolean
  /** As the request names it, in its body or its path. */
  readonly model: string | null
}

export const notOfIt: Assignment = { arm: 'production', group: null, user: null, reason: 'not-of-it', isCopied: false }

export function route(request: Routable, state: RampState, options: RouterOptions): Assignment {
  const { key, salt, overrideHeader, model } = options
  if (!request.isAsking || (model !== null && request.model !== null && request.model !== model)) {
    return notOfIt
  }
  const isCopied = state.phase === 'open' && state.mode === 'shadow'
  const user = userKeyOf(request, key)
  const pseudonym = user === null ? null : pseudonymOf(user, salt)
  const wished = overrideHeader === null ? null : armIn(request.headers[overrideHeader.toLowerCase()])
  if (wished !== null) {
    const arm = mayServe(state) ? wished : 'production'
    return { arm, group: 'rest', user: pseudonym, reason: 'override', isCopied: false }
  }
  const bucket = user === null ? bucketWithoutUser(request, options) : bucketOf(user, salt)
  const group = groupOf(bucket, splitOf(state))
  return { arm: armOf(group), group, user: pseudonym, reason: user === null ? 'request' : 'user', isCopied }
}

/** Shadow asked for no permit, and a rollback takes it back: from testers, too. */
function mayServe({ phase, mode }: RampState): boolean {
  return mode !== 'shadow' && (phase === 'open' || phase === 'complete')
}

/** A gateway in front asks again where an answer failed, or falls back: the tries of one request must not meet two arms. */
function bucketWithoutUser({ headers }: Routable, { traceHeader, salt, chance }: RouterOptions): number {
  const value = traceHeader === null ? undefined : headers[traceHeader.toLowerCase()]
  const trace = typeof value === 'string' ? value : value?.[0]
  return trace === undefined || trace === '' ? Math.floor(chance() * buckets) : bucketOf(`trace:${trace}`, salt)
}

function armIn(value: string | readonly string[] | undefined): Arm | null {
  const word = typeof value === 'string' ? value : value?.[0]
  return word === 'production' || word === 'candidate' ? word : null
}

/** The model that a body names; null where it names none. */
export function modelIn(body: Json): string | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const { model } = body as { readonly model?: Json }
  return typeof model === 'string' ? model : null
}
