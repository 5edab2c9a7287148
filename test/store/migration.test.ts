// A store of the first schema is brought over: everything reads as it did before.

import { describe, expect, test } from 'vitest'
import type { MeasureColumn } from '../../src/core/types.ts'
import { answeredCall } from '../../src/score/pairs.ts'
import { openDatabase } from '../../src/store/database.ts'
import { attemptOf, runOf } from '../support/nouns.ts'
import { askDuckdb, gather, openedStore, rethrow } from '../support/stores.ts'
import { absences, at, attempts, type Early, earlyStore, judgement, measures, records } from './early-store.ts'

/** Brings it over. */
async function openedOnce(path: string): Promise<void> {
  const store = await openedStore(path)
  store.close()
}

const attemptsIn = (runId: string) => attempts.flatMap(([of, attempt]) => (of === runId ? [attempt] : []))

describe('a store of the first schema', () => {
  test('keeps its runs, sent in the one way that there was', async () => {
    const store = await openedStore(await earlyStore())
    const known = { notes: ["it's ~Infinity", 'Infinity'], stopped: null }
    const replay = { pace: 'closed', timeScale: 1, lane: 'live', salted: false } as const
    const run = runOf('run', { ...known, replay, finishedAt: at(90_000_000) })
    expect(await store.findRun(null)).toEqual({ run, status: 'reported', fingerprint: 'print' })
    const other = runOf('other', { ...known, replay })
    expect(await store.findRun('other')).toEqual({ run: other, status: 'running', fingerprint: 'print' })
    expect((await store.findUnfinishedRun('print', at(-86_400_000)))?.run.id).toBe('other')
  })

  test('keeps records, rejected lines, salt and verdicts', async () => {
    const store = await openedStore(await earlyStore())
    expect(store.salt).toBe('a salt of its own')
    expect((await store.recordOutlines()).map(({ id }) => id)).toEqual(['ra', 'rb', 'rc'])
    expect(await store.rejectedLines()).toMatchObject({ count: 1, reasons: [{ where: 'log.jsonl:7' }] })
    expect(await store.judgementOf('run')).toEqual(judgement)
    expect(await store.judgementOf('other')).toBeNull()
  })

  test('keeps the order of its runs', async () => {
    const store = await openedStore(await earlyStore())
    expect((await store.runOutlines('run')).map(({ id }) => id)).toEqual(['rb', 'rc', 'ra'])
    const [a, b, c] = records
    expect(await store.recordsOf('run', [0, 1, 2])).toEqual(new Map([b, c, a].map((each, ordinal) => [ordinal, each])))
    const requests = []
    for await (const each of store.plannedRequests('run')) requests.push(each)
    expect(requests.map(({ recordId, ordinal, trials }) => [recordId, ordinal, trials])).toEqual([
      ['rb', 0, 2],
      ['rc', 1, 1],
      ['ra', 2, 1],
    ])
    expect(await store.planOf('other')).toMatchObject({ records: 1 })
  })

  test('keeps its attempts, which now know their place, in one round and without a delay', async () => {
    const store = await openedStore(await earlyStore())
    for (const runId of ['run', 'other']) {
      const read = await gather(store.attemptsOf(runId))
      expect(read.flatMap((record) => record.attempts)).toEqual(attemptsIn(runId))
      expect(read.filter((record) => record.attempts.some(({ ordinal }) => ordinal !== record.ordinal))).toEqual([])
    }
    expect((await store.progressOf('run')).done.size).toBe(7)
    const counts = (await store.callCounts('run')).map((row) => `${row['arm']} ${row['calls']}`)
    expect(new Set(counts)).toEqual(new Set(['candidate 4', 'production 7']))
  })

  test.each([
    ['calls', 'run_id, record_id, arm, trial'],
    ['pairs', 'run_id, ordinal, trial'],
    ['measure', 'run_id, record_id, comparison, metric'],
    ['verdict', 'run_id'],
    ['record', 'id'],
  ])('answers in SQL as before: %s', async (view, order) => {
    const path = await earlyStore()
    const question = `SELECT * FROM ${view} ORDER BY ${order}`
    const before = await askDuckdb(path, question)
    await openedOnce(path)
    const after = await askDuckdb(path, question)
    expect(before.length).toBeGreaterThan(0)
    expect(after).toHaveLength(before.length)
    expect(after).toMatchObject(before)
  })

  test('has the same waits in SQL and in TypeScript', async () => {
    const path = await earlyStore()
    await openedOnce(path)
    const rows = await askDuckdb(
      path,
      'SELECT latency_ms, ttft_ms, tries FROM calls ORDER BY run_id, ordinal, arm, trial',
    )
    const keyOf = ([runId, { ordinal, arm, trial }]: Early) => `${runId} ${ordinal} ${arm} ${trial}`
    const calls = Map.groupBy(attempts, keyOf)
    const expected = [...calls]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, early]) => {
        const call = answeredCall(
          early.map(([, attempt]) => attempt),
          { isOpenLoop: false },
        )
        return call ? [[call.latencyMs, call.firstTokenMs, BigInt(call.tries)]] : []
      })
    expect(rows.map((row) => Object.values(row))).toEqual(expected)
    expect(expected).toContainEqual([530.5 + 20, 520 + 20, 2n])
  })

  test('has its measures in columns, in the order of the run', async () => {
    const store = await openedStore(await earlyStore())
    const columns = await store.measuresOf('run')
    const found = (metric: string, comparison: string) =>
      columns.filter((each) => each.metric === metric && each.comparison === comparison).map(numbersOf)
    expect(found('latency', 'candidate')).toEqual([
      {
        version: 1,
        ordinal: [0, 1, 2],
        production: [30.5, 0, 540],
        candidate: [0.1, -Infinity, Infinity],
        absent: [255, 255, 255],
      },
    ])
    expect(found('refused', 'candidate')).toEqual([
      { version: 1, ordinal: [0, 2], production: [0, 0], candidate: [1, 0], absent: [255, 0] },
    ])
    expect(found('text-similarity', 'cross')).toEqual([
      { version: 1, ordinal: [0], production: [0], candidate: [5e-324], absent: [255] },
    ])
    const rate = columns.find(({ metric }) => metric === 'cache-hit-rate')
    expect([rate?.version, [...(rate?.productionWeight ?? [])], [...(rate?.candidateWeight ?? [])]]).toEqual([
      3,
      [20],
      [20],
    ])
    expect(columns).toHaveLength(8)
    const lacking = (await store.measuresOf('other')).filter(({ metric }) => metric.startsWith('lacks-'))
    const places = new Map(lacking.map(({ metric, absent }) => [metric.slice(6), [...absent]]))
    expect(places).toEqual(new Map(absences.map((why, place) => [why, [place]])))
  })

  test('is brought over once, and worked with as any other', async () => {
    const path = await earlyStore()
    await openedOnce(path)
    const store = await openedStore(path)
    const writer = await store.createAttemptWriter('other', rethrow)
    const late = attemptOf('rc', { ordinal: 0, arm: 'candidate', round: 1, sentAt: at(9000), delayMs: 1.5 })
    writer.write(late)
    writer.close()
    expect((await gather(store.attemptsOf('other'))).flatMap((record) => record.attempts)).toEqual([
      ...attemptsIn('other'),
      late,
    ])
    const row = {
      comparison: 'cross-both',
      version: 1,
      productionWeight: null,
      candidateWeight: null,
      absent: null,
    } as const
    await store.replaceMeasures(
      'run',
      (async function* () {
        yield await Promise.resolve([
          { ...row, ordinal: 1, metric: 'latency', production: 1, candidate: 2 },
          { ...row, ordinal: 2, metric: 'of today', production: 3, candidate: 4 },
        ])
      })(),
    )
    expect((await store.measuresOf('run')).map((each) => [each.metric, each.comparison, ...each.candidate])).toEqual([
      ['latency', 'cross-both', 2],
      ['of today', 'cross-both', 4],
    ])
    expect(await store.measuresOf('other')).toHaveLength(7)
  })
})

test('a store that cannot be brought over stays what it was', async () => {
  const path = await earlyStore()
  // A version that the new table has no room for.
  await askDuckdb(path, "UPDATE measure SET version = 999 WHERE metric = 'latency'", 'READ_WRITE')
  await expect(openDatabase(path)).rejects.toMatchObject({ code: 'STORE_UNUSABLE' })
  expect(await askDuckdb(path, 'SELECT max(version) AS version FROM schema_version')).toEqual([{ version: 1 }])
  expect(await askDuckdb(path, 'SELECT count(*) AS count FROM measure')).toEqual([{ count: BigInt(measures.length) }])
  expect(await askDuckdb(path, 'SELECT count(*) AS count FROM attempt')).toEqual([{ count: BigInt(attempts.length) }])
})

function numbersOf({ version, ordinal, production, candidate, absent }: MeasureColumn) {
  const lists = { ordinal: [...ordinal], production: [...production], candidate: [...candidate], absent: [...absent] }
  return { version, ...lists }
}
