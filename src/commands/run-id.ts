// Names of runs, and what makes two of them the same work.

import { createHash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json, JsonObject } from '../core/types.ts'

/** `20261123-023000-1f3c`: sorts by time, fits a folder's name, and is read out loud in a call. */
export function newRunId(startedAt: string): string {
  const [date = '', time = ''] = startedAt.replaceAll(/[-:]/g, '').split('T')
  return `${date}-${time.slice(0, 6)}-${randomBytes(2).toString('hex')}`
}

/**
 * Of the settings that decide which requests are sent and to whom. An unfinished run is gone on with where they are the same,
 * also when the log has grown, or margins, prices, keys or the concurrency changed meanwhile.
 */
export function fingerprintOf(written: JsonObject): string {
  const { sample, replay } = written
  return digest({ sample: sample ?? null, replay: replay ?? null, targets: askedOf(written) })
}

/** Of the targets alone: whether a stored run asked the same of the same. */
export function targetsFingerprintOf(written: JsonObject): string {
  return digest(askedOf(written))
}

/** Settings of a target that change neither what is asked nor of whom. */
const notAsked = new Set(['concurrency', 'pricePerMillion', 'keyFrom'])

function askedOf(written: JsonObject): Json {
  const targets = Object.entries((written['targets'] ?? {}) as Record<string, JsonObject>)
  return Object.fromEntries(targets.map(([arm, target]) => [arm, withoutTuning(target)]))
}

function withoutTuning(target: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(target).filter(([name]) => !notAsked.has(name)))
}

function digest(json: Json): string {
  return createHash('sha256')
    .update(canonicalize(json) ?? '')
    .digest('hex')
    .slice(0, 16)
}
