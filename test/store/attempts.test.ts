// Attempts: written one by one, read back as pairs, with what a user would have waited for.

import { describe, expect, test } from 'vitest'
import type { Arm, Attempt, Comparison, Outcome } from '../../src/core/types.ts'
import { callKey } from '../../src/replay/plan.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../support/nouns.ts'
import { gather, openedStore, rethrow } from '../support/stores.ts'

/** A store with one run of so many records, r0…, and these attempts. */
async function storeWith(attempts: readonly Attempt[], records = 1) {
  const store = await openedStore()
  const ids = Array.from({ length: records }, (_, index) => `r${index}`)
  await store.addRecords(ids.map((id) => recordOf(id)))
  const planned = ids.map((recordId, ordinal) => ({ recordId, ordinal, productionTrials: 2 }))
  await store.createRun({ run: runOf('run'), status: 'running', fingerprint: 'f' }, planned)
  const writer = await store.createAttemptWriter('run', rethrow)
  for (const attempt of attempts) writer.write(attempt)
  writer.close()
  return store
}

const at = (ms: number) => new Date(Date.UTC(2026, 10, 23) + ms).toISOString()
const attempt = (arm: Arm, changes: Partial<Attempt> = {}) => attemptOf('r0', { arm, ...changes })
const rejected = (status: number): Partial<Attempt> => ({
  outcome: { kind: 'rejected', status, code: null, detail: 'no' },
  httpStatus: status,
})
const timing = (totalMs: number, firstTokenMs: number | null = null) => ({ headersMs: 1, firstTokenMs, totalMs })

