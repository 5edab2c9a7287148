// Attempts: written one by one, read back record by record as they were.

import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Arm, Attempt, Outcome } from '../../src/core/types.ts'
import { callKey } from '../../src/replay/plan.ts'
import { pairsOf } from '../../src/score/pairs.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../support/nouns.ts'
import { gather, openedStore, rethrow } from '../support/stores.ts'

type OpenStore = Awaited<ReturnType<typeof openedStore>>

/** A store with one run of so many records, r0…, and these attempts. */
async function storeWith(attempts: readonly Attempt[], records = 1) {
  const store = await openedStore()
  const ids = Array.from({ length: records }, (_, index) => `r${index}`)
  await store.addRecords(ids.map((id) => recordOf(id)))
  const planned = ids.map((recordId, ordinal) => ({ recordId, ordinal, trials: 2 }))
  await store.createRun({ run: runOf('run'), status: 'running', fingerprint: 'f' }, planned)
  const writer = await store.createAttemptWriter('run', rethrow)
  for (const attempt of attempts) writer.write(attempt)
  writer.close()
  return store
}

/** The pairs of a run, as `score` folds them. */
async function pairsIn(store: OpenStore, runId = 'run') {
  const records = await gather(store.attemptsOf(runId))
  return records.flatMap(({ attempts }) => pairsOf(attempts, { isOpenLoop: false }))
}

const at = (ms: number) => new Date(Date.UTC(2026, 10, 23) + ms).toISOString()
const attempt = (arm: Arm, changes: Partial<Attempt> = {}) => attemptOf('r0', { arm, ...changes })
const rejected = (status: number): Partial<Attempt> => ({
  outcome: { kind: 'rejected', status, code: null, detail: 'no' },
  httpStatus: status,
})
const place = (index: number, changes: Partial<Attempt> = {}) => attemptOf(`r${index}`, { ordinal: index, ...changes })
const range = (length: number) => Array.from({ length }, (_, index) => index)

