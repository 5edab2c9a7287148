// What is to be sent: the calls of each record, in a random order of their own.

import { seededBy, shuffled } from '../core/random.ts'
import type { Arm, RecordId, RequestRecord } from '../core/types.ts'

/** One question to one arm. Its tries are Attempts. */
export interface Call {
  readonly recordId: RecordId
  readonly arm: Arm
  readonly trial: number
  /** Place in the record's order, 0-based. */
  readonly position: number
}

/** A record's place in a run, and how often production answers it. */
export interface PlannedRecord {
  readonly recordId: RecordId
  /** 0-based place in the order of replay. */
  readonly ordinal: number
  /** 1, or 2 where the noise floor is measured. */
  readonly productionTrials: number
}

/** A record whose calls are not all done yet. */
export interface Unit {
  readonly record: RequestRecord
  readonly calls: readonly Call[]
}

/** Which records production answers twice: each with chance `noise`, drawn from the seed and the record alone. */
export function planRecords(ids: readonly RecordId[], options: { noise: number; seed: number }): PlannedRecord[] {
  return ids.map((recordId, ordinal) => ({
    recordId,
    ordinal,
    productionTrials: seededBy(options.seed, 'noise', recordId).unit() < options.noise ? 2 : 1,
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
 * The calls of a record that are still to be made. The arms' order is a random permutation for each record (with a fixed
 * order, whichever arm comes second profits from warm caches: STATISTICS section 2), the same on every resume. A call
 * that was broken off between two tries begins anew: how long its user would have waited can no longer be known.
 */
export function remainingCalls(planned: PlannedRecord, seed: number, progress: Progress): Call[] {
  const all = [
    { arm: 'candidate' as const, trial: 0 },
    ...Array.from({ length: planned.productionTrials }, (_, trial) => ({ arm: 'production' as const, trial })),
  ]
  return shuffled(all, seededBy(seed, 'order', planned.recordId))
    .map(({ arm, trial }, position) => ({ recordId: planned.recordId, arm, trial, position }))
    .filter((call) => !progress.done.has(callKey(call)))
}
