// Judged nights as the store keeps them: in their order, with what they have in common and who answered.

import { expect, test } from 'vitest'
import type { Judgement } from '../../src/store/verdicts.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../support/nouns.ts'
import { openedStore } from '../support/stores.ts'

const judgement: Judgement = {
  policy: { level: 0.95, rules: [], segments: [], maxExcluded: 0.02, validityAlpha: 0.01, hold: true, looks: null },
  effects: [],
  verdict: {
    decision: 'GO',
    held: false,
    because: '',
    next: '',
    findings: [],
    flags: [],
    invalid: [],
    looks: [],
    blind: [],
  },
}

test('tell what they share with earlier ones, by conversation, and who answered', async () => {
  const store = await openedStore()
  await store.addRecords([
    recordOf('a'),
    recordOf('b'),
    recordOf('c', { cluster: 'c-1' }),
    recordOf('d', { cluster: 'c-1' }),
  ])
  const night = async (id: string, day: number, ids: readonly string[], isJudged = true) => {
    const run = runOf(id, { startedAt: `2026-11-0${day}T02:30:00.000Z` })
    const records = ids.map((recordId, ordinal) => ({ recordId, ordinal, trials: 1 }))
    await store.createRun({ run, status: 'planned', fingerprint: 'f' }, records)
    const writer = await store.createAttemptWriter(id, () => {})
    for (const [ordinal, recordId] of ids.entries()) {
      for (const [arm, servedModel] of [
        ['production', `p-${day}`],
        ['candidate', null],
      ] as const)
        writer.write(attemptOf(recordId, { ordinal, arm, outcome: replyOf({ servedModel }) }))
    }
    writer.close()
    if (isJudged) await store.saveJudgement(id, judgement, run.startedAt)
  }
  await night('second', 2, ['a', 'd', 'b'])
  await night('first', 1, ['a', 'c'])
  await night('not-judged', 3, ['b'], false)
  expect(await store.keptNights({ segment: 'any' })).toMatchObject([
    { run: { id: 'first' }, records: 2, repeated: 0, servedModels: { production: ['p-1'], candidate: [] } },
    { run: { id: 'second' }, records: 3, repeated: 2, servedModels: { production: ['p-2'], candidate: [] } },
  ])
})

test('are none in a new store', async () => {
  expect(await (await openedStore()).keptNights({ segment: 'any' })).toEqual([])
})
