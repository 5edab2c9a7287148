// Replicates of a case, and whether what they gave lies where it should.

import { chanceOf } from './chance.ts'
import type { Case, Figure, Range } from './study.ts'

export interface Measured {
  readonly figure: Figure
  /** Share of the replicates, or the mean over them. */
  readonly value: number
  /** Monte-Carlo standard error. */
  readonly error: number
  /** What is wrong with it; null where nothing is. */
  readonly objection: string | null
}

export interface Outcome {
  readonly runs: number
  readonly figures: readonly Measured[]
}

/** How many standard errors a figure may lie off: among some three hundred, three would be exceeded by chance now and then. */
const mostErrors = 3.5
const nominal = 0.05

/** The same seed gives the same numbers, whatever else is simulated. */
export function runCase(one: Case, { runs, seed }: { readonly runs: number; readonly seed: number }): Outcome {
  const count = Math.max(10, Math.round(one.runs * runs))
  const chance = chanceOf(seed, one.table, one.name, String(one.n))
  const replicate = one.prepare()
  const sums = one.figures.map(() => ({ sum: 0, squares: 0 }))
  for (let number = 0; number < count; number++) {
    for (const [at, value] of replicate(chance).entries()) {
      const total = sums[at]
      if (!total) throw new Error(`${one.table} ${one.name} gives more values than it has figures`)
      total.sum += value
      total.squares += value ** 2
    }
  }
  return { runs: count, figures: one.figures.map((figure, at) => measuredOf(one, figure, sums[at], count)) }
}

function measuredOf(
  one: Case,
  figure: Figure,
  total: { readonly sum: number; readonly squares: number } | undefined,
  runs: number,
): Measured {
  const { sum, squares } = total ?? { sum: Number.NaN, squares: Number.NaN }
  const value = sum / runs
  const error = Math.sqrt(Math.max(0, squares / runs - value ** 2) / runs)
  return { figure, value, error, objection: objectionTo(one, figure, { value, error, runs }) }
}

/** Of a share that is 0 or 1 in all replicates, the error is not 0. */
function errorOf(share: number, runs: number): number {
  const held = Math.min(1 - 1 / (runs + 2), Math.max(1 / (runs + 2), share))
  return Math.sqrt((held * (1 - held)) / runs)
}

/**
 * An error rate may not exceed alpha, or the design's own excess, by more than chance; and a figure whose generator the design
 * gives in full may not differ from the design's, but where the gate is stricter on purpose.
 */
export function objectionTo(
  { isInferred, isStricter }: Pick<Case, 'isInferred' | 'isStricter'>,
  { kind, design, designRuns }: Figure,
  found: { readonly value: number; readonly error: number; readonly runs: number },
): string | null {
  const { value, runs } = found
  const [least, most] = rangeOf(design)
  if (kind === 'error') {
    const bound = Math.max(nominal, most ?? 0)
    const spread = Math.hypot(errorOf(bound, runs), most !== null && most > nominal ? errorOf(most, designRuns) : 0)
    if (value > bound + mostErrors * spread) return `errs more than ${percent(bound)} of the time`
  }
  if (isInferred || kind === 'mean' || least === null || most === null) return null
  const band = (at: number) => mostErrors * Math.hypot(errorOf(at, runs), errorOf(at, designRuns))
  if (value > most + band(most)) return 'is more than the design measured'
  return value < least - band(least) && isStricter === null ? 'is less than the design measured' : null
}

function rangeOf(design: Figure['design']): readonly [number | null, number | null] {
  if (design === null) return [null, null]
  return typeof design === 'number' ? [design, design] : (design satisfies Range)
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`
}
