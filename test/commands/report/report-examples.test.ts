// The pairs that a report has whole: the worst and the named ones, from a real store, with long texts cut and no more read than fits.

import { describe, expect, test } from 'vitest'
import { reportExamples } from '../../../src/commands/report/report-examples.ts'
import type { PairTable } from '../../../src/core/pair.ts'
import type { Arm } from '../../../src/core/types.ts'
import { changes } from '../../report/fixture-changes.ts'
import { worstExample } from '../../report/fixture-examples.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../../support/nouns.ts'
import { openedStore, rethrow } from '../../support/stores.ts'

const size = 300

/** A run of so many pairs, worst first in the order of the run, in which the candidate says `text`. */
async function storedRun(text: string) {
  const store = await openedStore()
  const ids = Array.from({ length: size }, (_, ordinal) => `r${ordinal}`)
  await store.addRecords(ids.map((id) => recordOf(id)))
  const stored = { run: runOf('run'), status: 'replayed' as const, fingerprint: 'f' }
  await store.createRun(
    stored,
    ids.map((recordId, ordinal) => ({ recordId, ordinal, trials: 2 })),
  )
  const writer = await store.createAttemptWriter('run', rethrow)
  for (const [ordinal, id] of ids.entries()) {
    const write = (arm: Arm, trial: number, said: string) =>
      writer.write(attemptOf(id, { ordinal, arm, trial, outcome: replyOf({ text: said }) }))
    write('production', 0, `first ${ordinal}`)
    write('candidate', 0, text)
    write('production', 1, `again ${ordinal}`)
  }
  writer.close()
  const rows = ids.map((recordId, ordinal) => ({ ...worstExample.row, recordId, ordinal }))
  const table: PairTable = { rows, reasonsOf: ({ ordinal }) => [`reason ${ordinal}`] }
  return { store, stored, table }
}

function namedBy(ordinal: number) {
  const all = changes()
  const [first] = all.clusters
  return { ...all, clusters: first ? [{ ...first, example: { ordinal, recordId: `r${ordinal}` } }] : [] }
}

describe('the pairs of a report', () => {
  test('are the worst, and what a cluster is named by, with both answers and the second one', async () => {
    const { store, stored, table } = await storedRun('Noon.')
    const options = { table, changes: namedBy(290), most: 3, maxBytes: 5_000_000 }
    const examples = await reportExamples(store, stored, options)
    expect(examples.map(({ row }) => row.ordinal)).toEqual([0, 1, 2, 290])
    const { detail, reasons } = examples[3] ?? worstExample
    expect(reasons).toEqual(['reason 290'])
    expect([detail.production.text, detail.candidate.text, detail.again?.text]).toEqual([
      'first 290',
      'Noon.',
      'again 290',
    ])
  })

  test('are none where none are asked for', async () => {
    const { store, stored, table } = await storedRun('Noon.')
    expect(await reportExamples(store, stored, { table, changes: namedBy(290), most: 0, maxBytes: 5_000_000 })).toEqual(
      [],
    )
  })

  test('have their long texts cut between characters, and say by how much', async () => {
    const { store, stored, table } = await storedRun(`${'x'.repeat(19_999)}👩 and so on`)
    const [example] = await reportExamples(store, stored, { table, changes: null, most: 1, maxBytes: 5_000_000 })
    expect(example?.detail.candidate.text).toBe('x'.repeat(19_999))
    expect(example?.detail.left).toEqual({ prompt: 0, production: 0, candidate: 12, again: 0 })
  })

  test('are read no further than a page could hold', async () => {
    const { store, stored, table } = await storedRun('y'.repeat(20_000))
    const examples = await reportExamples(store, stored, { table, changes: null, most: size, maxBytes: 50_000 })
    expect(examples.length).toBe(256)
  })
})
