// What a replay has cost so far, and when it is to stop.

import { costUsd } from '../core/price.ts'
import { type Arm, type Attempt, arms, type Target } from '../core/types.ts'

export interface Budget {
  /** US dollars; null where there is no limit. */
  readonly maxUsd: number | null
  /** What an earlier, interrupted part of the run has cost. */
  readonly spentUsd: number
}

export interface Spending {
  readonly see: (attempt: Attempt) => void
  /** US dollars; null where no target has a price. */
  readonly spent: () => number | null
  /** Whether what is in flight, at the mean of what came, would bring it to the limit. */
  readonly isAtLimit: (inFlight: number) => boolean
}

export function createSpending(targets: Readonly<Record<Arm, Target>>, { maxUsd, spentUsd }: Budget): Spending {
  const isPriced = arms.some((arm) => targets[arm].pricePerMillion !== null)
  let [spent, calls, own] = [spentUsd, 0, 0]
  return {
    see: ({ arm, outcome }) => {
      const price = targets[arm].pricePerMillion
      if (price === null || outcome.kind !== 'reply' || outcome.reply.usage === null) return
      const cost = costUsd(outcome.reply.usage, price)
      spent += cost
      own += cost
      calls += 1
    },
    spent: () => (isPriced ? spent : null),
    isAtLimit: (inFlight) => maxUsd !== null && spent + (calls === 0 ? 0 : (own / calls) * inFlight) >= maxUsd,
  }
}
