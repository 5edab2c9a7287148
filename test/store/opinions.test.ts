// Words about calls that stand apart from them: joined by the thousands, in whatever order they come.

import { expect, test } from 'vitest'
import { recordOf } from '../support/nouns.ts'
import { query } from '../support/project.ts'
import { openedStore } from '../support/stores.ts'

test('by the ten thousands they join in parts; a trace of several calls gives its word to none', {
  timeout: 60_000,
}, async () => {
  const store = await openedStore()
  const numbers = Array.from({ length: 21_000 }, (_, at) => at)
  const own = { name: 'own', value: 1, comment: null }
  await store.addRecords(
    numbers.map((at) => ({
      ...recordOf(`r${at}`),
      callId: `call ${at}`,
      traceId: `trace ${Math.floor(at / (at < 1000 ? 2 : 1))}`,
      feedback: at === 5 ? [own] : [],
    })),
  )
  const opinion = (about: string, name: string, value: number) => ({ about, feedback: { name, value, comment: null } })
  await store.addOpinions([
    ...numbers.slice(0, 20_500).map((at) => opinion(`call ${at}`, 'thumb', at % 2)),
    opinion('trace 0', 'trace', 1),
    opinion('trace 20999', 'trace', 0),
    opinion('nobody', 'thumb', 1),
  ])
  expect(await store.joinOpinions()).toBe(20_501)
  expect(await store.joinOpinions(), 'nothing is new').toBe(0)
  await store.addOpinions([opinion('call 5', 'thumb', -1)])
  expect(await store.joinOpinions()).toBe(1)
  const { path } = store
  store.close()
  const rows = await query(
    path,
    "SELECT id, feedback FROM record WHERE id IN ('r0', 'r5', 'r20499', 'r20500', 'r20999') ORDER BY id",
  )
  expect(rows.map((row) => [row['id'], JSON.parse(String(row['feedback']))])).toEqual([
    ['r0', [{ name: 'thumb', value: 0, comment: null }]],
    ['r20499', [{ name: 'thumb', value: 1, comment: null }]],
    ['r20500', []],
    ['r20999', [{ name: 'trace', value: 0, comment: null }]],
    ['r5', [own, { name: 'thumb', value: -1, comment: null }]],
  ])
})
