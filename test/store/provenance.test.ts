// What a report reads of its data: how whole the records are, and what ingests did about personal data.

import { expect, test } from 'vitest'
import { recordOf } from '../support/nouns.ts'
import { openedStore } from '../support/stores.ts'

test('records are counted by how whole they are and why, the most frequent first', async () => {
  const store = await openedStore()
  const cut = { fidelity: 'truncated', fidelityReason: 'cut in the middle' } as const
  await store.addRecords([
    recordOf('a'),
    // A whole record's reason says what was replaced in it, and makes no group of its own.
    recordOf('b', { fidelityReason: '3 pieces of personal data were replaced' }),
    recordOf('c'),
    recordOf('d', cut),
    recordOf('e', cut),
    recordOf('f', { fidelity: 'metadata-only' }),
  ])
  expect(await store.wholeness()).toEqual([
    { fidelity: 'full', reason: null, records: 3 },
    { fidelity: 'truncated', reason: 'cut in the middle', records: 2 },
    { fidelity: 'metadata-only', reason: null, records: 1 },
  ])
})

test('an empty store has neither records nor readings', async () => {
  const store = await openedStore()
  expect(await store.wholeness()).toEqual([])
  expect(await store.privacyOf()).toEqual([])
})

test('each reading is told, first to last', async () => {
  const store = await openedStore()
  const first = { isOn: false, replaced: {}, records: 0 }
  const second = { isOn: true, replaced: { email: 3, iban: 0 }, records: 2 }
  await store.addPrivacy(first)
  await store.addPrivacy(second)
  expect(await store.privacyOf()).toEqual([first, second])
})
