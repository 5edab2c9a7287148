// Pairs that were kept are those that are made of the measures, and those that the report and `review` make of all of them.

import { describe, expect, it } from 'vitest'
import { changesOf } from '../../../src/commands/gate/changes-of.ts'
import { keepPairs } from '../../../src/commands/pairs/make-pairs.ts'
import { storedPairs } from '../../../src/commands/pairs/stored-pairs.ts'
import type { Session } from '../../../src/commands/session/session.ts'
import { Fault } from '../../../src/core/fault.ts'
import type { MeasureRow } from '../../../src/core/types.ts'
import { matches } from '../../../src/filter/match.ts'
import { parseFilter } from '../../../src/filter/parse.ts'
import { numberWords, stateWords } from '../../../src/filter/words.ts'
import { pairTable, plainRow } from '../../../src/score/pair-table.ts'
import type { Store } from '../../../src/store/store.ts'
import { segmentKeys, writeMeasuredStore } from '../../bench/support/measured-store.ts'
import { inBatches, rowsOf } from '../../store/measured.ts'
import { openedStore, storePath } from '../../support/stores.ts'

const runId = 'bench'
/** What of a session says how pairs are made. */
const sessionOf = (segment = 'task', shadowgate = '1'): Session =>
  ({
    policy: { segments: [segment] },
    world: { versions: { shadowgate, node: '' } },
    storePath: 'store',
  }) as unknown as Session

const share = (metric: string, ordinal: number, production: number, candidate: number): MeasureRow => ({
  ordinal,
  comparison: 'candidate',
  metric,
  version: 1,
  production,
  productionWeight: null,
  candidate,
  candidateWeight: null,
  absent: null,
})

/** A measured run of 3,000 pairs; JSON and two checks in some of them. */
async function measuredStore(): Promise<Store> {
  const path = storePath()
  await writeMeasuredStore(path, { pairs: 3000, hasConversations: false })
  const store = await openedStore(path)
  const writer = await store.createMeasureWriter(runId)
  for (let ordinal = 0; ordinal < 3000; ordinal++) {
    const [one, two] = [Number(ordinal % 7 !== 0), Number(ordinal % 5 !== 0)]
    if (ordinal % 2 === 0) writer.write([share('assert-polite', ordinal, one, two)])
    if (ordinal % 3 === 0) writer.write([share('assert-short', ordinal, two, one)])
    if (ordinal % 11 === 0) writer.write([share('json-valid', ordinal, one, two)])
    if (ordinal % 13 === 0) writer.write([share('json-kept', ordinal, two, one)])
  }
  writer.close()
  return store
}

async function runIn(store: Store) {
  const stored = await store.findRun(runId)
  if (stored === null) throw new Error('there is no run')
  return stored
}

async function told(store: Store, session = sessionOf()) {
  const { table, ...about } = await storedPairs(session, store, await runIn(store))
  return { ...about, table, rows: table.rows.map((row) => ({ ...plainRow(row), reasons: table.reasonsOf(row) })) }
}

/** From all measures, with nothing that was kept. */
async function fromMeasures(store: Store, segment = 'task') {
  const { run } = await runIn(store)
  const measures = await store.measuresOf(runId)
  const records = await store.runOutlines(runId)
  const grouped = await changesOf(store, { run, measures, records, policy: { ...sessionOf(segment).policy } })
  const table = pairTable({ measures, records, clusterOf: grouped?.clusterOf ?? new Map() })
  return {
    clusters: grouped?.changes.clusters ?? [],
    segments: segmentKeys.toSorted(),
    rows: table.rows.map((row) => ({ ...row, reasons: table.reasonsOf(row) })),
    grouped,
    around: { run, measures, records },
  }
}