describe('attemptsOf', () => {
  test.each<[string, Outcome, number | null]>([
    ['a reply', replyOf(), 200],
    ['a reply with nothing in it', replyOf({ text: '', usage: null, servedModel: null, stop: 'unknown' }), 200],
    ['tool calls', replyOf({ text: '', stop: 'tool', toolCalls: [{ name: 'a', arguments: '{"b":"Infinity"' }] }), 200],
    ['a bill of all kinds', replyOf({ usage: { input: 0, output: 0, cachedInput: 0, reasoning: 7 } }), 200],
    [
      'a bill that no model writes',
      replyOf({ usage: { input: Number.MAX_SAFE_INTEGER, output: 2 ** 31, cachedInput: null, reasoning: null } }),
      200,
    ],
    ['emoji and every quote', replyOf({ text: '👩‍👩‍👧 "\'`´ \\ \n\t\u2028' }), 200],
    ['5 MB of text', replyOf({ text: 'Lorem ipsum € '.repeat(350_000) }), 200],
    ['a rejection', { kind: 'rejected', status: 422, code: 'bad_tool', detail: 'no such tool' }, 422],
    ['a rejection without a code', { kind: 'rejected', status: 500, code: null, detail: '' }, 500],
    ['a broken one', { kind: 'broken', detail: 'ECONNRESET: read ECONNRESET' }, null],
    ['a timeout to connect', { kind: 'timeout', phase: 'connect' }, null],
    ['a timeout of the first token', { kind: 'timeout', phase: 'first-token' }, null],
    ['a timeout between chunks', { kind: 'timeout', phase: 'idle' }, 200],
    ['a timeout in all', { kind: 'timeout', phase: 'total' }, 200],
    ['a cancelled one', { kind: 'cancelled' }, null],
  ])('gives back %s', async (_what, outcome, httpStatus) => {
    const given = [attempt('production'), attempt('candidate', { sentAt: at(1), outcome, httpStatus })]
    const store = await storeWith(given)
    expect(await gather(store.attemptsOf('run'))).toEqual([{ ordinal: 0, attempts: given }])
    const [pair, ...more] = await pairsIn(store)
    expect(more).toEqual([])
    expect(pair).toMatchObject({ recordId: 'r0', ordinal: 0, comparison: 'candidate' })
    expect(pair?.production).toEqual({ outcome: replyOf(), latencyMs: 30.5, firstTokenMs: 20, tries: 1 })
    const isReply = outcome.kind === 'reply'
    const waited = { latencyMs: isReply ? 30.5 : Infinity, firstTokenMs: isReply ? 20 : Infinity, tries: 1 }
    expect(pair?.candidate).toEqual({ outcome, ...waited })
  })

  test.each<[string, Partial<Attempt>]>([
    ['a late one of a later round', { ordinal: 7, arm: 'candidate', trial: 1, round: 3, tries: 2, position: 3 }],
    ['our own delay, with fractions', { dueAt: at(0), sentAt: at(1234), delayMs: 1234.5678 }],
    ['one that another follows', { isFinal: false, ...rejected(503) }],
    ['the answer of a batch, which took no time', { timing: { headersMs: null, firstTokenMs: null, totalMs: null } }],
    ['times with fractions', { timing: { headersMs: 0.1 + 0.2, firstTokenMs: 5e-324, totalMs: 1e9 + 0.125 } }],
  ])('gives back %s', async (_what, changes) => {
    const given = attemptOf('r0', changes)
    const store = await storeWith([given])
    expect(await gather(store.attemptsOf('run'))).toEqual([{ ordinal: given.ordinal, attempts: [given] }])
  })

  test('NUL in a text becomes the replacement character, and cuts nothing off', async () => {
    const store = await storeWith([
      attempt('production', { outcome: replyOf({ text: 'a\u0000b' }) }),
      attempt('candidate'),
    ])
    const [pair] = await pairsIn(store)
    expect(pair?.production.outcome).toEqual(replyOf({ text: 'a\uFFFDb' }))
  })

  test('half a surrogate pair, as a cut text has it, is stored', async () => {
    const store = await storeWith([
      attempt('production', { outcome: replyOf({ text: 'a\uD83D' }) }),
      attempt('candidate'),
    ])
    const [pair] = await pairsIn(store)
    expect(pair?.production.outcome).toEqual(replyOf({ text: 'a\uFFFD' }))
  })

  test('has the attempts of a record together in the order in which they were sent, however they were written', async () => {
    const tries = [
      attempt('production', { isFinal: false, ...rejected(503) }),
      attempt('candidate', { sentAt: at(1) }),
      // A retry at once goes out in the same millisecond.
      attempt('production', { sentAt: at(600), tries: 1, isFinal: false, ...rejected(503) }),
      attempt('production', { sentAt: at(600), tries: 2 }),
      attempt('production', { sentAt: at(9000), trial: 1 }),
    ]
    const other = [place(1), place(1, { arm: 'candidate', sentAt: at(700) })]
    const store = await storeWith([...other, ...tries].toReversed(), 2)
    expect(await gather(store.attemptsOf('run'))).toEqual([
      { ordinal: 0, attempts: tries },
      { ordinal: 1, attempts: other },
    ])
  })

  test('of a side that did not come to its end, and of other runs, there is no pair', async () => {
    const store = await storeWith(
      [place(0), place(1), place(1, { arm: 'candidate', isFinal: false }), place(2), place(2, { arm: 'candidate' })],
      3,
    )
    const planned = [{ recordId: 'r0', ordinal: 0, trials: 1 }]
    await store.createRun({ run: runOf('other'), status: 'running', fingerprint: 'f' }, planned)
    expect((await pairsIn(store)).map(({ recordId }) => recordId)).toEqual(['r2'])
    expect(await gather(store.attemptsOf('other'))).toEqual([])
    expect(await gather(store.attemptsOf('nobody'))).toEqual([])
  })

  test('comes in the order of the run, over many pages, also while other queries run and when it is left early', async () => {
    const both = (index: number) => (['candidate', 'production'] as const).map((arm) => place(index, { arm }))
    const store = await storeWith(range(5000).toReversed().flatMap(both), 5000)
    const read: string[] = []
    for await (const page of store.attemptsOf('run')) {
      expect(page.map(({ attempts }) => attempts.length)).toEqual(page.map(() => 2))
      read.push(...page.flatMap(({ attempts }) => attempts[0]?.recordId ?? []))
      expect((await store.progressOf('run')).done.size).toBe(10_000)
    }
    expect(read).toEqual(range(5000).map((index) => `r${index}`))
    for await (const page of store.attemptsOf('run')) {
      expect(page.length).toBeLessThan(5000)
      break
    }
    expect(await store.runOutlines('run')).toHaveLength(5000)
  })

  test('of some records holds those alone, in the order of the run, over many pages too', async () => {
    const store = await storeWith(
      range(5000).map((index) => place(index)),
      5000,
    )
    const read = async (ordinals: readonly number[]) =>
      (await gather(store.attemptsOf('run', { ordinals }))).map(({ ordinal }) => ordinal)
    expect(await read([4999, 7, 3, 2500])).toEqual([3, 7, 2500, 4999])
    expect(await read([3, 6000])).toEqual([3])
    expect(await read([])).toEqual([])
    const even = range(5000).filter((ordinal) => ordinal % 2 === 0)
    expect(await read(even.toReversed())).toEqual(even)
  })

  test('goes over pages of which nothing was stored', async () => {
    const store = await storeWith([place(0), place(4999)], 5000)
    expect((await gather(store.attemptsOf('run'))).map(({ ordinal }) => ordinal)).toEqual([0, 4999])
  })
})

