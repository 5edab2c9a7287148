// Records, opinions and rejected lines on their way to the store, as many at a time as memory bears.

import type { Opinion, PackedRecord, RejectedLine } from '../core/types.ts'

/** What is ready for the store. */
export interface Batch {
  readonly kind: 'batch'
  readonly records: readonly PackedRecord[]
  readonly rejected: readonly RejectedLine[]
  /** What people thought of calls: joined to records by the names of call and trace. */
  readonly opinions: readonly Opinion[]
}

/** A batch also ends when its lines reach this many bytes: 500 long requests would fill the memory. */
const batchBytes = 8 * 1024 * 1024

export function createBatching() {
  let records: PackedRecord[] = []
  let rejected: RejectedLine[] = []
  let opinions: Opinion[] = []
  let bytes = 0
  const count = () => records.length + rejected.length + opinions.length
  return {
    addRecord: (record: PackedRecord): void => {
      records.push(record)
    },
    addRejected: (line: RejectedLine): void => {
      rejected.push(line)
    },
    addOpinion: (opinion: Opinion): void => {
      opinions.push(opinion)
    },
    /** Bytes of what was read, whatever came of it. */
    addBytes: (read: number): void => {
      bytes += read
    },
    isFull: (size: number) => count() >= size || bytes >= batchBytes,
    isEmpty: () => count() === 0,
    /** What there is; the next batch begins. */
    take: (): Batch => {
      const batch = { kind: 'batch', records, rejected, opinions } as const
      records = []
      rejected = []
      opinions = []
      bytes = 0
      return batch
    },
  }
}

export type Batching = ReturnType<typeof createBatching>