describe('the pairs of a stored run', { timeout: 120_000 }, () => {
  it('are the same when they were kept, when they were not, and from all measures', async () => {
    const store = await measuredStore()
    const anew = await told(store)
    const stamp = { version: 1, shadowgate: '1', segment: 'task', first: null }
    expect(await store.hasPairRows(runId, JSON.stringify(stamp))).toBe(true)
    const kept = await told(store)
    const { clusters, segments, rows } = await fromMeasures(store)
    // Something of everything: else nothing was compared.
    expect(new Set(rows.map(({ standing }) => standing)).size).toBe(4)
    expect(new Set(rows.flatMap(({ reasons }) => reasons)).size).toBeGreaterThan(100)
    expect(rows.some(({ reasons }) => reasons.includes('fails the check polite'))).toBe(true)
    expect(rows.some(({ reasons }) => reasons.includes('JSON broken'))).toBe(true)
    expect(clusters.length).toBeGreaterThan(3)
    for (const each of [anew, kept])
      expect({ clusters: each.clusters, segments: each.segments, rows: each.rows }).toEqual({
        clusters,
        segments,
        rows,
      })
  })

  it('meet every filter alike', async () => {
    const store = await measuredStore()
    await told(store)
    const [kept, { rows, clusters, segments }] = [await told(store), await fromMeasures(store)]
    const filters = [
      ...stateWords.map(({ word }) => word),
      ...numberWords.flatMap(({ word }) => [`${word}<0.9`, `-${word}>=1.2`]),
      'task=task-3 -refused',
      `cluster=${clusters[0]?.id}`,
      `pair=${rows[17]?.recordId}`,
    ]
    for (const filter of filters) {
      const parsed = parseFilter(filter, segments)
      if (parsed.kind === 'mistake') throw new Error(parsed.because)
      const found = (of: typeof rows) =>
        of
          .filter((row) => matches(parsed.terms, { row, review: 'unreviewed', text: null }))
          .map(({ ordinal }) => ordinal)
      expect(found(kept.table.rows as typeof rows), filter).toEqual(found(rows))
    }
  })

  it('are made anew for another segment, another shadowgate, another end and other measures', async () => {
    const store = await measuredStore()
    const records = await store.runOutlines(runId)
    // Answers in another language, where that is asked for in one language alone.
    const changed = rowsOf(await store.measuresOf(runId)).map((row) =>
      row.metric === 'change' &&
      row.comparison === 'candidate' &&
      records[row.ordinal]?.segments['language'] === 'language-3'
        ? { ...row, candidate: 1 << 13, absent: null }
        : row,
    )
    await store.replaceMeasures(runId, inBatches(changed))
    await told(store)
    const other = await told(store, sessionOf('language'))
    expect(other.clusters).toEqual((await fromMeasures(store, 'language')).clusters)
    expect(other.clusters).not.toEqual((await fromMeasures(store)).clusters)
    // What was kept of one version is no word of another's.
    await told(store, sessionOf('language', '2'))
    const stamp = { version: 1, shadowgate: '2', segment: 'language', first: null }
    expect(await store.hasPairRows(runId, JSON.stringify(stamp))).toBe(true)
    await store.stopRun(runId, { why: 'decided', records: 1000 } as Parameters<Store['stopRun']>[1])
    expect((await told(store)).rows.every(({ ordinal }) => ordinal < 1000)).toBe(true)
    const writer = await store.createMeasureWriter(runId)
    writer.write([share('assert-late', 5, 1, 0)])
    writer.close()
    const late = (await told(store)).rows.find(({ ordinal }) => ordinal === 5)
    expect(late?.reasons).toContain('fails the check late')
  })

  it('are kept by the gate of what it judged, and written once', async () => {
    const store = await measuredStore()
    const made = await fromMeasures(store)
    const session = sessionOf()
    await keepPairs(session, store, { ...made.around, grouped: made.grouped })
    expect((await told(store)).rows).toEqual(made.rows)
    // Were they written again, nothing would be left of this run's.
    await keepPairs(session, store, { ...made.around, measures: [], grouped: null })
    expect((await told(store)).rows).toEqual(made.rows)
  })

  it('are read where the disk is full, and nothing else is passed over', async () => {
    const store = await measuredStore()
    const failing = (error: Error): Store => ({
      ...store,
      savePairRows: async () => {
        throw error
      },
    })
    const full = new Fault('STORE_UNWRITABLE', 'the store can’t be written', { place: 'store' })
    expect((await told(failing(full))).rows).toEqual((await fromMeasures(store)).rows)
    await expect(told(failing(new Error('a bug')))).rejects.toThrow('a bug')
  })
})
