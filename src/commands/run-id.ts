// Names of runs, and what makes two of them the same work.

import { createHash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Run } from '../core/judgement.ts'
import type { Arm, Json, JsonObject, Target } from '../core/types.ts'
import type { Config } from './config/schema.ts'

/** `20261123-023000-1f3c`: sorts by time, fits a folder's name, and is read out loud in a call. */
export function newRunId(startedAt: string): string {
  const [date = '', time = ''] = startedAt.replaceAll(/[-:]/g, '').split('T')
  return `${date}-${time.slice(0, 6)}-${randomBytes(2).toString('hex')}`
}

/** What a session and a stored run both know of whom they ask. */
interface Asking {
  readonly targets: Readonly<Record<Arm, Target>>
  /** The config as written. */
  readonly written: JsonObject
}

/**
 * Of what decides which requests are sent and to whom. An unfinished run is gone on with where that is the same, also when the
 * log has grown, or margins, prices, keys or the concurrency changed meanwhile.
 */
export function fingerprintOf(session: Asking & { readonly config: Pick<Config, 'sample' | 'replay'> }): string {
  const { sample, replay } = session.config
  return digest({ sample, replay, targets: askedOf(session) })
}

/** Whether a stored run asked the same of the same. */
export function asksTheSame(session: Asking, run: Run): boolean {
  return digest(askedOf(session)) === digest(askedOf({ targets: run.targets, written: run.settings }))
}

/** Addresses count as written: `${PORT}` may be another every time, and mean the same server. */
function askedOf({ targets, written }: Asking): Json {
  const writtenTargets = (written['targets'] ?? {}) as Readonly<Record<string, JsonObject>>
  const asked = (arm: Arm): Json => {
    const { api, model, overrides, headerNames, timeouts, retries } = targets[arm]
    return {
      api,
      model,
      overrides,
      headerNames,
      timeouts: { ...timeouts },
      retries,
      baseUrl: writtenTargets[arm]?.['baseUrl'] ?? null,
    }
  }
  return { production: asked('production'), candidate: asked('candidate') }
}

function digest(json: unknown): string {
  return createHash('sha256')
    .update(canonicalize(json) ?? '')
    .digest('hex')
    .slice(0, 16)
}
