// Names of runs, and what makes two of them the same work.

import { createHash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Arm, Json, Target } from '../../core/types.ts'
import type { Config } from '../config/schema.ts'

/** `20261123-023000-1f3c`: sorts by time, fits a folder's name, and is read out loud in a call. */
export function newRunId(startedAt: string): string {
  const [date = '', time = ''] = startedAt.replaceAll(/[-:]/g, '').split('T')
  return `${date}-${time.slice(0, 6)}-${randomBytes(2).toString('hex')}`
}

type Targets = Readonly<Record<Arm, Target>>

/**
 * Of what decides which requests are sent and to whom. An unfinished run is gone on with where that is the same, also when the
 * log has grown, or margins, prices, keys or the concurrency changed meanwhile.
 */
export function fingerprintOf(session: { targets: Targets; config: Pick<Config, 'sample' | 'replay'> }): string {
  const { order, stream, noise, maxWaitMs, pace, timeScale, lane, salt, rounds } = session.config.replay
  const replay = { order, stream, noise, maxWaitMs, pace, timeScale, lane, salt, rounds }
  const { since, cohort, ...drawn } = session.config.sample
  // Absent by default, so that runs of old are gone on with.
  const sample = { ...drawn, ...(since !== 'all' && { since }), ...(cohort > 0 && { cohort }) }
  return digest({ sample, replay, targets: askedOf(session.targets) })
}

/** Whether two sessions ask the same of the same. */
export function asksTheSame(one: Targets, other: Targets): boolean {
  return digest(askedOf(one)) === digest(askedOf(other))
}

function askedOf(targets: Targets): Json {
  const asked = (arm: Arm): Json => {
    const { api, vendor, baseUrl, model, rename, overrides, headerNames, headerHashes, timeouts, retries } =
      targets[arm]
    return {
      api,
      vendor,
      baseUrl: addressOf(baseUrl),
      model,
      overrides,
      // Absent where nothing is renamed, so that runs of old are gone on with.
      ...(rename && { rename: { ...rename } }),
      headerNames,
      ...(headerHashes && { headerHashes: { ...headerHashes } }),
      timeouts: { ...timeouts },
      retries,
    }
  }
  return { production: asked('production'), candidate: asked('candidate') }
}

/** A server on this machine may come back on another port. */
function addressOf(baseUrl: string): string {
  const url = new URL(baseUrl)
  if (['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) url.port = ''
  return url.href
}

function digest(json: unknown): string {
  return createHash('sha256')
    .update(canonicalize(json) ?? '')
    .digest('hex')
    .slice(0, 16)
}
