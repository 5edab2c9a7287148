// What a judge said of all pairs, and how far it agreed with itself.

import type { JudgedPair, JudgeSummary } from '../../core/judged.ts'
import type { Arm } from '../../core/types.ts'
import { agreedOn } from './judge-metric.ts'

export function judgeSummary(model: string | null, pairs: Iterable<JudgedPair>): JudgeSummary {
  const all = [...pairs]
  const whole = all.filter((pair) => agreedOn(pair) !== null)
  const count = (is: (pair: JudgedPair) => boolean) => whole.filter(is).length
  const wins = (arm: Arm) => count((pair) => agreedOn(pair) === arm)
  return {
    model,
    pairs: whole.length,
    preferred: { production: wins('production'), candidate: wins('candidate') },
    agreed: count(({ production, candidate }) => production === candidate),
    byPlace: {
      first: count(({ production, candidate }) => production === 'production' && candidate === 'candidate'),
      second: count(({ production, candidate }) => production === 'candidate' && candidate === 'production'),
    },
    failed: all.length - whole.length,
  }
}
