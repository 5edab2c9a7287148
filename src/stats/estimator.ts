// The shape that every method in this room answers with: an estimate, and limits at any error rate.

/** One-sided confidence limits, each at its own alpha; −Infinity or Infinity where the data cannot bound that side. */
export interface Limits {
  readonly lower: number
  readonly upper: number
}

/**
 * A method applied to data. `limits(alphaOneSided)` is monotone: a smaller alpha never gives a narrower interval. `estimate`
 * is treatment − control or treatment / control. Work that does not depend on alpha is done once.
 */
export interface Estimator {
  readonly method: string
  readonly control: number
  readonly treatment: number
  readonly estimate: number
  /** Observations used. */
  readonly n: number
  /** Independent units; equal to `n` without clusters. */
  readonly clusters: number
  readonly limits: (alphaOneSided: number) => Limits
}
