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
 * Of the settings that decide which requests are sent. An unfinished run is gone on with where they are the same, also when
 * the log has grown or the margins changed meanwhile.
 */
export function fingerprintOf(written: JsonObject): string {
  const { sample, targets, replay } = written as Record<string, Json>
  const text = canonicalize({ sample: sample ?? null, targets: targets ?? null, replay: replay ?? null }) ?? ''
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
