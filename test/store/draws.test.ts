// What came before which run: told by the store, whatever the logs say of times.

import { expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { temporaryFolder } from '../support/cli.ts'
import { recordOf, runOf } from '../support/nouns.ts'
import { writeRun } from '../support/snapshots.ts'
import { openedStore, storePath } from '../support/stores.ts'

const judged = (decision: string) =>
  ({
    policy: { rules: [] },
    effects: [],
    verdict: { decision, held: false, because: '', findings: [] },
  }) as unknown as Parameters<Store['saveJudgement']>[1]
const at = '2026-11-23T01:00:00.000Z'
const planned = [{ recordId: 'a', ordinal: 0, trials: 1 }]

/** a; a run; b; two runs that were drawn at once; c, captured long before; the first and the last are judged. */
async function nights(path = storePath()) {
  const store = await openedStore(path)
  const draw = (id: string) => store.createRun({ run: runOf(id), status: 'reported', fingerprint: 'f' }, planned)
  await store.addRecords([recordOf('a')])
  await draw('z-first')
  await store.addRecords([recordOf('a'), recordOf('b')])
  await draw('unjudged')
  await draw('a-last')
  await store.addRecords([recordOf('c', { capturedAt: '2020-01-01T00:00:00.000Z' })])
  await store.saveJudgement('z-first', judged('GO'), at)
  await store.saveJudgement('a-last', judged('NO-GO'), at)
  return store
}

const came = async (store: Store) =>
  Object.fromEntries((await store.recordOutlines()).map(({ id, drawnBefore }) => [id, drawnBefore]))
const draws = async (store: Store) =>
  (await store.judgedDraws()).map(({ stored, decision, number }) => [stored.run.id, decision, number])

test('a record knows how many runs were drawn before it, and runs are told in the order of their drawing', async () => {
  const store = await nights()
  expect(await came(store)).toEqual({ a: 0, b: 1, c: 3 })
  expect(await draws(store)).toEqual([
    ['a-last', 'NO-GO', 3],
    ['z-first', 'GO', 1],
  ])
})

test('a store that is written anew knows it too', async () => {
  const path = storePath()
  const store = await nights(path)
  const rewritten = await store.rewriteWithout({ textsBefore: at, attemptsBefore: null }, at)
  await rewritten.put()
  store.close()
  const again = await openedStore(path)
  expect(await came(again)).toEqual({ a: 0, b: 1, c: 3 })
  expect(await draws(again)).toHaveLength(2)
})

test('a run that comes from elsewhere was drawn elsewhere', async () => {
  const store = await nights()
  const snapshot = await writeRun(store, 'a-last', temporaryFolder())
  const other = await openedStore()
  await other.readSnapshot(snapshot, () => {})
  expect(await draws(other)).toEqual([])
  expect(await came(other)).toEqual({ a: 0 })
})