describe('a writer', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Its clock stands still until it is moved on. */
  async function writerAtRest() {
    const store = await storeWith([])
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const writer = await store.createAttemptWriter('run', rethrow)
    const kept = async () => (await store.progressOf('run')).done.size
    return { writer, kept }
  }

  test('keeps what came in the last second, and once more in the next', async () => {
    const { writer, kept } = await writerAtRest()
    writer.write(place(0))
    expect(await kept()).toBe(0)
    vi.advanceTimersByTime(999)
    expect(await kept()).toBe(0)
    vi.advanceTimersByTime(1)
    expect(await kept()).toBe(1)
    writer.write(place(1))
    vi.advanceTimersByTime(1000)
    expect(await kept()).toBe(2)
    writer.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('keeps 5,000 at once', async () => {
    const { writer, kept } = await writerAtRest()
    for (const index of range(4999)) writer.write(place(index))
    expect(await kept()).toBe(0)
    writer.write(place(4999))
    writer.write(place(5000))
    expect(await kept()).toBe(5000)
    writer.close()
    expect(await kept()).toBe(5001)
  })

  test('keeps long answers at once: 8 million characters', async () => {
    const { writer, kept } = await writerAtRest()
    const long = replyOf({ text: 'x'.repeat(2_000_000) })
    for (const index of range(3)) writer.write(place(index, { outcome: long }))
    expect(await kept()).toBe(0)
    writer.write(place(3, { outcome: long }))
    writer.write(place(4, { outcome: long }))
    expect(await kept(), 'and counts from there anew').toBe(4)
    writer.close()
    expect(await kept()).toBe(5)
  })
})

describe('progressOf', () => {
  test('knows the calls whose last try is stored, by the name that the plan gives them', async () => {
    const done = [attempt('production'), attempt('candidate', { tries: 1 })]
    const open = attempt('production', { trial: 1, isFinal: false, ...rejected(503) })
    const store = await storeWith([...done, attempt('candidate', { isFinal: false, ...rejected(503) }), open])
    expect((await store.progressOf('run')).done).toEqual(new Set(done.map(callKey)))
    expect((await store.progressOf('other')).done).toEqual(new Set())
  })
})

describe('callCounts', () => {
  test('counts calls, retries, how they ended, tokens and models', async () => {
    const store = await storeWith([
      attempt('production'),
      attempt('production', { trial: 1, ...rejected(503), isFinal: false }),
      attempt('production', { trial: 1, tries: 1, outcome: replyOf({ servedModel: 'other' }) }),
      attempt('candidate', { outcome: { kind: 'timeout', phase: 'idle' } }),
    ])
    const byArm = new Map((await store.callCounts('run')).map((row) => [row['arm'], row]))
    const numbers = (arm: Arm, columns: readonly string[]) => columns.map((name) => Number(byArm.get(arm)?.[name] ?? 0))
    const columns = ['calls', 'retries', 'reply', 'rejected', 'broken', 'timeout', 'input_tokens', 'output_tokens']
    expect(numbers('production', columns)).toEqual([3, 1, 2, 0, 0, 0, 40, 10])
    expect(numbers('candidate', columns)).toEqual([1, 0, 0, 0, 0, 1, 0, 0])
    const models: string[] = JSON.parse(String(byArm.get('production')?.['served_models']))
    expect(models.toSorted()).toEqual(['other', 'test-model-2026'])
  })
})
