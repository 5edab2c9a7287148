// What is to be sent: the trials of each record, their calls in a random order of their own.

import { seededBy, shuffled } from '../core/random.ts'
import { type Arm, arms, type RecordId } from '../core/types.ts'
import type { Wire } from './wire.ts'

/** One question to one arm. Its tries are Attempts. */
export interface Call {
  readonly recordId: RecordId
  /** The record's place in the run. */
  readonly ordinal: number
  readonly arm: Arm
  readonly trial: number
  /** Place in the record's order, 0-based. */
  readonly position: number
}

/** The number of a trial that is thrown away: beyond those that count, so that its prompt cache is its own. */
export const warmUpTrial = 2

/** A call with what is to be posted. */
export interface WiredCall extends Call {
  readonly wire: Wire
}

/** Both arms asked the same once, back to back: one call, or none, for each arm. */
export interface Trial<Asked extends Call> {
  readonly number: number
  /** In the order in which they are sent. */
  readonly calls: readonly Asked[]
}

/** A record's place in a run, and how often both arms answer it. */
export interface PlannedRecord {
  readonly recordId: RecordId
  /** 0-based place in the order of replay. */
  readonly ordinal: number
  /** 1, or 2 where the noise floor is measured. */
  readonly trials: number
}

/** A record whose calls are not all done yet. */
export interface Unit {
  readonly recordId: RecordId
  readonly ordinal: number
  /** A turn is sent when the turn before it has been answered; null where there is none. */
  readonly conversation: string | null
  readonly trials: readonly Trial<WiredCall>[]
  /** In open loop: ms after the replay began. null: as soon as there is a place. */
  readonly dueMs: number | null
}

/** The conversation that a record's cluster is; null where it is a user, whose requests need not wait for each other. */
export function conversationOf(cluster: string | null): string | null {
  return cluster?.startsWith('c-') ? cluster : null
}

/** Which records are asked twice: each with chance `noise`, drawn from the seed and the record alone. */
export function planRecords(ids: readonly RecordId[], options: { noise: number; seed: number }): PlannedRecord[] {
  return ids.map((recordId, ordinal) => ({
    recordId,
    ordinal,
    trials: seededBy(options.seed, 'noise', recordId).unit() < options.noise ? 2 : 1,
  }))
}

/** A call's name within a run. */
export function callKey(call: { recordId: RecordId; arm: Arm; trial: number }): string {
  return `${call.recordId} ${call.arm} ${call.trial}`
}

/** The calls, by `callKey`, to which an earlier, interrupted replay had the last try. */
export interface Progress {
  readonly done: ReadonlySet<string>
}

/**
 * The trials of a record that still have calls to be made. Trials and the arms within each come in a random order for each
 * record, the same on every resume. (In a fixed order the arm that comes second profits from warm caches: where those make it
 * 8 % faster, a candidate at p50's margin passes 95 times in 100.) A call that was broken off between two tries begins anew:
 * how long its user would have waited can no longer be known.
 */
export function remainingTrials(planned: PlannedRecord, seed: number, progress: Progress): Trial<Call>[] {
  const { recordId, ordinal } = planned
  const random = seededBy(seed, 'order', recordId)
  const numbers = shuffled(
    Array.from({ length: planned.trials }, (_, number) => number),
    random,
  )
  let position = 0
  const trials = numbers.map((number) => ({
    number,
    calls: shuffled(arms, random)
      .map((arm) => ({ recordId, ordinal, arm, trial: number, position: position++ }))
      .filter((call) => progress.done.size === 0 || !progress.done.has(callKey(call))),
  }))
  return trials.filter(({ calls }) => calls.length > 0)
}
