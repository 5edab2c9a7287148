// What a map leaves unread, told by place.

import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/core/types.ts'
import type { LogMap } from '../../../src/ingest/mapping/map.ts'
import { createMapping } from '../../../src/ingest/mapping.ts'
import { exchange, jsonl, readAll, request, temporaryFolder, writeLog } from '../files.ts'

const folder = temporaryFolder()

async function readBy(map: LogMap, ...lines: readonly Json[]) {
  const format = createMapping(map)
  await readAll([{ ...writeLog(folder, 'own.log', jsonl(...lines)), format }])
  return { coverage: format.coverage() }
}

describe('what a map leaves', () => {
  test('is told by place and count, without a value', async () => {
    const secret = `sk-${'a1B2'.repeat(10)}`
    const { coverage } = await readBy(
      { request: 'request', user: 'usr.id' },
      { ...exchange('Hi'), user: { id: 'mary' }, extra: [{ a: 1 }, { b: 2 }], json: '{"deep":{"x":1}}' },
      { ...exchange('Ho'), user: { id: 'joe' }, 'odd name': 1, none: null, [secret]: 1 },
    )
    expect(coverage).toMatchObject({
      lines: 2,
      unmatched: [{ key: 'user', path: 'usr.id', nearest: 'user.id' }],
    })
    const places = Object.fromEntries(coverage.unmapped.map(({ path, lines }) => [path, lines]))
    expect(places).toMatchObject({
      'user.id': 2,
      'response.choices[*].message.content': 2,
      'extra[*].a': 1,
      'json.deep.x': 1,
      "['odd name']": 1,
    })
    expect(JSON.stringify(coverage)).not.toMatch(/mary|joe|sk-a1B2|request\.messages/)
  })

  test('a body under a wrong name is found above its leaves', async () => {
    const { coverage } = await readBy(
      { request: 'payload.reqest.body', user: 'id' },
      { id: 'u', payload: { request: { body: request('Hi') } } },
    )
    expect(coverage.unmatched).toEqual([
      { key: 'request', path: 'payload.reqest.body', nearest: 'payload.request.body' },
    ])
  })

  test('is thirty places at most, those of most lines first', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, at]))
    const { coverage } = await readBy({ prompt: 'q' }, { q: 'a', common: 1, ...many }, { q: 'b', common: 1 })
    expect(coverage.unmapped).toHaveLength(30)
    expect(coverage).toMatchObject({ unmappedCount: 101, unmapped: { 0: { path: 'common', lines: 2 } } })
  })

  test('each line is counted once, in as many files as the map is for', async () => {
    const format = createMapping({ prompt: 'q' })
    const files = ['one', 'two'].map((name) => ({ ...writeLog(folder, name, jsonl({ q: name, x: 1 })), format }))
    await readAll(files)
    expect(format.coverage()).toEqual({
      lines: 2,
      unmatched: [],
      unreadable: [],
      unmapped: [{ path: 'x', lines: 2 }],
      unmappedCount: 1,
    })
  })

  test('a place that is right, with something there that cannot be read, is told', async () => {
    const { coverage } = await readBy(
      { request: 'r', text: 't', capturedAt: 'at', latencyMs: 'took', inputTokens: 'in', outputTokens: 'out' },
      { r: request('a'), t: 'A', at: '01.09.2026', took: '12ms', in: 'many', out: 3 },
      { r: request('b'), t: 'B', at: '2026-09-01', took: '12', in: 5, out: 3 },
      {
        r: { model: 'm', contents: [{ role: 'user', parts: [{ text: 'c' }] }] },
        t: 'C',
        at: '',
        took: 1,
        in: 1,
        out: 1,
      },
    )
    const told = coverage.unreadable.map(({ key, path, lines }) => [key, path, lines])
    expect(told).toEqual([
      ['capturedAt', 'at', 1],
      ['latencyMs', 'took', 1],
      ['inputTokens', 'in', 1],
      // Another API's answer is not put together from its text.
      ['text', 't', 1],
    ])
  })
})
