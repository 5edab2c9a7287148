// Records and rejected lines: what goes in comes out, and nothing goes in twice.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject, RequestRecord } from '../../src/core/types.ts'
import type { PlannedRequest } from '../../src/store/runs.ts'
import { recordOf, runOf } from '../support/nouns.ts'
import { openedStore, storePath } from '../support/stores.ts'

type OpenStore = Awaited<ReturnType<typeof openedStore>>

/** Stores records and reads them back by way of a run that holds them all. */
async function roundTrip(store: OpenStore, records: readonly RequestRecord[], runId = 'run'): Promise<RequestRecord[]> {
  await store.addRecords(records)
  const planned = records.map(({ id }, ordinal) => ({ recordId: id, ordinal, trials: 1 }))
  await store.createRun({ run: runOf(runId), status: 'planned', fingerprint: 'f' }, planned)
  const read = await store.recordsOf(
    runId,
    records.map((_, ordinal) => ordinal),
  )
  return records.flatMap((_, ordinal) => read.get(ordinal) ?? [])
}

async function requestsOf(store: OpenStore, runId = 'run'): Promise<PlannedRequest[]> {
  const requests: PlannedRequest[] = []
  for await (const each of store.plannedRequests(runId)) requests.push(each)
  return requests
}

const say = (content: string): JsonObject => ({ model: 'm', messages: [{ role: 'user', content }] })

