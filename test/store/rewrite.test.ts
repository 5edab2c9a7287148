// A store without what retention takes: smaller, whole at every moment, and the same store otherwise.

import { chmodSync, existsSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyPairNumbers } from '../../src/core/pair.ts'
import { seededBy } from '../../src/core/random.ts'
import type { Removal } from '../../src/store/removal.ts'
import type { Store } from '../../src/store/store.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../support/nouns.ts'
import { query } from '../support/project.ts'
import { openedStore, rethrow, startStoreChild, storePath } from '../support/stores.ts'
import { inBatches, measure } from './measured.ts'

const judgement = {
  policy: {},
  effects: [],
  verdict: { decision: 'GO', held: false, because: '', findings: [] },
} as unknown as Parameters<Store['saveJudgement']>[1]

const noPairs = { numbers: emptyPairNumbers(1), clusters: [], mixes: [], checks: [], checkFlips: '' }

/** Texts that do not compress away. */
function noise(length: number, name: string): string {
  const random = seededBy(1, name)
  return Array.from({ length }, () => String.fromCharCode(97 + random.below(26))).join('')
}

async function judge(store: Store, id: string, startedAt: string, records: readonly string[]): Promise<void> {
  const planned = records.map((recordId, ordinal) => ({ recordId, ordinal, trials: 1 }))
  await store.createRun({ run: runOf(id, { startedAt }), status: 'reported', fingerprint: 'f' }, planned)
  await store.saveJudgement(id, judgement, startedAt)
}

/** Runs: old, mid and newest are judged, cut-off is not. r0 is in old alone, r1 also in newest, r2 in cut-off, r3 in none. */
async function nights() {
  const path = storePath()
  const store = await openedStore(path)
  const day = (number: number) => `2026-11-0${number}T00:00:00.000Z`
  const body = (name: string) => ({ messages: [{ role: 'user', content: noise(1000, name) }] })
  const recorded = { text: 'then', toolCalls: [], stop: 'end', usage: null, servedModel: null } as const
  await store.addRecords(
    ['r0', 'r1', 'r2', 'r3'].map((id) =>
      recordOf(id, { body: body(id), recorded, capturedAt: '2026-10-01T00:00:00.000Z' }),
    ),
  )
  const plans = { old: [1, ['r0', 'r1']], 'cut-off': [1, ['r2']], mid: [3, []], newest: [5, ['r1']] } as const
  for (const [id, [number, ids]] of Object.entries(plans)) {
    const planned = ids.map((recordId, ordinal) => ({ recordId, ordinal, trials: 1 }))
    const run = runOf(id, { startedAt: day(number) })
    await store.createRun({ run, status: id === 'cut-off' ? 'running' : 'reported', fingerprint: 'f' }, planned)
    const writer = await store.createAttemptWriter(id, rethrow)
    for (const [ordinal, recordId] of ids.entries()) {
      const text = noise(1000, `${id} ${recordId}`)
      writer.write(attemptOf(recordId, { ordinal, outcome: replyOf({ text }) }))
    }
    writer.close()
    await store.replaceMeasures(id, inBatches([measure({ metric: 'latency' })]))
    const answer = { judge: 'j', shownFirst: 'candidate', preferred: 'tie', answer: 'Both are alike.' } as const
    await store.saveJudgeAnswer(id, { ...answer, ordinal: 0, inputTokens: null, outputTokens: null })
    await store.savePairRows(id, 'stamp', { columns: noPairs, about: null })
    if (id !== 'cut-off') await store.saveJudgement(id, judgement, day(number))
  }
  await store.addPrivacy({ isOn: true, replaced: { email: 1 }, records: 1 })
  await store.holdRejectedLines([{ file: 'a', line: 1, reason: 'no JSON', excerpt: '{' }])
  await store.keepRejectedLines([])
  return { path, store }
}

const removedAt = '2026-11-10T00:00:00.000Z'

async function rewritten(what: Removal) {
  const { path, store } = await nights()
  const { salt } = store
  const made = await store.rewriteWithout(what, removedAt)
  await made.put()
  store.close()
  expect(statSync(path).size).toBe(made.bytes)
  expect(readdirSync(dirname(path))).toEqual(['store.duckdb'])
  return { path, salt }
}

const textsIn = (path: string) =>
  query(path, `SELECT run_id || ' ' || record_id || ' ' || (text IS NOT NULL) AS said FROM attempt ORDER BY said`)
const bodiesIn = (path: string) =>
  query(
    path,
    `SELECT id, strlen(body) > 100 AS is_whole, recorded IS NOT NULL AS answer, fidelity FROM record ORDER BY id`,
  )
