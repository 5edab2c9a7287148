// What a replay has cost so far, and when it is to stop.

import { type Arm, type Attempt, arms, type Target } from '../core/types.ts'
import { costUsd } from '../score/price.ts'

export interface Spending {
  readonly see: (attempts: readonly Attempt[]) => void
  /** US dollars; null where no target has a price. */
  readonly spent: () => number | null
  /** Whether what is in flight would go beyond the limit. */
  readonly isAtLimit: (inFlight: number) => boolean
}

/** `before` is what an earlier, interrupted part of the run has cost. */
export function createSpending(
  targets: Readonly<Record<Arm, Target>>,
  { maxCost, before }: { readonly maxCost: number | undefined; readonly before: number },
): Spending {
  const isPriced = arms.some((arm) => targets[arm].pricePerMillion !== null)
  let [spent, calls, own] = [before, 0, 0]
  return {
    see: (attempts) => {
      for (const { arm, outcome } of attempts) {
        const price = targets[arm].pricePerMillion
        if (price === null || outcome.kind !== 'reply' || outcome.reply.usage === null) continue
        const cost = costUsd(outcome.reply.usage, price)
        spent += cost
        own += cost
        calls += 1
      }
    },
    spent: () => (isPriced ? spent : null),
    isAtLimit: (inFlight) => maxCost !== undefined && spent + (calls === 0 ? 0 : (own / calls) * inFlight) >= maxCost,
  }
}
