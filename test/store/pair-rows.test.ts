// Rows of pairs come back as they were kept, by their stamp alone, and are gone as soon as a measure is written.

import { describe, expect, it } from 'vitest'
import { emptyPairNumbers, type PairColumns, type PairNumber, pairNumbers } from '../../src/core/pair.ts'
import { seededBy } from '../../src/core/random.ts'
import { recordOf, runOf } from '../support/nouns.ts'
import { openedStore, storePath } from '../support/stores.ts'
import { inBatches, measure, storeWithRuns } from './measured.ts'

const odd = [Number.NaN, Infinity, -0, 1e-300, 0.1 + 0.2]

/** Columns of so many pairs, every number another. */
function columnsOf(pairs: number, checks: readonly string[] = []): PairColumns {
  const random = seededBy(7, 'pairs')
  const numbers = emptyPairNumbers(pairs)
  for (const [name, width] of Object.entries(pairNumbers) as [PairNumber, string][])
    for (let place = 0; place < pairs; place++)
      numbers[name][place] =
        width === 'double'
          ? (odd[random.below(20)] ?? random.below(1e9) / 7)
          : random.below(width === 'small' ? 4 : 1e9) - 1
  return {
    numbers,
    clusters: ['c0', 'c1'],
    mixes: [{ task: 'prime', '2': 'Infinity' }, {}, { 'a\n"b': '~Infinity\u0000' }],
    checks,
    checkFlips: Array.from({ length: pairs * checks.length }, () => '-+.'[random.below(3)]).join(''),
  }
}

const about = { clusters: [{ id: 'c0', latencyRatio: 1.5, after: Infinity }], segments: ['task'] }

describe('rows of pairs', () => {
  it.each([
    ['none', 0, []],
    ['one', 1, []],
    ['more than a chunk has', 5000, []],
    ['with checks', 3000, ['polite', 'Größe']],
  ])('%s come back as they were kept', async (_, pairs, checks) => {
    const path = storePath()
    const first = await storeWithRuns(path)
    const kept = { columns: columnsOf(pairs, checks), about }
    await first.savePairRows('a', 's', kept)
    await first.savePairRows('b', 's', { columns: columnsOf(3), about: null })
    expect(await first.pairRowsOf('a', 's')).toEqual(kept)
    first.close()
    const again = await openedStore(path)
    expect(await again.pairRowsOf('a', 's')).toEqual(kept)
    await again.savePairRows('a', 'other', { columns: columnsOf(2), about })
    expect(await again.pairRowsOf('a', 's')).toBeNull()
    expect(await again.pairRowsOf('a', 'other')).toEqual({ columns: columnsOf(2), about })
    expect(await again.hasPairRows('b', 's')).toBe(true)
  })

  it.each<[string, (store: Awaited<ReturnType<typeof storeWithRuns>>) => Promise<unknown>]>([
    ['measured anew', (store) => store.replaceMeasures('a', inBatches([measure({})]))],
    ['measured on', async (store) => (await store.createMeasureWriter('a')).close()],
    ['without measures', (store) => store.forgetMeasures('a')],
  ])('are none of a run that is %s, and others are as they were', async (_, write) => {
    const store = await storeWithRuns()
    for (const run of ['a', 'b']) await store.savePairRows(run, 's', { columns: columnsOf(3), about })
    await write(store)
    expect(await store.hasPairRows('a', 's')).toBe(false)
    expect(await store.pairRowsOf('a', 's')).toBeNull()
    expect(await store.pairRowsOf('b', 's')).toEqual({ columns: columnsOf(3), about })
  })
})

describe('ids of records by their place', () => {
  it.each<[string, readonly (readonly [number, string])[]]>([
    ['many', Array.from({ length: 5000 }, (_, place) => [4999 - place, `r${place}`] as const)],
    ['with gaps', [[3, 'r3'] as const, [0, 'r0'] as const, [4100, 'far'] as const]],
    ['with a line’s end in them', [[0, 'a\nb'] as const, [1, 'c'] as const]],
    ['with an empty one', [[0, ''] as const, [1, 'c'] as const]],
  ])('%s', async (_, ids) => {
    const store = await openedStore()
    await store.addRecords([recordOf('x')])
    const plan = ids.map(([ordinal, recordId]) => ({ recordId, ordinal, trials: 1 }))
    await store.createRun({ run: runOf('a'), status: 'planned', fingerprint: '' }, plan)
    const idOf = await store.recordIdsOf('a')
    expect(ids.map(([ordinal]) => idOf(ordinal))).toEqual(ids.map(([, id]) => id))
    expect([idOf(2), idOf(99_999)]).toEqual([ids.find(([ordinal]) => ordinal === 2)?.[1] ?? '', ''])
  })
})
