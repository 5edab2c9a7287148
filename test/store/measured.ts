// Measures made by hand, stores to put them into, and what a store gives back as rows again.

import { absenceReasons, type MeasureColumn, type MeasureRow, present } from '../../src/core/types.ts'
import { recordOf, runOf } from '../support/nouns.ts'
import { openedStore, storePath } from '../support/stores.ts'

export const measure = (changes: Partial<MeasureRow>): MeasureRow => ({
  ordinal: 0,
  comparison: 'candidate',
  metric: 'latency',
  version: 1,
  production: 1.5,
  productionWeight: null,
  candidate: 2.25,
  candidateWeight: null,
  absent: null,
  ...changes,
})
/** The rows behind columns: where there is no number a column has 0, so that a weight of 0 reads as none. */
export function rowsOf(columns: readonly MeasureColumn[]): MeasureRow[] {
  return columns.flatMap((column) =>
    Array.from(column.ordinal, (ordinal, place) => {
      const { metric, comparison, version } = column
      const why = column.absent[place] ?? -1
      const absent = why === present ? null : (absenceReasons[why] ?? null)
      const numbers = {
        production: column.production[place] ?? Number.NaN,
        productionWeight: column.productionWeight[place] ?? Number.NaN,
        candidate: column.candidate[place] ?? Number.NaN,
        candidateWeight: column.candidateWeight[place] ?? Number.NaN,
      }
      return { ordinal, comparison, metric, version, ...numbers, absent }
    }),
  )
}

/** Two runs of two records. */
export async function storeWithRuns(path = storePath()) {
  const store = await openedStore(path)
  const planned = ['r0', 'r1'].map((recordId, ordinal) => ({ recordId, ordinal, trials: 1 }))
  await store.addRecords([recordOf('r0'), recordOf('r1')])
  for (const id of ['a', 'b']) await store.createRun({ run: runOf(id), status: 'planned', fingerprint: 'f' }, planned)
  const read = async (runId: string) => rowsOf(await store.measuresOf(runId))
  return { ...store, read }
}

export async function* inBatches(...batches: (readonly MeasureRow[])[]) {
  for (const batch of batches) yield await Promise.resolve(batch)
}
