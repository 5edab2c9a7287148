// The bounded queue before an arm whose targets are full: first come, first served, and nobody waits for long.

export interface WaitingLimits {
  readonly most: number
  readonly waitMs: number
}

export interface Waiter {
  /** Whether a place that came free is one for it. */
  readonly canGo: () => boolean
  readonly go: () => void
  /** Waited for too long. */
  readonly giveUp: () => void
}

export interface Waiting {
  /** null where the queue is full; else how to leave it. */
  readonly join: (waiter: Waiter) => (() => void) | null
  /** A place came free: whoever has waited longest takes it. */
  readonly admit: () => void
  readonly length: () => number
}

export function createWaiting({ most, waitMs }: WaitingLimits): Waiting {
  const waiters = new Map<Waiter, NodeJS.Timeout>()
  const drop = (waiter: Waiter) => {
    clearTimeout(waiters.get(waiter))
    waiters.delete(waiter)
  }
  return {
    join: (waiter) => {
      if (waiters.size >= most) return null
      const timer = setTimeout(() => {
        waiters.delete(waiter)
        waiter.giveUp()
      }, waitMs)
      waiters.set(waiter, timer)
      return () => drop(waiter)
    },
    admit: () => {
      for (const waiter of waiters.keys()) {
        // Whom the target that came free has failed lets the next one pass.
        if (!waiter.canGo()) continue
        // Subtle: first, since whoever fails at once makes a place free again.
        drop(waiter)
        waiter.go()
        return
      }
    },
    length: () => waiters.size,
  }
}
