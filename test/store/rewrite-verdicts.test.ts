// Verdicts on their way into a store that is written anew.

import { expect, test } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { rewriteStore } from '../../src/store/rewrite.ts'
import type { Store } from '../../src/store/store.ts'
import { runOf } from '../support/nouns.ts'
import { query } from '../support/project.ts'
import { openedStore, storePath } from '../support/stores.ts'

const removedAt = '2026-11-10T00:00:00.000Z'
const judgement = {
  policy: {},
  effects: [],
  verdict: { decision: 'GO', held: false, because: '', findings: [] },
} as unknown as Parameters<Store['saveJudgement']>[1]

test('a year of verdicts is copied in a few questions, since each unpacks a thousand', async () => {
  const path = storePath()
  const store = await openedStore(path)
  const ids = Array.from({ length: 40 }, (_, place) => `run-${String(place).padStart(2, '0')}`)
  for (const id of ids) {
    await store.createRun({ run: runOf(id, {}), status: 'reported', fingerprint: 'f' }, [])
    await store.saveJudgement(id, judgement, removedAt)
  }
  store.close()
  const db = await openDatabase(path)
  const asked: string[] = []
  const watched = {
    ...db,
    run: (...[sql, values]: Parameters<typeof db.run>) => db.run((asked.push(sql), sql), values),
  }
  const what = { textsBefore: null, attemptsBefore: null }
  const made = await rewriteStore(watched, path, { what, removedAt }).finally(db.close)
  expect(asked.filter((sql) => sql.startsWith('INSERT INTO fresh.verdict'))).toHaveLength(3)
  expect(made.bytes).toBeGreaterThan(0)
  const copied = await query(`${path}.rewritten`, 'SELECT run_id FROM verdict ORDER BY run_id')
  expect(copied.map((row) => row['run_id'])).toEqual(ids)
})
