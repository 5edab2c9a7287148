// The nouns of the batch lane: what a provider holds of a run.

import type { Arm, Instant, RecordId } from './types.ts'

/** What a provider was handed in one piece, to be answered within a day or so. */
export interface Batch {
  /** 1, 2, … in its run. */
  readonly number: number
  readonly arm: Arm
  /** The provider's name for it; null until the provider has told it. */
  readonly batchId: string | null
  /** The provider's name for the uploaded requests, where they are uploaded first. */
  readonly fileId: string | null
  readonly submittedAt: Instant
  readonly requests: number
  readonly status: BatchStatus
  /** Why it failed or was dropped, or what of it is asked again; null where there is nothing to say. */
  readonly detail: string | null
}

/**
 * `submitting`: the provider may have it or not, as a kill came in between. `pending`: the provider has it. `ended`: its results are
 * stored. `failed`: the provider refused it. `dropped`: it never came there, is gone there, or was cancelled there.
 */
export type BatchStatus = 'submitting' | 'pending' | 'ended' | 'failed' | 'dropped'

/** One call that a batch holds. */
export interface BatchCall {
  readonly recordId: RecordId
  /** The record's place in the run. */
  readonly ordinal: number
  readonly trial: number
  /** Place of the call in its record's random order of calls, 0-based. */
  readonly position: number
}
