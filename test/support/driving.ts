// A replay for tests: records, arms and a drive that gathers its attempts.

import type { Clock } from '../../src/core/clock.ts'
import type { Arm, Attempt } from '../../src/core/types.ts'
import { type DrivenArm, type DriveOptions, type DriveResult, drive } from '../../src/replay/drive.ts'
import { createLane } from '../../src/replay/lane.ts'
import { callKey, planRecords, remainingCalls, type Unit } from '../../src/replay/plan.ts'
import { recordOf } from './nouns.ts'

export const never = new AbortController().signal

/** Units of so many records, each answered twice by production. */
export function unitsOf(count: number, done: ReadonlySet<string> = new Set()): Unit[] {
  const ids = Array.from({ length: count }, (_, index) => `r${index}`)
  return planRecords(ids, { noise: 1, seed: 1 })
    .map((planned) => ({ record: recordOf(planned.recordId), calls: remainingCalls(planned, 1, { done }) }))
    .filter(({ calls }) => calls.length > 0)
}

export function armOf(send: DrivenArm['send'], clock: Clock, changes: { concurrency?: number; retries?: number } = {}) {
  const retry = { retries: changes.retries ?? 2, maxWaitMs: 60_000 }
  return { lane: createLane(changes.concurrency ?? 4, clock), send, retry }
}

export interface Driven extends DriveResult {
  readonly attempts: readonly Attempt[]
  /** Calls with a final attempt, in the order in which they ended. */
  readonly finals: readonly string[]
}

export async function driveAll(
  units: readonly Unit[],
  arms: Readonly<Record<Arm, DrivenArm>>,
  clock: Clock,
  changes: Partial<DriveOptions> = {},
): Promise<Driven> {
  const attempts: Attempt[] = []
  const result = await drive({
    units: lazily(units),
    arms,
    isStreamed: () => false,
    window: 8,
    seed: 1,
    clock,
    drain: never,
    leave: never,
    ...changes,
    onAttempt: (attempt) => {
      attempts.push(attempt)
      changes.onAttempt?.(attempt)
    },
  })
  return { ...result, attempts, finals: attempts.filter(({ isFinal }) => isFinal).map(callKey) }
}

async function* lazily(units: readonly Unit[]): AsyncIterable<Unit> {
  for (const unit of units) yield await Promise.resolve(unit)
}
