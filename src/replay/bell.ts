// A bell that is rung when something changed, for those who wait until their condition holds.

export interface Bell {
  readonly ring: () => void
  /** Resolves at the next ring. */
  readonly rung: () => Promise<void>
}

export function createBell(): Bell {
  let next = Promise.withResolvers<void>()
  return {
    ring: () => {
      next.resolve()
      next = Promise.withResolvers()
    },
    rung: () => next.promise,
  }
}
