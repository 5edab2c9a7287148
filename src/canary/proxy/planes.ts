// What requests meet, and what was before it, until the last request that met that is over.

/** One of them, held by each request that met it. */
export interface Held<Plane> {
  readonly plane: Plane
  /** One more that holds it. */
  readonly hold: () => void
  readonly letGo: () => void
}

export interface Planes<Plane> {
  /** For requests that come now; not held yet. */
  readonly current: () => Held<Plane>
  /** Resolves when nobody holds the one before any more. */
  readonly swap: (next: Plane) => Promise<void>
}

export function createPlanes<Plane>(first: Plane): Planes<Plane> {
  let now = heldOf(first)
  return {
    current: () => now,
    swap: (next) => {
      const before = now
      now = heldOf(next)
      return before.free()
    },
  }
}

function heldOf<Plane>(plane: Plane) {
  let holders = 0
  let onFree: (() => void) | null = null
  return {
    plane,
    hold: () => {
      holders++
    },
    letGo: () => {
      holders--
      if (holders === 0) onFree?.()
    },
    free: () =>
      new Promise<void>((resolve) => {
        if (holders === 0) resolve()
        else onFree = resolve
      }),
  }
}