describe('pairsOf', () => {
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
    ['a timeout of headers', { kind: 'timeout', phase: 'headers' }, null],
    ['a timeout between chunks', { kind: 'timeout', phase: 'idle' }, 200],
    ['a timeout in all', { kind: 'timeout', phase: 'total' }, 200],
    ['a cancelled one', { kind: 'cancelled' }, null],
  ])('gives back %s', async (_what, outcome, httpStatus) => {
    const store = await storeWith([attempt('production'), attempt('candidate', { outcome, httpStatus })])
    const [pair, ...more] = await gather(store.pairsOf('run', 'candidate'))
    expect(more).toEqual([])
    expect(pair).toMatchObject({ recordId: 'r0', comparison: 'candidate' })
    expect(pair?.production).toEqual({ outcome: replyOf(), latencyMs: 30.5, firstTokenMs: 20, tries: 1 })
    const isReply = outcome.kind === 'reply'
    const waited = { latencyMs: isReply ? 30.5 : Infinity, firstTokenMs: isReply ? 20 : Infinity, tries: 1 }
    expect(pair?.candidate).toEqual({ outcome, ...waited })
  })

  test('NUL in a text becomes the replacement character, and cuts nothing off', async () => {
    const store = await storeWith([
      attempt('production', { outcome: replyOf({ text: 'a\u0000b' }) }),
      attempt('candidate'),
    ])
    const [pair] = await gather(store.pairsOf('run', 'candidate'))
    expect(pair?.production.outcome).toEqual(replyOf({ text: 'a\uFFFDb' }))
  })

  test('half a surrogate pair, as a cut text has it, is stored', async () => {
    const store = await storeWith([
      attempt('production', { outcome: replyOf({ text: 'a\uD83D' }) }),
      attempt('candidate'),
    ])
    const [pair] = await gather(store.pairsOf('run', 'candidate'))
    expect(pair?.production.outcome).toEqual(replyOf({ text: 'a\uFFFD' }))
  })

  test.each<[string, readonly Partial<Attempt>[], { latencyMs: number; firstTokenMs: number | null; tries: number }]>([
    ['whole, at once', [{ timing: timing(40) }], { latencyMs: 40, firstTokenMs: null, tries: 1 }],
    [
      'a retry after a 503: from the first send on, back-off included',
      [
        { ...rejected(503), tries: 0, isFinal: false, sentAt: at(0), timing: timing(20) },
        { tries: 1, sentAt: at(520), timing: timing(40.25, 15) },
      ],
      { latencyMs: 560.25, firstTokenMs: 535, tries: 2 },
    ],
    [
      'a retry after a 429: the last try alone',
      [
        { ...rejected(429), tries: 0, isFinal: false, sentAt: at(0), timing: timing(5) },
        { tries: 1, sentAt: at(60_000), timing: timing(40, 15) },
      ],
      { latencyMs: 40, firstTokenMs: 15, tries: 2 },
    ],
    [
      'a 503 and a 429: the last try alone',
      [
        { ...rejected(503), tries: 0, isFinal: false, sentAt: at(0), timing: timing(5) },
        { ...rejected(429), tries: 1, isFinal: false, sentAt: at(500), timing: timing(5) },
        { tries: 2, sentAt: at(9000), timing: timing(40) },
      ],
      { latencyMs: 40, firstTokenMs: null, tries: 3 },
    ],
    [
      'retries in vain: no answer is infinitely slow',
      [
        { ...rejected(503), tries: 0, isFinal: false, sentAt: at(0), timing: timing(5) },
        { ...rejected(503), tries: 1, sentAt: at(600), timing: timing(5) },
      ],
      { latencyMs: Infinity, firstTokenMs: Infinity, tries: 2 },
    ],
    [
      'broken off between two tries and begun anew next day: the night is no wait',
      [
        { ...rejected(503), tries: 0, isFinal: false, sentAt: at(0), timing: timing(5) },
        { ...rejected(503), tries: 1, isFinal: false, sentAt: at(600), timing: timing(5) },
        { ...rejected(500), tries: 0, isFinal: false, sentAt: at(86_400_000), timing: timing(20) },
        { tries: 1, sentAt: at(86_400_500), timing: timing(40, 10) },
      ],
      { latencyMs: 540, firstTokenMs: 510, tries: 2 },
    ],
  ])('latency: %s', async (_why, tries, expected) => {
    const store = await storeWith([attempt('production'), ...tries.map((each) => attempt('candidate', each))])
    const [pair] = await gather(store.pairsOf('run', 'candidate'))
    expect(pair?.candidate).toMatchObject(expected)
  })

  test.each<[Comparison, string, string]>([
    ['candidate', 'production 0', 'candidate 0'],
    ['noise', 'production 0', 'production 1'],
    ['cross', 'production 1', 'candidate 0'],
  ])('%s compares %s with %s', async (comparison, left, right) => {
    const call = (arm: Arm, trial: number) => attempt(arm, { trial, outcome: replyOf({ text: `${arm} ${trial}` }) })
    const store = await storeWith([call('production', 1), call('candidate', 0), call('production', 0)])
    const [pair, ...more] = await gather(store.pairsOf('run', comparison))
    expect(more).toEqual([])
    expect(pair?.production.outcome).toEqual(replyOf({ text: left }))
    expect(pair?.candidate.outcome).toEqual(replyOf({ text: right }))
  })

  test('leaves out pairs of which a side did not come to its end, and other runs', async () => {
    const store = await storeWith(
      [
        attemptOf('r0', { arm: 'production' }),
        attemptOf('r1', { arm: 'production' }),
        attemptOf('r1', { arm: 'candidate', isFinal: false }),
        attemptOf('r2', { arm: 'production' }),
        attemptOf('r2', { arm: 'candidate' }),
      ],
      3,
    )
    const planned = [{ recordId: 'r0', ordinal: 0, productionTrials: 1 }]
    await store.createRun({ run: runOf('other'), status: 'running', fingerprint: 'f' }, planned)
    expect((await gather(store.pairsOf('run', 'candidate'))).map(({ recordId }) => recordId)).toEqual(['r2'])
    expect(await gather(store.pairsOf('other', 'candidate'))).toEqual([])
  })

  test('comes in the order of replay, over many chunks, also while other queries run and when it is left early', async () => {
    const both = (index: number) => (['candidate', 'production'] as const).map((arm) => attemptOf(`r${index}`, { arm }))
    const indices = Array.from({ length: 5000 }, (_, index) => index)
    const store = await storeWith(indices.toReversed().flatMap(both), 5000)
    const read: string[] = []
    for await (const chunk of store.pairsOf('run', 'candidate')) {
      read.push(...chunk.map(({ recordId }) => recordId))
      expect((await store.progressOf('run')).done.size).toBe(10_000)
    }
    expect(read).toEqual(indices.map((index) => `r${index}`))
    for await (const chunk of store.pairsOf('run', 'candidate')) {
      expect(chunk.length).toBeLessThan(5000)
      break
    }
    expect(await store.runRecords('run')).toHaveLength(5000)
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
