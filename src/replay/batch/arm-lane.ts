// One arm's batches: hands over what no batch holds, looks after those that the provider has, stores what they bring.

import type { Batch, BatchCall } from '../../core/batch.ts'
import { Fault } from '../../core/fault.ts'
import type { JsonObject, Target } from '../../core/types.ts'
import { type Call, callKey } from '../plan.ts'
import { type BatchApi, type BatchState, HttpTrouble } from './batch-api.ts'
import type { BatchChanges, OpenBatch, SharedBook } from './book.ts'
import { type Collected, collect, tallied } from './collect.ts'
import { customIdOf } from './custom-id.ts'
import { createPacker, type Packed, type Packer } from './packer.ts'
import { patiently } from './patience.ts'
import { findBatch, submitBatch } from './submit.ts'

export interface AskedArm {
  readonly target: Target
  readonly api: BatchApi
  /** What is sent for a request of the log. */
  readonly bodyOf: (body: JsonObject, trial: number) => JsonObject
}

/** More than this in one piece is a burden for the memory, and lost time where an upload breaks; providers take more. */
const comfortableBytes = 64_000_000

/** So long may a provider be out of reach, or not know a batch that it has taken: nobody hurries. */
const patienceMs = 60 * 60_000

/** Between two looks that fail, in ms: doubled each time, up to this. */
const longestQuietMs = 10 * 60_000

export class ArmLane {
  readonly #arm: AskedArm
  readonly #book: SharedBook
  readonly #open: OpenBatch[] = []
  /** Calls in open batches. */
  readonly #held = new Set<string>()
  /** How many batches have come to their end without an answer to a call. */
  readonly #tries = new Map<string, number>()
  /** Whether there may be calls that no batch holds. */
  #areLeft = true
  #packer: Packer | null = null
  /** Calls whose answer is stored. */
  #stored = 0
  /** Requests in a batch at most. */
  #most: number
  /** One batch at a time: the provider has no room for more. */
  #isNarrow = false

  constructor(arm: AskedArm, book: SharedBook) {
    this.#arm = arm
    this.#book = book
    this.#most = arm.api.limits.requests
    for (const key of book.done) if (key.includes(` ${arm.target.arm} `)) this.#stored += 1
  }

  get target(): Target {
    return this.#arm.target
  }

  /** Whether there may be calls that no batch holds, and there is room for them. */
  get isHungry(): boolean {
    return this.#areLeft && this.#hasRoom
  }

  get isDone(): boolean {
    return !this.#areLeft && this.#open.length === 0
  }

  /** Calls whose answer is stored, or that the provider tells to be answered. */
  get answered(): number {
    return this.#open.reduce((sum, { answered, keys }) => sum + Math.min(answered, keys.length), this.#stored)
  }

