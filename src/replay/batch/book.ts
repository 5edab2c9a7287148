// What is known of a run's batches, and where it is written down: the lanes of both arms share it.

import type { Batch, BatchCall } from '../../core/batch.ts'
import type { Clock } from '../../core/clock.ts'
import type { Attempt } from '../../core/types.ts'

/** Where batches are written down before the provider hears of them, so that no kill makes one be handed over twice. */
export interface BatchLedger {
  readonly callsOf: (number: number) => Promise<readonly BatchCall[]>
  readonly add: (batch: Batch, calls: readonly BatchCall[]) => Promise<void>
  readonly update: (number: number, changes: BatchChanges) => Promise<void>
}

export type BatchChanges = Partial<Pick<Batch, 'batchId' | 'fileId' | 'status' | 'detail'>>

/** What is stored survives a kill once it is closed. */
export interface AttemptSink {
  readonly write: (attempt: Attempt) => void
  readonly close: () => void
}

/** What the lanes of a run share. */
export interface SharedBook {
  readonly runId: string
  readonly ledger: BatchLedger
  readonly openSink: () => Promise<AttemptSink>
  /** Calls, by `callKey`, whose answer is stored; grows. */
  readonly done: Set<string>
  /** Names of batches that are accounted for; grows. */
  readonly known: Set<string>
  /** Gives the next batch's number. */
  readonly nextNumber: () => number
  readonly clock: Clock
  readonly drain: AbortSignal
  /** A longer wait than this, asked for by a server, is not waited before the run is given up for now. */
  readonly maxWaitMs: number
  readonly say: (text: string) => void
}

/** A batch that the provider works at. */
export interface OpenBatch {
  readonly batch: Batch
  readonly batchId: string
  readonly keys: readonly string[]
  answered: number
  /** Looks in a row that have failed, and epoch ms of the first. */
  troubles: number
  troubledSince: number
  /** Epoch ms before which it is not looked at. */
  quietUntil: number
}
