// The reference cases (R, SciPy, statsmodels, or the design), as committed here and as the design documents hold them now.

import { existsSync, readFileSync } from 'node:fs'
import type { z } from 'zod'
import { referenceSchema } from './reference-schema.ts'

export type Reference = z.infer<typeof referenceSchema>

const committed = new URL('reference.json', import.meta.url)
const design = new URL('../../../shared/design/stats-reference.json', import.meta.url)

/** The committed cases, and beside them the design's own where that file is within reach. */
export const references: readonly { readonly from: string; readonly reference: Reference }[] = [
  { from: 'committed', file: committed },
  { from: 'design', file: design },
]
  .filter(({ file }) => existsSync(file))
  .map(({ from, file }) => ({ from, reference: referenceSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) }))

/** What `expect(…).toEqual` takes in the place of a value. */
interface Near {
  readonly $$typeof: symbol
  readonly asymmetricMatch: (actual: unknown) => boolean
  readonly toAsymmetricMatcher: () => string
}

/** Matches within a relative tolerance; infinities exactly, zeros up to rounding noise of 1e-12. */
export function near(expected: number, tolerance = 1e-6): Near {
  const reach = Number.isFinite(expected) ? Math.max(tolerance * Math.abs(expected), 1e-12) : 0
  return {
    $$typeof: Symbol.for('jest.asymmetricMatcher'),
    asymmetricMatch: (actual) =>
      actual === expected || (typeof actual === 'number' && Math.abs(actual - expected) <= reach),
    toAsymmetricMatcher: () => `near ${expected} (relative tolerance ${tolerance})`,
  }
}

/** Matches limits, each within a relative tolerance. */
export function nearLimits(
  [lower, upper]: readonly [number, number],
  tolerance = 1e-6,
): { readonly lower: Near; readonly upper: Near } {
  return { lower: near(lower, tolerance), upper: near(upper, tolerance) }
}

/** alpha of each side of a two-sided interval. */
export function oneSided(twoSidedLevel: number): number {
  return (1 - twoSidedLevel) / 2
}
