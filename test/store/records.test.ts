// Records and rejected lines: what goes in comes out, and nothing goes in twice.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject, RequestRecord } from '../../src/core/types.ts'
import { recordOf, runOf } from '../support/nouns.ts'
import { openedStore, storePath } from '../support/stores.ts'

type OpenStore = Awaited<ReturnType<typeof openedStore>>

/** Stores records and reads them back by way of a run that holds them all. */
async function roundTrip(store: OpenStore, records: readonly RequestRecord[], runId = 'run'): Promise<RequestRecord[]> {
  await store.addRecords(records)
  const planned = records.map(({ id }, ordinal) => ({ recordId: id, ordinal, productionTrials: 1 }))
  await store.createRun({ run: runOf(runId), status: 'planned', fingerprint: 'f' }, planned)
  const read: RequestRecord[] = []
  for await (const { record } of store.recordsFrom(runId)) read.push(record)
  return read
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

  test('come in the order of replay, over many pages, with their place', async () => {
    const store = await openedStore()
    const ids = Array.from({ length: 1000 }, (_, index) => `r${(index * 7919) % 1000}`)
    await store.addRecords(ids.toSorted().map((id) => recordOf(id)))
    const planned = ids.map((recordId, ordinal) => ({ recordId, ordinal, productionTrials: 1 + (ordinal % 2) }))
    await store.createRun({ run: runOf('run'), status: 'planned', fingerprint: 'f' }, planned)
    const read: [number, string][] = []
    for await (const { ordinal, record } of store.recordsFrom('run', 64)) read.push([ordinal, record.id])
    expect(read).toEqual(ids.map((id, ordinal) => [ordinal, id]))
    expect(await store.runRecords('run')).toEqual(planned)
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
    await store.addRejectedLines([...lines, line(7, 'no request')])
    await store.addRejectedLines([])
    expect(await store.rejectedLines()).toMatchObject({ count: 30_000, reasons: [{ count: 29_999 }, { count: 1 }] })
  })

  test('are counted by reason, each line once', async () => {
    const store = await openedStore()
    const line = (number: number, reason: string) => ({ file: 'a.jsonl', line: number, reason, excerpt: '{"x\u0000' })
    expect(await store.rejectedLines()).toEqual({ count: 0, reasons: [] })
    await store.addRejectedLines([line(1, 'not JSON'), line(2, 'not JSON'), line(3, 'no request')])
    await store.addRejectedLines([line(1, 'not JSON'), line(2, 'no request')])
    expect(await store.rejectedLines()).toEqual({
      count: 3,
      reasons: [
        { reason: 'no request', count: 2, where: 'a.jsonl:2' },
        { reason: 'not JSON', count: 1, where: 'a.jsonl:1' },
      ],
    })
  })
})
