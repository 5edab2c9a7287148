// Both arms' batch lanes over a provider, a book and a store that are lists: no connection, no file, no waiting.

import type { Batch, BatchCall } from '../../src/core/batch.ts'
import { type Arm, type Attempt, arms, type JsonObject } from '../../src/core/types.ts'
import { ArmLane } from '../../src/replay/batch/arm-lane.ts'
import { type BatchApi, type BatchResult, type BatchState, HttpTrouble } from '../../src/replay/batch/batch-api.ts'
import type { SharedBook } from '../../src/replay/batch/book.ts'
import { driveBatches } from '../../src/replay/batch/drive-batches.ts'
import { callKey, planRecords } from '../../src/replay/plan.ts'
import type { FakeClock } from './fake-clock.ts'
import { replyOf } from './nouns.ts'
import { targetOf } from './sender.ts'

/** A batch as the provider has it. */
export interface HeldBatch {
  readonly id: string
  readonly arm: Arm
  readonly fileId: string
  readonly customIds: readonly string[]
  polls: number
}

export type Reaction = BatchState | HttpTrouble | 'pending'

export interface Provider {
  readonly held: HeldBatch[]
  readonly limits: BatchApi['limits']
  /** What a look at a batch brings; ended, with all results, without it. */
  onPoll: (batch: HeldBatch) => Reaction | null
  /** What becomes of a request; null: nothing is told of it. What it throws cuts the results off. */
  onRequest: (customId: string, batch: HeldBatch) => Omit<BatchResult, 'customId'> | null
  /** Before a batch is made, and after: what it throws, the maker hears. */
  beforeCreate: (arm: Arm) => void
  afterCreate: (batch: HeldBatch) => void
}

export const answered = { outcome: replyOf(), httpStatus: 200, isFinal: true }
export const expired = {
  outcome: { kind: 'broken', detail: 'expired: too late' },
  httpStatus: null,
  isFinal: false,
} as const

export function createProvider(limits: BatchApi['limits'] = { requests: 100, bytes: 1_000_000 }): Provider {
  const nothing = () => {}
  return {
    held: [],
    limits,
    onPoll: () => null,
    onRequest: () => answered,
    beforeCreate: nothing,
    afterCreate: nothing,
  }
}

function apiOf(provider: Provider, arm: Arm): BatchApi {
  const { held, limits } = provider
  let uploads = 0
  const find = (id: string) => {
    const batch = held.find((each) => each.id === id)
    if (!batch) throw new HttpTrouble(404, 'no such batch')
    return batch
  }
  return {
    limits,
    groupOf: () => '',
    lineOf: (customId) => customId,
    upload: async () => `file-${arm}-${held.length}-${++uploads}`,
    create: async (lines, fileId) => {
      provider.beforeCreate(arm)
      const batch = { id: `b${held.length + 1}`, arm, fileId: fileId ?? '', customIds: lines, polls: 0 }
      held.push(batch)
      provider.afterCreate(batch)
      return batch.id
    },
    find: async ({ fileId }) => held.find((each) => each.fileId === fileId)?.id ?? null,
    poll: async (id) => {
      const batch = find(id)
      batch.polls += 1
      const reaction = provider.onPoll(batch) ?? {
        kind: 'ended',
        sources: [{ url: id, elsewhere: null }],
        isCancelled: false,
      }
      if (reaction instanceof HttpTrouble) throw reaction
      return reaction === 'pending' ? { kind: 'pending', answered: 0 } : reaction
    },
    async *results({ url }) {
      const batch = find(url)
      for (const customId of batch.customIds.toReversed()) {
        const result = provider.onRequest(customId, batch)
        if (result) yield { customId, ...result }
        // Nobody promises that each comes once.
        if (result && customId === batch.customIds[0]) yield { customId, ...result }
      }
    },
  }
}

/** What outlives a process. */
export interface Memory {
  readonly batches: Map<number, Batch>
  readonly calls: Map<number, readonly BatchCall[]>
  readonly attempts: Attempt[]
}

export function createMemory(): Memory {
  return { batches: new Map(), calls: new Map(), attempts: [] }
}

export interface Process {
  readonly provider: Provider
  readonly memory: Memory
  readonly clock: FakeClock
  readonly records?: number
  readonly retries?: number
  readonly drain?: AbortSignal
  /** Told of the lanes before they are driven. */
  readonly onLanes?: (lanes: readonly ArmLane[]) => void
}

/** One process that drives a run until it ends, is drained, or fails. */
export async function runProcess({ provider, memory, clock, records = 10, retries = 2, drain, onLanes }: Process) {
  const said: string[] = []
  const done = new Set(memory.attempts.map(callKey))
  const batches = [...memory.batches.values()]
  const signal = drain ?? new AbortController().signal
  const book: SharedBook = {
    runId: 'run',
    ledger: {
      callsOf: async (number) => memory.calls.get(number) ?? [],
      add: async (batch, calls) => {
        memory.batches.set(batch.number, batch)
        memory.calls.set(batch.number, calls)
      },
      update: async (number, changes) => {
        const batch = memory.batches.get(number)
        if (batch) memory.batches.set(number, { ...batch, ...changes })
      },
    },
    openSink: async () => ({ write: (attempt) => void memory.attempts.push(attempt), close: () => {} }),
    done,
    known: new Set(batches.flatMap(({ batchId }) => batchId ?? [])),
    nextNumber: () => memory.batches.size + 1,
    clock,
    drain: signal,
    maxWaitMs: 60_000,
    say: (text) => void said.push(text),
  }
  const bodyOf = (body: JsonObject) => body
  const lanes = arms.map((arm) => {
    const target = { ...targetOf('http://a/v1'), arm, retries }
    return new ArmLane({ target, api: apiOf(provider, arm), bodyOf }, book)
  })
  onLanes?.(lanes)
  const plan = planRecords(
    Array.from({ length: records }, (_, index) => `r${index}`),
    { noise: 1, seed: 1 },
  )
  const planned = async function* () {
    for (const record of plan) yield { ...record, body: '{}' }
  }
  const isComplete = await driveBatches({
    lanes,
    batches,
    planned,
    done,
    seed: 1,
    pollMs: 60_000,
    clock,
    drain: signal,
  })
  return { isComplete, said, lanes }
}
