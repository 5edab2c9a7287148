// Time, as the rooms see it.

/** Time as the rooms see it: injected, so that no test sleeps. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Monotonic milliseconds with sub-millisecond precision. */
  readonly elapsed: () => number
  /** Resolves after `ms`, or as soon as `signal` aborts: the caller looks at the signal. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}
