// Pause and resume: what is asked to start waits while the valve is shut.

import { createBell } from './bell.ts'

export interface Valve {
  readonly isShut: () => boolean
  readonly shut: () => void
  readonly open: () => void
  /** Resolves once the valve is open, or the signal aborts. */
  readonly pass: (signal: AbortSignal) => Promise<void>
}

export function createValve(): Valve {
  const state = { isShut: false }
  const bell = createBell()
  return {
    isShut: () => state.isShut,
    shut: () => {
      state.isShut = true
    },
    open: () => {
      state.isShut = false
      bell.ring()
    },
    pass: async (signal) => {
      signal.addEventListener('abort', bell.ring, { once: true })
      while (state.isShut && !signal.aborted) await bell.rung()
      signal.removeEventListener('abort', bell.ring)
    },
  }
}