const said = (rows: Awaited<ReturnType<typeof query>>) =>
  rows.map((row) =>
    Object.values(row)
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
      .join(' '),
  )

describe('a store written anew', () => {
  test('loses the texts of old runs, and of records that no younger run holds', async () => {
    const { path, salt } = await rewritten({ textsBefore: '2026-11-02T00:00:00.000Z', attemptsBefore: null })
    expect(said(await textsIn(path))).toEqual(['cut-off r2 true', 'newest r1 true', 'old r0 false', 'old r1 false'])
    expect(said(await bodiesIn(path))).toEqual([
      'r0 false false metadata-only',
      'r1 true true full',
      'r2 true true full',
      'r3 false false metadata-only',
    ])
    expect(said(await query(path, `SELECT run_id, answer FROM judge_answer ORDER BY run_id`))).toEqual([
      'cut-off Both are alike.',
      'mid Both are alike.',
      'newest Both are alike.',
      'old ',
    ])
    const store = await openedStore(path)
    expect(store.salt).toBe(salt)
    expect(await store.removedOf('old')).toEqual({ texts: removedAt, attempts: null })
    expect(await store.removedOf('newest')).toEqual({ texts: null, attempts: null })
    expect(await store.measuresOf('old')).toHaveLength(1)
    expect((await store.rejectedLines()).count).toBe(1)
    // Ids, sequences and numbers of metrics go on.
    await store.addPrivacy({ isOn: true, replaced: { email: 2 }, records: 1 })
    await store.replaceMeasures('mid', inBatches([measure({ metric: 'cost' }), measure({ metric: 'latency' })]))
    expect((await store.measuresOf('mid')).map(({ metric }) => metric)).toEqual(['latency', 'cost'])
    expect(await store.addRecords([recordOf('r0'), recordOf('r3')]), 'what went is not read anew').toBe(0)
  })

  test('loses all of old runs but what was found, and records that no run holds', async () => {
    const at = '2026-11-04T00:00:00.000Z'
    const { path } = await rewritten({ textsBefore: at, attemptsBefore: at })
    expect(said(await textsIn(path))).toEqual(['cut-off r2 true', 'newest r1 true'])
    expect(said(await query(path, 'SELECT DISTINCT run_id FROM measure_value ORDER BY run_id'))).toEqual([
      'cut-off',
      'newest',
    ])
    for (const table of ['pair_list', 'pair_row'])
      expect(said(await query(path, `SELECT DISTINCT run_id FROM ${table} ORDER BY run_id`)), table).toEqual([
        'cut-off',
        'newest',
      ])
    expect(said(await query(path, 'SELECT id FROM record ORDER BY id'))).toEqual(['r0', 'r1', 'r2'])
    const store = await openedStore(path)
    expect(await store.judgementOf('old')).toEqual(judgement)
    expect(await store.runIds('old')).toEqual(['r0', 'r1'])
    expect(await store.removedOf('mid')).toEqual({ texts: removedAt, attempts: removedAt })
  })

  test('keeps what is unfinished, and what was judged last, at any age', async () => {
    const at = '2030-01-01T00:00:00.000Z'
    const { path } = await rewritten({ textsBefore: at, attemptsBefore: at })
    expect(said(await textsIn(path))).toEqual(['cut-off r2 true', 'newest r1 true'])
    const store = await openedStore(path)
    expect(await store.heldRuns()).toEqual([
      { id: 'old', startedAt: '2026-11-01T00:00:00.000Z', isKept: false },
      { id: 'mid', startedAt: '2026-11-03T00:00:00.000Z', isKept: false },
      { id: 'newest', startedAt: '2026-11-05T00:00:00.000Z', isKept: true },
    ])
  })

  test('keeps what came since the newest run was drawn: it is still to be asked, however old it is', async () => {
    const { path, store } = await nights()
    await store.addRecords([
      recordOf('late', { body: { text: noise(200, 'l') }, capturedAt: '2026-09-01T00:00:00.000Z' }),
    ])
    const before = '2026-11-05T00:00:00.001Z'
    const first = await store.rewriteWithout({ textsBefore: before, attemptsBefore: before }, removedAt)
    await first.put()
    store.close()
    const bodies = (await bodiesIn(path)).map(({ id, fidelity }) => [id, fidelity])
    expect(bodies).toContainEqual(['late', 'full'])
    const again = await openedStore(path)
    await judge(again, 'passed it over', '2026-11-06T00:00:00.000Z', [])
    const second = await again.rewriteWithout({ textsBefore: before, attemptsBefore: null }, removedAt)
    await second.put()
    again.close()
    const later = (await bodiesIn(path)).map(({ id, fidelity }) => [id, fidelity])
    expect(later).toContainEqual(['late', 'metadata-only'])
  })

  test('takes for the newest the run that was drawn last, wherever the clock stood', async () => {
    const { path, store } = await nights()
    await judge(store, 'by a clock put right', '2026-11-04T00:00:00.000Z', ['r0'])
    const at = '2030-01-01T00:00:00.000Z'
    const made = await store.rewriteWithout({ textsBefore: at, attemptsBefore: at }, removedAt)
    await made.put()
    store.close()
    expect(said(await query(path, 'SELECT run_id FROM removed WHERE what = $$texts$$ ORDER BY run_id'))).toEqual([
      'mid',
      'newest',
      'old',
    ])
  })

  test('loses what was cut off and closed, as what was judged', async () => {
    const { path, store } = await nights()
    await store.setRunStatus('cut-off', 'reported', null)
    const at = '2026-11-02T00:00:00.000Z'
    const made = await store.rewriteWithout({ textsBefore: at, attemptsBefore: at }, removedAt)
    await made.put()
    store.close()
    expect(said(await textsIn(path))).toEqual(['newest r1 true'])
  })

  test('is smaller on the disk by what went', async () => {
    const { path, store } = await nights()
    const idle = Array.from({ length: 1500 }, (_, index) =>
      recordOf(`idle${index}`, { body: { text: noise(6000, String(index)) }, capturedAt: '2026-10-02T00:00:00.000Z' }),
    )
    await store.addRecords(idle)
    await judge(store, 'after', '2026-11-06T00:00:00.000Z', [])
    store.close()
    const before = statSync(path).size
    const again = await openedStore(path)
    const weights = await again.weights()
    const bodies = weights
      .filter(({ of, at }) => of === 'records' && at < '2026-11-02')
      .reduce((sum, { bytes }) => sum + bytes, 0)
    expect(bodies).toBeGreaterThan(9_000_000)
    const made = await again.rewriteWithout(
      { textsBefore: '2026-11-02T00:00:00.000Z', attemptsBefore: null },
      removedAt,
    )
    await made.put()
    again.close()
    // Random letters compress to two thirds.
    expect(before - statSync(path).size).toBeGreaterThan(4_500_000)
    expect(said(await query(path, 'SELECT count(*) FROM record'))).toEqual(['1504'])
  })

  test('keeps its permissions, and stays where a link points', async () => {
    const { path, store } = await nights()
    chmodSync(path, 0o600)
    store.close()
    const link = join(dirname(path), 'link.duckdb')
    symlinkSync(path, link)
    const linked = await openedStore(link)
    const made = await linked.rewriteWithout({ textsBefore: null, attemptsBefore: null }, removedAt)
    await made.put()
    linked.close()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(dirname(path)).toSorted()).toEqual(['link.duckdb', 'store.duckdb'])
    expect((await openedStore(link)).salt).toBe(store.salt)
  })

  test('and discarded leaves the old one', async () => {
    const { path, store } = await nights()
    const made = await store.rewriteWithout({ textsBefore: removedAt, attemptsBefore: null }, removedAt)
    made.discard()
    store.close()
    expect(said(await textsIn(path)).filter((row) => row.endsWith('false'))).toEqual([])
    expect(readdirSync(dirname(path))).toEqual(['store.duckdb'])
  })
})

describe('kill −9', () => {
  test('before it has the store’s name leaves the old one, and the next attempt makes away with the rest', async () => {
    const { path, store } = await nights()
    store.close()
    const child = startStoreChild(path, 'rewrite')
    await child.until((line) => line === 'written')
    await child.kill()
    expect(existsSync(`${path}.rewritten`)).toBe(true)
    expect(said(await textsIn(path)).filter((row) => row.endsWith('false'))).toEqual([])
    const again = await openedStore(path)
    const made = await again.rewriteWithout({ textsBefore: null, attemptsBefore: null }, removedAt)
    made.discard()
    again.close()
    expect(readdirSync(dirname(path))).toEqual(['store.duckdb'])
  })

  test('as soon as it has the store’s name leaves the new one', async () => {
    const { path, store } = await nights()
    store.close()
    const child = startStoreChild(path, 'rewrite')
    await child.until((line) => line === 'written')
    child.goOn()
    await child.until((line) => line === 'put')
    await child.kill()
    const after = await openedStore(path)
    expect(await after.removedOf('old')).toMatchObject({ texts: removedAt })
    expect(await after.judgementOf('newest')).toEqual(judgement)
    after.close()
    expect(readdirSync(dirname(path))).toEqual(['store.duckdb'])
  })
})
