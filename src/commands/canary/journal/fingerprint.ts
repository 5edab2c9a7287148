// What a rollout is about, as a word: another one begins from its start.

import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { headerMarks } from '../../../core/header-marks.ts'
import { arms, type Target } from '../../../core/types.ts'
import type { Session } from '../../session/session.ts'

/**
 * Of both targets, a dash, and of who is dealt how: a candidate that was rolled back is known whatever else changed, and in whatever
 * order its settings are written.
 */
export function fingerprintOf({ targets, config }: Pick<Session, 'targets' | 'config'>): string {
  const { mode, salt, key, model: about = null } = config.canary
  return `${hashOf(arms.map((arm) => askedOf(targets[arm])))}-${hashOf([mode, salt, key, about])}`
}

/** One target's settings as a short word. */
export function settingsOf(target: Target): string {
  return hashOf(askedOf(target)).slice(0, 8)
}

function askedOf(target: Target): object {
  const { api, vendor, baseUrl, model, rename, overrides } = target
  const headers = headerMarks(target)
  // Absent where there are none, so that a rollback of old is not forgotten.
  const more = Object.keys(headers).length > 0 && { headers }
  return { api, vendor, baseUrl, model, rename, overrides, ...more }
}

function hashOf(value: object): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')
    .slice(0, 16)
}
