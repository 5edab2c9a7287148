// How a quantity is spread in both arms: what the rules' single numbers leave out.

import type { Effect } from './judgement.ts'

/** One quantile of both arms and their ratio. */
export interface QuantileShift {
  /** 0..1. */
  readonly p: number
  readonly effect: Effect
}

/** One number for each pair, in step. */
export interface ArmNumbers {
  readonly production: Float64Array
  readonly candidate: Float64Array
}

/** The tokens of the pairs of which both arms told them. */
export interface TokenUse {
  readonly output: ArmNumbers
  readonly outputShifts: readonly QuantileShift[]
  /** Of input tokens, cached ones included; null where nothing was told. */
  readonly input: Effect | null
  /** Cached input tokens a request, over the pairs of which both arms told them; null where there is none. */
  readonly cached: { readonly pairs: number; readonly production: number; readonly candidate: number } | null
}