describe('records', () => {
  test.each<[string, Partial<RequestRecord>]>([
    ['a plain one', {}],
    ['nothing but what it must have', { capturedAt: null, cluster: null, segments: {}, feedback: [] }],
    [
      'everything there is',
      {
        recorded: {
          text: 'Noon.',
          toolCalls: [{ name: 'clock', arguments: '{"zone":' }],
          stop: 'tool',
          usage: { input: 1, output: 2, cachedInput: null, reasoning: 0 },
          servedModel: null,
        },
        recordedTiming: { headersMs: null, firstTokenMs: 1.25, totalMs: 2.5 },
        feedback: [{ name: 'thumbs', value: -1, comment: 'too late, "really"' }],
        cluster: 'c1',
        segments: { route: '/chat', 'кey with space': '' },
        fidelity: 'truncated',
        source: { file: 'logs/a b.jsonl.gz', line: 1_000_000, format: 'openai-batch' },
      },
    ],
    ['NUL in a text', { body: say('before\u0000after') }],
    ['emoji and every quote', { body: say('👩‍👩‍👧 "\'`´ \\ \n\t\u2028') }],
    ['5 MB of text', { body: say('Lorem ipsum € '.repeat(350_000)) }],
    ['words that name numbers', { body: { ...say('Infinity'), a: 'NaN', b: '-Infinity', c: '~Infinity' } }],
    ['keys that name the prototype', { body: JSON.parse('{"__proto__":{"a":1},"constructor":2,"messages":[]}') }],
    ['a time to the millisecond', { capturedAt: '1999-12-31T23:59:59.999Z' }],
  ])('%s', async (_what, changes) => {
    const store = await openedStore()
    const record = recordOf('r', changes)
    expect(await roundTrip(store, [record])).toEqual([record])
    const [request, ...more] = await requestsOf(store)
    expect(more).toEqual([])
    const { id: recordId, api, cluster, capturedAt, body } = record
    expect(request).toEqual({ recordId, ordinal: 0, trials: 1, api, cluster, capturedAt, body: expect.any(String) })
    expect(JSON.parse(request?.body ?? '')).toEqual(body)
  })

  test('any JSON body comes back as it was', async () => {
    const store = await openedStore()
    const bodies = fc.sample(
      fc.dictionary(
        fc.string(),
        fc.jsonValue({ maxDepth: 4 }).map((value) => value as Json),
      ),
      { numRuns: 200, seed: 1 },
    )
    const records = bodies.map((body, index) => recordOf(`r${index}`, { body: JSON.parse(JSON.stringify(body)) }))
    expect(await roundTrip(store, records)).toEqual(records)
  })

  test('come in the order of the run, over many chunks, with their place', async () => {
    const store = await openedStore()
    const ids = Array.from({ length: 5000 }, (_, index) => `r${(index * 7919) % 5000}`)
    await store.addRecords(ids.toSorted().map((id) => recordOf(id, { segments: { id } })))
    const planned = ids.map((recordId, ordinal) => ({ recordId, ordinal, trials: 1 + (ordinal % 2) }))
    await store.createRun({ run: runOf('run'), status: 'planned', fingerprint: 'f' }, planned)
    await store.createRun({ run: runOf('other'), status: 'planned', fingerprint: 'f' }, planned.slice(0, 3))
    const read = await requestsOf(store)
    expect(read.map(({ recordId, ordinal, trials }) => ({ recordId, ordinal, trials }))).toEqual(planned)
    expect(await store.runOutlines('run'), 'at the place that the run gives them').toEqual(
      ids.map((id) => ({ id, cluster: null, segments: { id } })),
    )
    expect(await store.runIds('run')).toEqual(ids)
    expect(await store.runIds('other')).toEqual(ids.slice(0, 3))
    expect(await store.planOf('run')).toEqual({ records: 5000, calls: 15_000, firstAt: '2026-11-01T10:00:00.000Z' })
  })

  test('are read while other queries run, and left early', async () => {
    const store = await openedStore()
    const ids = Array.from({ length: 3000 }, (_, index) => `r${index}`)
    await store.addRecords(ids.map((id) => recordOf(id)))
    const planned = ids.map((recordId, ordinal) => ({ recordId, ordinal, trials: 1 }))
    await store.createRun({ run: runOf('run'), status: 'planned', fingerprint: 'f' }, planned)
    let read = 0
    for await (const { ordinal } of store.plannedRequests('run')) {
      expect(ordinal).toBe(read++)
      if (ordinal % 1000 === 0) expect((await store.planOf('run')).records).toBe(3000)
      if (ordinal === 2500) break
    }
    expect(await requestsOf(store)).toHaveLength(3000)
  })

  test('of some places come by their place', async () => {
    const store = await openedStore()
    const all = ['a', 'b', 'c'].map((id) => recordOf(id))
    await roundTrip(store, all)
    expect(await store.recordsOf('run', [2, 0, 7])).toEqual(
      new Map([
        [0, all[0]],
        [2, all[2]],
      ]),
    )
    expect(await store.recordsOf('run', [])).toEqual(new Map())
    expect(await store.recordsOf('nobody', [0])).toEqual(new Map())
  })

  test('of a run that has none are no plan', async () => {
    const store = await openedStore()
    await store.createRun({ run: runOf('run'), status: 'planned', fingerprint: 'f' }, [])
    expect(await store.planOf('run')).toEqual({ records: 0, calls: 0, firstAt: null })
    expect(await requestsOf(store)).toEqual([])
    expect(await store.runOutlines('run')).toEqual([])
  })

  test('tell when the first of a run was captured', async () => {
    const store = await openedStore()
    const days = ['2026-11-03', '2026-11-01', '2026-11-02']
    await roundTrip(store, [
      ...days.map((day) => recordOf(day, { capturedAt: `${day}T10:00:00.250Z` })),
      recordOf('undated', { capturedAt: null }),
    ])
    expect(await store.planOf('run')).toEqual({ records: 4, calls: 8, firstAt: '2026-11-01T10:00:00.250Z' })
  })

  test('tell what the log says of them: size, tokens, time, models', async () => {
    const store = await openedStore()
    const recorded = (input: number, output: number) => ({
      text: 'Noon.',
      toolCalls: [],
      stop: 'end' as const,
      usage: { input, output, cachedInput: null, reasoning: null },
      servedModel: null,
    })
    const timing = (totalMs: number | null) => ({ headersMs: null, firstTokenMs: null, totalMs })
    const bodies = [
      { model: 'b', text: 'xyz' },
      { model: 'a' },
      { model: 'a' },
      { prompt: 'no model' },
      { model: 'unasked' },
    ]
    await store.addRecords([
      recordOf('r0', { body: bodies[0] ?? {}, recorded: recorded(10, 1), recordedTiming: timing(100) }),
      recordOf('r1', {
        body: bodies[1] ?? {},
        recorded: { ...recorded(0, 0), usage: null },
        recordedTiming: timing(null),
      }),
      recordOf('r2', { body: bodies[2] ?? {}, recorded: recorded(2 ** 40, 7), capturedAt: '2026-11-09T10:00:00.000Z' }),
      recordOf('r3', { body: bodies[3] ?? {}, recordedTiming: timing(301), capturedAt: null }),
      recordOf('r4', { body: bodies[4] ?? {}, recorded: recorded(5, 5), recordedTiming: timing(5) }),
    ])
    expect(await store.factsOfRequests(['r3', 'r2', 'r1', 'r0'])).toEqual({
      records: 4,
      bodyChars: bodies.slice(0, 4).reduce((sum, body) => sum + JSON.stringify(body).length, 0),
      usage: { records: 2, input: 10 + 2 ** 40, output: 8 },
      timing: { records: 2, meanMs: 200.5 },
      firstAt: '2026-11-01T10:00:00.000Z',
      lastAt: '2026-11-09T10:00:00.000Z',
      models: ['a', 'b'],
    })
    expect(await store.factsOfRequests([])).toEqual({
      records: 0,
      bodyChars: 0,
      usage: { records: 0, input: 0, output: 0 },
      timing: { records: 0, meanMs: 0 },
      firstAt: null,
      lastAt: null,
      models: [],
    })
  })

  test('are added once: what is there stays as it was', async () => {
    const store = await openedStore()
    const [one, two, three] = ['a', 'b', 'c'].map((id) => recordOf(id))
    if (!one || !two || !three) throw new Error('three records')
    expect(await store.addRecords([])).toBe(0)
    expect(await store.addRecords([one, two])).toBe(2)
    expect(await store.addRecords([one, two])).toBe(0)
    expect(await store.addRecords([{ ...one, cluster: 'other' }, three, three])).toBe(1)
    expect(await store.recordOutlines()).toEqual(
      ['a', 'b', 'c'].map((id) => ({
        id,
        drawnBefore: 0,
        api: 'openai-chat',
        cluster: null,
        segments: {},
        fidelity: 'full',
        capturedAt: '2026-11-01T10:00:00.000Z',
      })),
    )
  })

  test('are still there when the store is opened again, and so is the salt', async () => {
    const path = storePath()
    const first = await openedStore(path)
    const { salt } = first
    await first.addRecords([recordOf('a')])
    first.close()
    const second = await openedStore(path)
    expect((await second.recordOutlines()).map(({ id }) => id)).toEqual(['a'])
    expect(second.salt).toBe(salt)
    expect(salt).toMatch(/^[0-9a-f]{32}$/)
    expect((await openedStore()).salt).not.toBe(salt)
  })
})

