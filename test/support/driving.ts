// A replay for tests: records, arms and a drive that gathers its attempts.

import type { Clock } from '../../src/core/clock.ts'
import type { Arm, Attempt } from '../../src/core/types.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'
import { type DriveOptions, type DriveResult, drive } from '../../src/replay/drive.ts'
import { createLane, type LaneOptions } from '../../src/replay/lane.ts'
import { callKey, planRecords, remainingTrials, type Unit } from '../../src/replay/plan.ts'
import type { RetryPolicy } from '../../src/replay/retry.ts'
import { createTokenGuess } from '../../src/replay/token-guess.ts'
import type { DrivenArm } from '../../src/replay/trial.ts'
import { type WiringOptions, wired } from '../../src/replay/wire.ts'
import { recordOf } from './nouns.ts'

export const never = new AbortController().signal

export const laneOptions: LaneOptions = {
  concurrency: 4,
  isAdaptive: false,
  limits: { requestsPerMinute: null, tokensPerMinute: null },
  keepFree: 0,
}

export const patient: RetryPolicy = { retries: 2, rounds: 2, maxWaitMs: 60_000 }

const arm = { provider: openaiChat, model: 'test-model', overrides: {} }
const wiring: WiringOptions = {
  arms: { production: arm, candidate: arm },
  saltOf: () => null,
  stream: 'asCaptured',
}

/** Units of so many records, each answered twice by both arms, or once. */
export function unitsOf(
  count: number,
  {
    done = new Set<string>(),
    trials = 2,
    ...changes
  }: Partial<Omit<Unit, 'trials'>> & { done?: ReadonlySet<string>; trials?: 1 | 2 } = {},
): Unit[] {
  const ids = Array.from({ length: count }, (_, index) => `r${index}`)
  return planRecords(ids, { noise: trials - 1, seed: 1 })
    .map((planned) => ({
      recordId: planned.recordId,
      ordinal: planned.ordinal,
      conversation: null,
      dueMs: null,
      ...changes,
      trials: wired(remainingTrials(planned, 1, { done }), recordOf(planned.recordId).body, wiring),
    }))
    .filter((unit) => unit.trials.length > 0)
}

export const callsOf = ({ trials }: Unit) => trials.flatMap(({ calls }) => calls)

export function armOf(send: DrivenArm['send'], clock: Clock, changes: Partial<LaneOptions> = {}): DrivenArm {
  return { lane: createLane({ ...laneOptions, ...changes }, clock), guess: createTokenGuess(), send }
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
    retry: patient,
    keepFree: 0,
    window: 8,
    seed: 1,
    clock,
    drain: never,
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
