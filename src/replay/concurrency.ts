// How many requests may be in flight: a pure rule that finds out what the target takes.

import { unreachable } from '../core/fault.ts'

/** The limit at one moment. */
export interface Concurrency {
  readonly limit: number
  readonly most: number
  /** Until the first cut every clean answer adds one: the limit doubles with each round. */
  readonly isSlowStart: boolean
  /** Clean answers since the last change. */
  readonly clean: number
  /** What was sent before this moment belongs to an episode that was cut for already. */
  readonly cutAtMs: number
}

/** A start that most targets take, and that a larger limit is reached from in a few rounds. */
const start = 16

export function createConcurrency(most: number): Concurrency {
  return { limit: Math.min(start, most), most, isSlowStart: true, clean: 0, cutAtMs: -Infinity }
}

/**
 * What a call says of the limit. `clean`: an answer at the first try. `limited`: 429. `troubled`: a 5xx, a broken connection, a
 * timeout: trouble of the server's that fewer requests would not mend, so it neither cuts nor grows.
 */
export type Signal = 'clean' | 'limited' | 'troubled'

/**
 * Slow start to the first 429; half of the limit for each episode of them, however many of the requests in flight it hits; then a
 * twentieth, and at least one, more with each round of clean answers. As inspect_ai's adaptive connections do ("Model
 * Concurrency" in its docs), with a deeper cut: its 0.8 takes three episodes for what a halving does in one, and the key
 * that is over its limit here is production's.
 */
export function adapt(state: Concurrency, signal: Signal, at: { sentAtMs: number; nowMs: number }): Concurrency {
  switch (signal) {
    case 'troubled':
      return { ...state, clean: 0 }
    case 'limited':
      if (at.sentAtMs < state.cutAtMs) return state
      return { ...state, limit: Math.max(1, state.limit >> 1), isSlowStart: false, clean: 0, cutAtMs: at.nowMs }
    case 'clean':
      return state.limit >= state.most ? state : grown(state)
    default:
      return unreachable(signal)
  }
}

function grown(state: Concurrency): Concurrency {
  if (state.isSlowStart) return { ...state, limit: state.limit + 1 }
  const clean = state.clean + 1
  if (clean < state.limit) return { ...state, clean }
  return { ...state, limit: Math.min(state.most, state.limit + Math.ceil(state.most / 20)), clean: 0 }
}

/** Another most, set while the replay runs. */
export function withMost(state: Concurrency, most: number): Concurrency {
  return { ...state, most, limit: Math.min(Math.max(1, most), Math.max(state.limit, Math.min(start, most))) }
}
