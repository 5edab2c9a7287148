// What the two threads of a replay tell each other: plain data, which a message port can copy.

import type { Arm, Attempt, Target } from '../core/types.ts'
import type { DriveResult } from './drive.ts'
import type { LaneState } from './lane.ts'
import type { Unit } from './plan.ts'
import type { RetryPolicy } from './retry.ts'
import type { Budget } from './spending.ts'

/** All that the engine's thread needs to begin. */
export interface EngineOrder {
  readonly arms: Readonly<Record<Arm, ArmOrder>>
  readonly retry: RetryPolicy
  readonly keepFree: number
  /** Open loop: arrivals decide how many requests are in flight. */
  readonly isOpenLoop: boolean
  readonly isAdaptive: boolean
  readonly seed: number
  readonly budget: Budget
  readonly userAgent: string
}

export interface ArmOrder {
  readonly target: Target
  readonly key: string | null
  readonly headers: Readonly<Record<string, string>>
}

/** To the engine. */
export type EngineCommand =
  /** Requests that are answered and thrown away, before the first that counts. */
  | { readonly kind: 'warm-up'; readonly units: readonly Unit[] }
  | { readonly kind: 'units'; readonly units: readonly Unit[] }
  | { readonly kind: 'no-more-units' }
  | { readonly kind: 'drain' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'resize'; readonly arm: Arm; readonly concurrency: number }

/** From the engine. */
export type EngineNews =
  /** `ended`: the places, in the run, of units that came to their end, whatever that was. */
  | {
      readonly kind: 'progress'
      readonly attempts: readonly Attempt[]
      readonly ended: readonly number[]
      readonly state: EngineState
    }
  | { readonly kind: 'warm' }
  | { readonly kind: 'over'; readonly result: EngineResult }

export interface EngineResult extends DriveResult {
  /** Whether it stopped because more would have cost more than the budget has. */
  readonly isAtLimit: boolean
}

export interface EngineState {
  readonly isPaused: boolean
  readonly lanes: Readonly<Record<Arm, LaneState>>
}
