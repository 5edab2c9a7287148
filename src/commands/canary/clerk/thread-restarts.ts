// When a thread that ended is started again: soon, then later and later, and after several times in an hour no more.

export interface ThreadRestart {
  readonly pauseMs: number
  /**
   * Whether it is to begin without its past: a thread that read that again and ended within the hour may have ended of what stands there,
   * or of how much that is.
   */
  readonly isAnew: boolean
}

export interface ThreadRestarts {
  /** Of one that ended just now; null: it stays so. `nowMs` is monotonic. */
  readonly next: (nowMs: number) => ThreadRestart | null
}

const usualPausesMs = [1000, 5000, 25_000, 125_000]
const withinMs = 3_600_000

/** `pausesMs`: one for each restart that an hour may have. */
export function createThreadRestarts(pausesMs: readonly number[] = usualPausesMs): ThreadRestarts {
  let ends: number[] = []
  return {
    next: (nowMs) => {
      ends = ends.filter((at) => nowMs - at < withinMs)
      const pauseMs = pausesMs[ends.length]
      ends.push(nowMs)
      return pauseMs === undefined ? null : { pauseMs, isAnew: ends.length > 1 }
    },
  }
}
