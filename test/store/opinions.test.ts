// Opinions that stand apart from their calls: whose record gets them, and what is said of the others.

import { expect, test } from 'vitest'
import type { Opinion } from '../../src/core/types.ts'
import { recordOf, runOf } from '../support/nouns.ts'
import { openedStore } from '../support/stores.ts'

const opinion = (about: string, value = 1): Opinion => ({ about, feedback: { name: 'thumb', value, comment: null } })
const records = [
  recordOf('a', { callId: 'call-a', traceId: 'alone' }),
  recordOf('b', { callId: 'call-b', traceId: 'shared' }),
  recordOf('c', { callId: 'call-c', traceId: 'shared' }),
]

async function feedbackIn(store: Awaited<ReturnType<typeof openedStore>>) {
  const planned = records.map(({ id }, ordinal) => ({ recordId: id, ordinal, trials: 1 }))
  await store.createRun({ run: runOf('run'), status: 'planned', fingerprint: 'f' }, planned)
  const read = await store.recordsOf('run', [0, 1, 2])
  return records.map((_, ordinal) => read.get(ordinal)?.feedback.map(({ value }) => value))
}

test('a call and a lone trace get theirs; of the others it is counted why not', async () => {
  const store = await openedStore()
  await store.addOpinions([opinion('alone'), opinion('call-b', -1), opinion('shared'), opinion('nobody')])
  expect(await store.countOpinions()).toEqual({ all: 4, joined: 0, ambiguous: 0 })
  await store.addRecords(records)
  expect(await store.joinOpinions()).toBe(2)
  expect(await store.countOpinions()).toEqual({ all: 4, joined: 2, ambiguous: 1 })
  // The same export again changes nothing, and is counted as before.
  await store.addOpinions([opinion('alone')])
  expect(await store.joinOpinions()).toBe(0)
  expect(await store.countOpinions()).toEqual({ all: 4, joined: 2, ambiguous: 1 })
  expect(await feedbackIn(store)).toEqual([[1], [-1], []])
})

test('a store without any has none to count', async () => {
  expect(await (await openedStore()).countOpinions()).toEqual({ all: 0, joined: 0, ambiguous: 0 })
})
