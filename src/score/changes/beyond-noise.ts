// Whether a kind of change is more frequent than production's own changes from answer to answer.

import { mcnemar } from '../../stats/mcnemar.ts'
import { twoProportions } from '../../stats/two-proportions.ts'
import { wilson } from '../../stats/wilson.ts'

export interface ChangeCounts {
  /** Pairs of the candidate that changed so, of how many. */
  readonly pairs: number
  readonly of: number
  /** Pairs of production's two answers that did, of how many: 0 of 0 where it was asked once. */
  readonly noise: number
  readonly noiseOf: number
  /** Pairs of the candidate that changed the other way round; null where there is no other way. */
  readonly mirror: number | null
}

export interface Beyond {
  /** null where there is neither a noise floor nor another way round. */
  readonly isBeyond: boolean | null
  /** What is left of the share at 95 % confidence once noise is taken off. */
  readonly excess: number
}

/** Of the excess by which clusters are put in order. */
const orderAlpha = 0.05

/**
 * Two ways to be shown at one-sided `alpha`, half of it each: a larger share than between production and itself (Newcombe), or far
 * more pairs one way than the other (McNemar): two answers of one model have no direction, so that needs no noise floor.
 */
export function beyondNoise(counts: ChangeCounts, alpha: number): Beyond {
  const overNoise = counts.noiseOf === 0 ? null : overShare(counts, counts.noise, counts.noiseOf)
  const overMirror = counts.mirror === null ? null : overShare(counts, counts.mirror, counts.of)
  if (overNoise === null && overMirror === null) {
    const { lower } = wilson({ k: counts.pairs, n: counts.of, alphaOneSided: orderAlpha })
    return { isBeyond: null, excess: lower }
  }
  const isOneWay =
    counts.mirror !== null && mcnemar({ treatOnly: counts.pairs, ctrlOnly: counts.mirror }).exactGreater < alpha / 2
  return {
    isBeyond: isOneWay || (overNoise !== null && overNoise(alpha / 2) > 0),
    excess: Math.max(0, overNoise?.(orderAlpha) ?? 0, overMirror?.(orderAlpha) ?? 0),
  }
}

function overShare({ pairs, of }: ChangeCounts, k2: number, n2: number): (alpha: number) => number {
  const difference = twoProportions({ k1: pairs, n1: of, k2, n2 })
  return (alpha) => difference.limits(alpha).lower
}
