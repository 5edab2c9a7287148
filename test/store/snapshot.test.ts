// Snapshots of a run: what goes out comes in, whole or not at all, whatever the store holds already.

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { temporaryFolder } from '../support/cli.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../support/nouns.ts'
import { snapshotIn, writeRun } from '../support/snapshots.ts'
import { askDuckdb, columnsIn, openedStore, rethrow, startStoreChild, storePath } from '../support/stores.ts'
import { inBatches, measure } from './measured.ts'

const judgement = {
  policy: { rules: [], level: 0.95 },
  effects: [{ interval: { low: -Infinity, high: 0.5 } }],
  verdict: { decision: 'GO', held: false, because: '', findings: [] },
} as unknown as Parameters<Store['saveJudgement']>[1]
const decidedAt = '2026-11-23T01:00:00.000Z'

const liked = { name: 'thumbs', value: 1, comment: 'quite "good"' }

/** A store with a judged run of two records, and one record more. */
async function storeWithRun(id = 'run', metrics: readonly string[] = ['latency', 'refused']) {
  const path = storePath()
  const store = await openedStore(path)
  const records = ['r0', 'r1', 'r2'].map((name) =>
    recordOf(name, { callId: `call-${name}`, traceId: 'trace', segments: { route: "it's" } }),
  )
  await store.addRecords(records)
  const planned = ['r0', 'r1'].map((recordId, ordinal) => ({ recordId, ordinal, trials: 1 }))
  await store.createRun({ run: runOf(id), status: 'planned', fingerprint: 'f' }, planned)
  const writer = await store.createAttemptWriter(id, rethrow)
  for (const [ordinal, recordId] of ['r0', 'r1'].entries()) {
    writer.write(attemptOf(recordId, { ordinal, outcome: replyOf({ text: 'null\u2028 ☃', toolCalls: [] }) }))
    writer.write(attemptOf(recordId, { ordinal, arm: 'candidate', outcome: { kind: 'timeout', phase: 'total' } }))
  }
  writer.close()
  const rows = metrics.flatMap((metric) => [
    measure({ metric, candidate: Infinity }),
    measure({ metric, ordinal: 1, production: null, candidate: null, absent: 'no-reply' }),
  ])
  await store.replaceMeasures(id, inBatches(rows))
  await store.saveJudgement(id, judgement, decidedAt)
  const answer = { judge: 'j', shownFirst: 'candidate', preferred: 'tie', answer: 'Same.' } as const
  await store.saveJudgeAnswer(id, { ...answer, ordinal: 1, inputTokens: 3, outputTokens: null })
  await store.addPrivacy({ isOn: true, replaced: { email: 2 }, records: 1 })
  await store.holdRejectedLines([{ file: 'a.jsonl', line: 7, reason: 'no JSON', excerpt: '{' }])
  await store.keepRejectedLines([])
  await store.addOpinions([
    { about: 'call-r0', feedback: liked },
    { about: 'call-r2', feedback: liked },
    { about: 'trace', feedback: liked },
  ])
  await store.joinOpinions()
  await store.setRunStatus(id, 'reported', '2026-11-23T00:30:00.000Z')
  return { store, path, snapshot: await writeRun(store, id, temporaryFolder()) }
}

/** All rows of what a run is made of; times as text. */
async function contentOf(path: string) {
  const tables = ['run', 'run_record', 'attempt', 'measure', 'verdict', 'judge_answer', 'privacy', 'rejected_line']
  const rows = await Promise.all(
    tables.map((name) => askDuckdb(path, `SELECT t::VARCHAR AS row FROM (SELECT * FROM ${name}) t ORDER BY ALL`)),
  )
  return Object.fromEntries(tables.map((name, place) => [name, rows[place]]))
}

const quietly = () => {}

