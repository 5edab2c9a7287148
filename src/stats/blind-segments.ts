// Which segments are too small to show a regression: silence there is no evidence.

import { requireAlpha, requireFraction } from './check.ts'
import { normalQuantile } from './dist.ts'
import type { Estimator } from './estimator.ts'

type Scale = 'difference' | 'ratio'

interface Power {
  /** 0.05 unless given. */
  readonly alphaOneSided?: number | undefined
  /** 0.8 unless given. */
  readonly power?: number | undefined
  readonly scale: Scale
}

/**
 * The smallest regression that would be seen with the given power: (z₁₋α + z_power)·se, and its exponential for a
 * ratio, whose `standardError` is that of its logarithm (`standardErrorOf`). `standardError` ≥ 0, Infinity where
 * nothing is known; `alphaOneSided` in (0, 0.5], `power` in (0, 1). Throws RangeError otherwise.
 */
export function minimumDetectable(args: Power & { readonly standardError: number }): number {
  const { standardError, alphaOneSided = 0.05, power = 0.8, scale } = args
  requireAlpha(alphaOneSided)
  requireFraction('power', power)
  if (!(standardError >= 0)) throw new RangeError(`standardError must not be negative, got ${standardError}`)
  const effect = standardError === 0 ? 0 : (normalQuantile(power) - normalQuantile(alphaOneSided)) * standardError
  return scale === 'ratio' ? Math.exp(effect) : effect
}

/**
 * The standard error that an estimator's upper limit implies: (upper − estimate) / z₁₋α, in logs for a ratio. Infinity
 * where the limit or the estimate is infinite. `alphaOneSided` in (0, 0.5), 0.05 unless given. Throws RangeError
 * otherwise.
 */
export function standardErrorOf(
  estimator: Pick<Estimator, 'estimate' | 'limits'>,
  args: { readonly scale: Scale; readonly alphaOneSided?: number | undefined },
): number {
  const { scale, alphaOneSided = 0.05 } = args
  requireFraction('2 × alphaOneSided', 2 * alphaOneSided)
  const on = (value: number): number => (scale === 'ratio' ? Math.log(value) : value)
  const reach = on(estimator.limits(alphaOneSided).upper) - on(estimator.estimate)
  return Number.isFinite(reach) ? Math.max(0, reach / -normalQuantile(alphaOneSided)) : Infinity
}

/** What would have been seen in one segment. */
export interface SegmentPower {
  readonly segment: string
  readonly minimumDetectable: number
  /** Not even a regression of twice the margin would be seen. */
  readonly isBlind: boolean
}

/**
 * Each segment's smallest visible regression against the margin it is judged by, in the order given; blind from more
 * than twice the margin on. Twice a ratio's margin is meant in logs: 1.2 allows a fifth more, so 1.44 is twice that.
 * `margin` above 0, and above 1 for a ratio; otherwise as `minimumDetectable`. Throws RangeError otherwise.
 */
export function blindSegments(
  args: Power & {
    readonly segments: readonly { readonly segment: string; readonly standardError: number }[]
    readonly margin: number
  },
): readonly SegmentPower[] {
  const { segments, margin, ...power } = args
  const neutral = power.scale === 'ratio' ? 1 : 0
  if (!(margin > neutral && margin < Infinity)) {
    throw new RangeError(`margin must be finite and above ${neutral}, got ${margin}`)
  }
  const twice = power.scale === 'ratio' ? margin ** 2 : 2 * margin
  return segments.map(({ segment, standardError }) => {
    const smallest = minimumDetectable({ ...power, standardError })
    return { segment, minimumDetectable: smallest, isBlind: smallest > twice }
  })
}