describe('rejected lines', () => {
  test('by the ten thousands are one statement; the last word of a line counts', async () => {
    const store = await openedStore()
    const line = (number: number, reason: string) => ({ file: 'a.jsonl', line: number, reason, excerpt: '' })
    const lines = Array.from({ length: 30_000 }, (_, index) => line(index + 1, 'not JSON'))
    await store.holdRejectedLines([...lines, line(7, 'no request')])
    await store.holdRejectedLines([])
    expect(await store.rejectedLines(), 'held until the ingest has ended').toMatchObject({ count: 0 })
    await store.keepRejectedLines([])
    expect(await store.rejectedLines()).toMatchObject({ count: 30_000, reasons: [{ count: 29_999 }, { count: 1 }] })
  })

  test('are counted by reason, each line once', async () => {
    const store = await openedStore()
    const line = (number: number, reason: string) => ({ file: 'a.jsonl', line: number, reason, excerpt: '{"x\u0000' })
    expect(await store.rejectedLines()).toEqual({ count: 0, reasons: [] })
    await store.holdRejectedLines([line(1, 'not JSON'), line(2, 'not JSON'), line(3, 'no request')])
    await store.keepRejectedLines([])
    await store.holdRejectedLines([line(1, 'not JSON'), line(2, 'no request')])
    await store.keepRejectedLines([])
    expect(await store.rejectedLines()).toEqual({
      count: 3,
      reasons: [
        { reason: 'no request', count: 2, where: 'a.jsonl:2' },
        { reason: 'not JSON', count: 1, where: 'a.jsonl:1' },
      ],
    })
  })
  test('of a file that was read anew are those that it has now; other files keep theirs', async () => {
    const store = await openedStore()
    const line = (file: string, number: number, reason = 'not JSON') => ({ file, line: number, reason, excerpt: '' })
    await store.holdRejectedLines([line("it's.jsonl", 1), line("it's.jsonl", 2), line('other.jsonl', 2)])
    await store.keepRejectedLines(["it's.jsonl", 'other.jsonl'])
    await store.holdRejectedLines([line("it's.jsonl", 1, 'no request')])
    await store.keepRejectedLines(["it's.jsonl"])
    expect(await store.rejectedLines()).toEqual({
      count: 2,
      reasons: [
        { reason: 'no request', count: 1, where: "it's.jsonl:1" },
        { reason: 'not JSON', count: 1, where: 'other.jsonl:2' },
      ],
    })
    await store.keepRejectedLines(["it's.jsonl", 'other.jsonl'])
    expect(await store.rejectedLines()).toEqual({ count: 0, reasons: [] })
  })
})