describe('a snapshot', () => {
  test('brings every row of its run, and of the store what is about it', async () => {
    const { store, path, snapshot } = await storeWithRun()
    store.close()
    const other = storePath()
    const empty = await openedStore(other)
    expect(await empty.readSnapshot(snapshot, quietly)).toBe('added')
    expect(await empty.judgementOf('run')).toEqual(judgement)
    expect((await empty.recordsOf('run', [0, 1])).get(0)?.feedback, 'joined before').toEqual([liked])
    empty.close()
    const content = await contentOf(other)
    expect(content).toEqual(await contentOf(path))
    expect(content['measure']).toHaveLength(4)
    expect(await askDuckdb(other, 'SELECT id FROM record ORDER BY id'), 'r2 is no record of the run').toEqual([
      { id: 'r0' },
      { id: 'r1' },
    ])
    expect(await askDuckdb(other, 'SELECT about FROM opinion'), 'which call of a trace is meant, nobody knows').toEqual(
      [{ about: 'call-r0' }],
    )
  })

  test('comes beside other runs, whose metrics have other numbers', async () => {
    const { store: first } = await storeWithRun('first', ['cost', 'refused', 'ttft'])
    const { snapshot } = await storeWithRun('second', ['latency', 'refused'])
    const before = await first.measuresOf('first')
    expect(await first.readSnapshot(snapshot, quietly)).toBe('added')
    const columns = await first.measuresOf('second')
    expect(columns.map(({ metric, candidate }) => [metric, candidate[0]])).toEqual(
      expect.arrayContaining([
        ['latency', Infinity],
        ['refused', Infinity],
      ]),
    )
    expect(columns).toHaveLength(2)
    expect(await first.measuresOf('first')).toEqual(before)
    // The store goes on giving numbers.
    await first.replaceMeasures('first', inBatches([measure({ metric: 'new' })]))
    expect((await first.measuresOf('first')).map(({ metric }) => metric)).toEqual(['new'])
    expect((await first.measuresOf('second')).map(({ metric }) => metric).toSorted()).toEqual(['latency', 'refused'])
  })

  test('is nothing that `run` would go on with, though no report was written of it', async () => {
    const { store } = await storeWithRun()
    await store.setRunStatus('run', 'replayed', null)
    const snapshot = await writeRun(store, 'run', temporaryFolder())
    const other = await openedStore()
    await other.readSnapshot(snapshot, quietly)
    const since = '2000-01-01T00:00:00.000Z'
    expect(await store.findUnfinishedRun('f', since)).toMatchObject({ run: { id: 'run' } })
    expect(await other.findUnfinishedRun('f', since)).toBeNull()
    expect(await other.readSnapshot(snapshot, quietly)).toBe('same')
  })

  test('that is there already is proven equal, whatever users have said since', async () => {
    const { store, snapshot } = await storeWithRun()
    await store.addOpinions([{ about: 'call-r1', feedback: liked }])
    expect(await store.joinOpinions()).toBe(1)
    expect(await store.readSnapshot(snapshot, quietly)).toBe('same')
    expect((await store.recordsOf('run', [1])).get(1)?.feedback, 'and stays').toEqual([liked])
  })

  test.each([
    ['verdict', `UPDATE verdict SET decision = 'NO-GO'`, /table verdict is another/],
    [
      'attempt',
      `UPDATE attempt SET text = 'other' WHERE arm = 'production' AND ordinal = 1`,
      /table attempt is another/,
    ],
    ['measure', 'DELETE FROM measure_value WHERE ordinal = 1', /table measure is another/],
    ['record', `UPDATE record SET segments = '{}', cluster = 'c' WHERE id = 'r1'`, /r1 .* another cluster, segments$/],
  ])('is refused where the store has another %s', async (_, change, message) => {
    const { store, path, snapshot } = await storeWithRun()
    store.close()
    await askDuckdb(path, change, 'READ_WRITE')
    const before = await contentOf(path)
    const changed = await openedStore(path)
    const fault = { code: 'SNAPSHOT_DIFFERS', message: expect.stringMatching(message) }
    await expect(changed.readSnapshot(snapshot, quietly)).rejects.toMatchObject(fault)
    changed.close()
    expect(await contentOf(path)).toEqual(before)
  })

  test('of which a file is of another run, or of fewer rows, changes nothing', async () => {
    const { snapshot } = await storeWithRun()
    const { snapshot: other } = await storeWithRun('other')
    const store = await openedStore()
    const swapped = new Map(snapshot.tables).set('attempt', other.tables.get('attempt') ?? { path: '', rows: 0 })
    await expect(store.readSnapshot({ ...snapshot, tables: swapped }, quietly)).rejects.toMatchObject({
      code: 'SNAPSHOT_UNREADABLE',
      place: other.tables.get('attempt')?.path,
    })
    const fewer = new Map(snapshot.tables).set('run', { path: snapshot.tables.get('run')?.path ?? '', rows: 2 })
    await expect(store.readSnapshot({ ...snapshot, tables: fewer }, quietly)).rejects.toMatchObject({
      message: expect.stringContaining('it holds 1 rows, and its manifest says 2'),
    })
    const wrong = new Map(snapshot.tables).set('verdict', snapshot.tables.get('run') ?? { path: '', rows: 0 })
    await expect(store.readSnapshot({ ...snapshot, tables: wrong }, quietly)).rejects.toMatchObject({
      code: 'SNAPSHOT_UNREADABLE',
      place: snapshot.tables.get('run')?.path,
    })
    const path = join(temporaryFolder(), 'run.parquet')
    const hostile = `SELECT * REPLACE (replace(manifest::TEXT, '"id":"run"', '"id":"../run"')::JSON AS manifest)`
    await askDuckdb(
      ':memory:',
      `COPY (${hostile} FROM '${snapshot.tables.get('run')?.path}') TO '${path}'`,
      'READ_WRITE',
    )
    const renamed = new Map(snapshot.tables).set('run', { path, rows: 1 })
    await expect(store.readSnapshot({ ...snapshot, tables: renamed }, quietly)).rejects.toMatchObject({
      code: 'SNAPSHOT_UNREADABLE',
      place: path,
    })
    // It was taken over, and every night after it ended in a bug of ours.
    const bare = join(temporaryFolder(), 'run.parquet')
    const emptied = `SELECT * REPLACE (json_object('id', id) AS manifest) FROM '${snapshot.tables.get('run')?.path}'`
    await askDuckdb(':memory:', `COPY (${emptied}) TO '${bare}'`, 'READ_WRITE')
    const poisoned = new Map(snapshot.tables).set('run', { path: bare, rows: 1 })
    await expect(store.readSnapshot({ ...snapshot, tables: poisoned }, quietly)).rejects.toMatchObject({
      code: 'SNAPSHOT_UNREADABLE',
      place: bare,
    })
    expect(await store.findRun('run')).toBeNull()
    expect(await store.recordOutlines()).toEqual([])
    expect(await store.readSnapshot(snapshot, quietly), 'and it can be taken over afterwards').toBe('added')
  })

  test('whose import is killed in the middle leaves the store as it was, and comes whole the next time', async () => {
    const folder = temporaryFolder()
    const { store: source } = await storeWithRun('second')
    await writeRun(source, 'second', folder)
    const { store, path } = await storeWithRun('first')
    store.close()
    const before = await contentOf(path)
    const child = startStoreChild(path, 'import', { from: folder })
    await child.until((line) => line === 'verdict')
    expect(child.lines()).toContain('attempt')
    await child.kill()
    const after = await openedStore(path)
    expect(await after.runIds('second')).toEqual([])
    after.close()
    expect(await contentOf(path)).toEqual(before)
    const again = await openedStore(path)
    expect(await again.readSnapshot(snapshotIn(folder), quietly)).toBe('added')
    expect(await again.judgementOf('second')).toEqual(judgement)
  })

  test('has the columns of its schema: where they change, snapshotSchema does', async () => {
    const { snapshot } = await storeWithRun()
    const columns = await Promise.all(
      [...snapshot.tables].map(async ([name, { path }]) => {
        const named = (await columnsIn(':memory:', `'${path}'`)).map((column) => column.split(' ')[0])
        return `${name}: ${named.join(' ')}`
      }),
    )
    expect(columns).toMatchInlineSnapshot(`
      [
        "run: id started_at finished_at status fingerprint manifest stopped",
        "record: id api body captured_at recorded recorded_timing feedback cluster segments fidelity source_file source_line format recorded_usage recorded_error fidelity_reason call_id trace_id",
        "run_record: run_id ordinal record_id trials",
        "attempt: run_id record_id arm trial tries is_final position due_at sent_at headers_ms first_token_ms total_ms outcome timeout_phase http_status error_code detail text tool_calls stop input_tokens output_tokens cached_input_tokens reasoning_tokens served_model round delay_ms ordinal cache_write_tokens",
        "measure: run_id record_id comparison metric version production production_weight candidate candidate_weight absent ordinal",
        "judge_answer: run_id ordinal judge shown_first preferred answer input_tokens output_tokens",
        "verdict: run_id decided_at decision judgement",
        "batch: run_id number arm batch_id file_id submitted_at requests status detail",
        "batch_call: run_id number ordinal record_id trial position",
        "opinion: about name value comment",
        "privacy: ingested_at is_on replaced records",
        "rejected_line: file line reason excerpt",
      ]
    `)
  })
})