  get #hasRoom(): boolean {
    return !this.#isNarrow || this.#open.length === 0
  }

  #keyOf({ recordId, trial }: Pick<BatchCall, 'recordId' | 'trial'>): string {
    return callKey({ recordId, arm: this.target.arm, trial })
  }

  async #keysOf({ number }: Batch): Promise<string[]> {
    return (await this.#book.ledger.callsOf(number)).map((call) => this.#keyOf(call))
  }

  /** Takes up what an earlier process has left. */
  async takeUp(batches: readonly Batch[]): Promise<void> {
    for (const batch of batches) {
      if (batch.arm !== this.target.arm) continue
      if (batch.status === 'submitting') await this.#takeUpLost(batch)
      if (batch.status === 'pending' && batch.batchId !== null)
        this.#hold(batch, batch.batchId, await this.#keysOf(batch))
      if (batch.status === 'ended')
        this.#countTries((await this.#keysOf(batch)).filter((key) => !this.#book.done.has(key)))
    }
  }

  async #takeUpLost(batch: Batch): Promise<void> {
    const { ledger } = this.#book
    const batchId = await patiently(() => findBatch(this.#arm.api, batch, this.#book), this.#book)
    if (batchId === null) {
      return ledger.update(batch.number, { status: 'dropped', detail: 'cut off before the provider had it' })
    }
    await ledger.update(batch.number, { batchId, status: 'pending' })
    this.#hold(batch, batchId, await this.#keysOf(batch))
  }

  #hold(batch: Batch, batchId: string, keys: readonly string[]): void {
    this.#book.known.add(batchId)
    this.#open.push({ batch, batchId, keys, answered: 0, troubles: 0, troubledSince: 0, quietUntil: 0 })
    for (const key of keys) this.#held.add(key)
  }

  async #release(each: OpenBatch, changes: BatchChanges): Promise<void> {
    await this.#book.ledger.update(each.batch.number, changes)
    this.#open.splice(this.#open.indexOf(each), 1)
    for (const key of each.keys) this.#held.delete(key)
    this.#areLeft ||= each.keys.some((key) => !this.#book.done.has(key))
  }

  #countTries(keys: Iterable<string>): void {
    for (const key of keys) this.#tries.set(key, (this.#tries.get(key) ?? 0) + 1)
  }

  /** Takes a call of the plan, unless a batch holds it. */
  async offer(call: Call, body: JsonObject): Promise<void> {
    const { api, bodyOf } = this.#arm
    if (this.#held.has(this.#keyOf(call))) return
    if (!this.#hasRoom) {
      this.#areLeft = true
      return
    }
    this.#packer ??= createPacker({ requests: this.#most, bytes: Math.min(api.limits.bytes, comfortableBytes) })
    const sent = bodyOf(body, call.trial)
    const customId = customIdOf(this.#book.runId, call.arm, call)
    const full = this.#packer.add(api.groupOf(sent), call, api.lineOf(customId, sent))
    if (full) await this.#handOver(full)
  }

  /** Before and after all calls of the plan were offered. */
  beginOffers(): void {
    this.#areLeft = false
    this.#packer = null
  }

  async endOffers(): Promise<void> {
    for (const packed of this.#packer?.rest() ?? []) await this.#handOver(packed)
    this.#packer = null
  }

  async #handOver({ calls, lines }: Packed): Promise<void> {
    const { ledger, clock, drain } = this.#book
    if (drain.aborted || !this.#hasRoom) {
      this.#areLeft = true
      return
    }
    const submittedAt = new Date(clock.now()).toISOString()
    const number = this.#book.nextNumber()
    const head = { number, arm: this.target.arm, submittedAt, requests: calls.length, detail: null }
    const batch: Batch = { ...head, batchId: null, fileId: null, status: 'submitting' }
    await ledger.add(batch, calls)
    try {
      const batchId = await submitBatch(this.#arm.api, { batch, lines }, this.#book)
      await ledger.update(number, { batchId, status: 'pending' })
      this.#hold(
        batch,
        batchId,
        calls.map((call) => this.#keyOf(call)),
      )
    } catch (error) {
      // Otherwise the provider may have it: the next process asks.
      const isRefused = error instanceof HttpTrouble && !error.isTransient && (error.status ?? 0) >= 300
      if (isRefused) await ledger.update(number, { status: 'failed', detail: error.message })
      throw error
    }
  }

  /** Looks once at each batch that the provider has, and stores what has come. */
  async look(): Promise<void> {
    for (const each of this.#open.slice()) {
      if (this.#book.drain.aborted) return
      if (this.#book.clock.now() < each.quietUntil) continue
      try {
        await this.#lookAt(each)
        each.troubles = 0
      } catch (error) {
        if (!(error instanceof HttpTrouble) || this.#book.drain.aborted) throw error
        await this.#bear(each, error)
      }
    }
  }

  async #lookAt(each: OpenBatch): Promise<void> {
    const state = await this.#arm.api.poll(each.batchId)
    if (state.kind === 'pending') each.answered = state.answered
    else if (state.kind === 'ended') await this.#settle(each, state)
    else await this.#fail(each, state)
  }

  /** A 404 about a batch that is there does occur (anthropic-sdk-python issue 1432), as does one for good (tensorzero issue 1198). */
  async #bear(each: OpenBatch, trouble: HttpTrouble): Promise<void> {
    const { clock, say } = this.#book
    const isGone = trouble.status === 404
    if (!trouble.isTransient && !isGone) throw trouble
    if (each.troubles === 0) each.troubledSince = clock.now()
    each.troubles += 1
    const quietMs = Math.min(longestQuietMs, Math.max(250 * 2 ** each.troubles, trouble.afterMs ?? 0))
    each.quietUntil = clock.now() + quietMs
    if (clock.now() - each.troubledSince < patienceMs) return
    if (!isGone) throw trouble
    say(
      `batch    the ${this.target.arm}'s batch ${each.batchId} is gone at the provider: what it held goes into another one`,
    )
    await this.#release(each, { status: 'dropped', detail: `gone at the provider: ${trouble.message}` })
  }

  async #fail(each: OpenBatch, { isFull, detail }: Extract<BatchState, { kind: 'failed' }>): Promise<void> {
    const { arm, baseUrl } = this.target
    const { requests } = each.batch
    await this.#release(each, { status: 'failed', detail })
    if (isFull && (requests > 1 || this.#open.length > 0)) {
      // Beside others there was no room for it; alone it was too large.
      if (this.#open.length === 0) this.#most = Math.floor(requests / 2)
      this.#isNarrow = true
      return this.#book.say(`batch    the ${arm} has no room for a batch of ${requests}: ${detail}`)
    }
    throw new Fault('TARGET_UNREACHABLE', `the ${arm} refused the batch ${each.batchId}: ${detail}`, {
      place: `targets.${arm} ${baseUrl}`,
      hint: 'mend what is named above; what was answered is stored, and the same command goes on from there',
    })
  }

  async #settle(each: OpenBatch, { sources, isCancelled }: Extract<BatchState, { kind: 'ended' }>): Promise<void> {
    const { arm, retries } = this.target
    const { again, isForeign } = await this.#store(
      each,
      sources,
      (key) => isCancelled || (this.#tries.get(key) ?? 0) < retries,
    )
    const detail = again.size === 0 ? null : `${again.size} asked again: ${tallied(again.values())}`
    if (isForeign) return this.#release(each, { status: 'dropped', detail: 'it was taken for ours, and is not' })
    if (!isCancelled) {
      this.#countTries(again.keys())
      await this.#release(each, { status: 'ended', detail })
      if (detail) this.#book.say(`batch    of the ${arm}'s batch ${each.batchId}, ${detail}`)
      return
    }
    await this.#release(each, {
      status: 'dropped',
      detail: `cancelled at the provider; ${detail ?? 'all was answered'}`,
    })
    if (again.size === 0) return
    throw new Fault('INTERRUPTED', `the ${arm}'s batch ${each.batchId} was cancelled at the provider`, {
      hint: `what was answered is stored; the same command puts the other ${again.size} requests into another batch`,
    })
  }

  async #store(
    each: OpenBatch,
    sources: Extract<BatchState, { kind: 'ended' }>['sources'],
    mayAskAgain: (key: string) => boolean,
  ): Promise<Collected> {
    const { runId, ledger, done } = this.#book
    const { batch } = each
    // From here on they are counted as they are stored.
    each.answered = 0
    const calls = await ledger.callsOf(batch.number)
    const sink = await this.#book.openSink()
    try {
      const collecting = {
        api: this.#arm.api,
        batch,
        calls: new Map(calls.map((call) => [customIdOf(runId, batch.arm, call), call])),
        isDone: (call: BatchCall) => done.has(this.#keyOf(call)),
        mayAskAgain: (call: BatchCall) => mayAskAgain(this.#keyOf(call)),
      }
      return await collect(sources, collecting, (attempt) => {
        sink.write(attempt)
        done.add(callKey(attempt))
        this.#stored += 1
      })
    } finally {
      sink.close()
    }
  }
}
