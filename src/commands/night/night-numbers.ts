// What a night's run did, in numbers, as others are told.

import { type CallOutcome, callOutcomes, type NightCalls, type NightNumbers } from '../../core/night.ts'
import type { Arm } from '../../core/types.ts'
import type { ReportInput } from '../../report/index.ts'
import { quantileType7 } from '../../stats/index.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'

export async function callsOf(
  store: Store,
  { run }: StoredRun,
  { counts, latencies }: Pick<ReportInput, 'counts' | 'latencies'>,
): Promise<NonNullable<NightNumbers['arms']>> {
  const byArm = new Map((await store.callCounts(run.id)).map((row) => [String(row['arm']), row]))
  const callsOfArm = (arm: Arm): NightCalls => {
    const number = (column: string) => Number(byArm.get(arm)?.[column] ?? 0)
    const ended = callOutcomes.map((outcome) => [outcome, number(outcome)])
    const sorted = latencies[arm].toSorted()
    return {
      outcomes: Object.fromEntries(ended) as Record<CallOutcome, number>,
      retries: number('retries'),
      tokens: { input: number('input_tokens'), output: number('output_tokens') },
      costUsd: counts.costUsd[arm],
      latencyMs: { p50: quantileOf(sorted, 0.5), p95: quantileOf(sorted, 0.95) },
    }
  }
  return { production: callsOfArm('production'), candidate: callsOfArm('candidate') }
}

/** No answer is infinitely slow, and no number says that. */
function quantileOf(sorted: Float64Array, share: number): number | null {
  if (sorted.length === 0) return null
  const value = quantileType7(sorted, share)
  return Number.isFinite(value) ? value : null
}
