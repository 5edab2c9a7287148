// Measures side by side are those that the columns hold; a pair's own are all of them.

import { expect, it } from 'vitest'
import { type MeasureRow, present } from '../../src/core/types.ts'
import { recordOf, runOf } from '../support/nouns.ts'
import { openedStore } from '../support/stores.ts'
import { inBatches, measure, storeWithRuns } from './measured.ts'

const wanted = [
  { metric: 'latency', comparison: 'candidate', hasProduction: true, hasWeight: false },
  { metric: 'change', comparison: 'candidate', hasProduction: false, hasWeight: true },
  { metric: 'change', comparison: 'noise', hasProduction: false, hasWeight: true },
  { metric: 'never-measured', comparison: 'candidate', hasProduction: true, hasWeight: false },
] as const

const rows: readonly MeasureRow[] = [
  measure({ ordinal: 3, production: 1, candidate: 2 }),
  measure({ ordinal: 3, metric: 'change', production: null, candidate: 4, candidateWeight: 99 }),
  measure({ ordinal: 0, production: Infinity, candidate: 0 }),
  measure({ ordinal: 0, metric: 'change', production: null, candidate: 0 }),
  measure({ ordinal: 1, production: null, candidate: null, absent: 'no-reply' }),
  measure({ ordinal: 3, metric: 'change', comparison: 'noise', production: null, candidate: 1, candidateWeight: 7 }),
  measure({ ordinal: 0, metric: 'cost', production: 5, candidate: 6 }),
  measure({ ordinal: 0, comparison: 'noise', production: 5, candidate: 6 }),
]

it('reads what was asked for, each number at its pair, whatever order it was written in', async () => {
  const store = await storeWithRuns()
  await store.replaceMeasures('a', inBatches(rows))
  await store.replaceMeasures('b', inBatches([measure({ ordinal: 0, production: 9, candidate: 9 })]))
  const columns = await store.pairColumnsOf('a', () => wanted)
  expect(columns.map(({ metric, comparison }) => [metric, comparison])).toEqual([
    ['latency', 'candidate'],
    ['change', 'candidate'],
    ['change', 'noise'],
  ])
  const [latency, change, noise] = columns
  // Of the pair at place 2 nothing was measured: it is none.
  expect(latency?.ordinal).toEqual(Int32Array.of(0, 1, 3))
  expect(latency?.production).toEqual(Float64Array.of(Infinity, 0, 1))
  expect(latency?.candidate).toEqual(Float64Array.of(0, 0, 2))
  expect(Array.from(latency?.absent ?? [], (why) => why === present)).toEqual([true, false, true])
  expect(change?.candidate).toEqual(Float64Array.of(0, 0, 4))
  expect(change?.candidateWeight).toEqual(Float64Array.of(0, 0, 99))
  expect(noise?.candidateWeight).toEqual(Float64Array.of(0, 0, 7))
  expect(Array.from(noise?.absent ?? [], (why) => why === present)).toEqual([false, false, true])
})

it('of a run that was not measured there are none', async () => {
  const store = await storeWithRuns()
  expect(await store.pairColumnsOf('a', () => wanted)).toEqual([])
  expect(await store.pairMeasuresOf('a', 0)).toEqual([])
})

it('all that was measured of one pair comes as it was written', async () => {
  const store = await storeWithRuns()
  await store.replaceMeasures('a', inBatches(rows))
  const own = await store.pairMeasuresOf('a', 1)
  expect(own).toEqual([measure({ ordinal: 1, production: null, candidate: null, absent: 'no-reply' })])
  const names = (await store.pairMeasuresOf('a', 0)).map(({ metric, comparison }) => `${metric} ${comparison}`)
  expect(names.toSorted()).toEqual(['change candidate', 'cost candidate', 'latency candidate', 'latency noise'])
})

it('tells when each request was captured, in the order of the run', async () => {
  const store = await openedStore()
  const times = ['2026-11-23T02:30:00.000Z', null]
  await store.addRecords(times.map((capturedAt, place) => recordOf(`r${place}`, { capturedAt })))
  const plan = [1, 0].map((place, ordinal) => ({ recordId: `r${place}`, ordinal, trials: 1 }))
  await store.createRun({ run: runOf('a'), status: 'planned', fingerprint: '' }, plan)
  expect(await store.capturedTimesOf('a')).toEqual(Float64Array.of(Number.NaN, Date.parse('2026-11-23T02:30:00.000Z')))
})
