// p-values of several tests at once: Holm for what blocks, Benjamini & Hochberg for what is to be looked into.

import padjust from '@stdlib/stats-padjust'

/**
 * Holm's step-down p-values (Holm 1979), in the order given: rejecting those ≤ α keeps the chance of any false rejection at
 * α, whatever the dependence. Each p in [0, 1]; throws RangeError otherwise. An empty list stays empty.
 */
export function holm(p: readonly number[]): readonly number[] {
  return adjusted(p, 'holm')
}

/**
 * Benjamini & Hochberg's p-values (1995), in the order given: among those ≤ q, a share of at most q is expected to be false.
 * Each p in [0, 1]; throws RangeError otherwise. An empty list stays empty.
 */
export function benjaminiHochberg(p: readonly number[]): readonly number[] {
  return adjusted(p, 'bh')
}

function adjusted(p: readonly number[], method: 'holm' | 'bh'): readonly number[] {
  for (const [i, value] of p.entries()) {
    if (!(value >= 0 && value <= 1)) throw new RangeError(`p[${i}] must be within [0, 1], got ${value}`)
  }
  return p.length === 0 ? [] : padjust([...p], method)
}
