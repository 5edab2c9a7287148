// Pause and resume: what is asked to start waits while the valve is shut.

export interface Valve {
  readonly isShut: () => boolean
  readonly shut: () => void
  readonly open: () => void
  /** Resolves once the valve is open, or the signal aborts. */
  readonly pass: (signal: AbortSignal) => Promise<void>
}

export function createValve(): Valve {
  let opened: { readonly promise: Promise<void>; readonly open: () => void } | null = null
  return {
    isShut: () => opened !== null,
    shut: () => {
      if (opened !== null) return
      let open = () => {}
      const promise = new Promise<void>((resolve) => (open = resolve))
      opened = { promise, open }
    },
    open: () => {
      opened?.open()
      opened = null
    },
    pass: async (signal) => {
      while (opened !== null && !signal.aborted) await Promise.race([opened.promise, aborted(signal)])
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
