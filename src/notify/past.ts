// What the nights before this one say of it: whether it goes on with failing, or with finding nothing, and what stands.

import type { Decision } from '../core/judgement.ts'
import type { Night } from '../core/night.ts'
import type { Instant } from '../core/types.ts'

export interface Past {
  /** Nights directly before this one that came to no verdict, though there was something to judge. */
  readonly failures: number
  /** Why the last of them failed; null where the night before did not fail. */
  readonly lastCode: string | null
  /** Nights since the last judged one that found nothing new; those that failed in between can't know, and don't count. */
  readonly quiet: number
  /** When the last night ended that did all there was to do; null where none is known. */
  readonly lastSuccessAt: Instant | null
  /** What was decided last; null where nothing is known. */
  readonly standing: { readonly decision: Decision; readonly held: boolean } | null
}

export const noPast: Past = { failures: 0, lastCode: null, quiet: 0, lastSuccessAt: null, standing: null }

/** A night as a journal tells of it. */
export interface PastNight {
  readonly state: 'running' | 'ended' | 'cut-off'
  /** null where it was cut off, or where nobody here can read what it came to. */
  readonly came: Night | null
}

/** What a night failed with that went without a word. */
const cutOffCode = 'CUT_OFF'

/** `nights`: the oldest first. The night that is told began at `startedAt`; it may stand among them, and is none of its past. */
export function pastOf(nights: readonly PastNight[], startedAt: Instant): Past {
  const past: { -readonly [Key in keyof Past]: Past[Key] } = { ...noPast }
  let isFailing = true
  for (const { state, came } of nights.toReversed()) {
    if (state === 'running' || came?.startedAt === startedAt) continue
    const code = codeOf(state, came)
    if (code !== null) {
      if (isFailing) past.failures += 1
      if (isFailing) past.lastCode ??= code
      continue
    }
    isFailing = false
    // One that a later version wrote: it ended somehow, and nothing beyond it is known to be a streak.
    if (came === null || came.kind === 'failed') break
    past.lastSuccessAt ??= came.finishedAt
    if (came.kind === 'judged') {
      past.standing = { decision: came.decision, held: came.held }
      break
    }
    past.quiet += 1
  }
  return past
}

function codeOf(state: PastNight['state'], came: Night | null): string | null {
  if (state === 'cut-off') return cutOffCode
  return came?.kind === 'failed' ? came.code : null
}
