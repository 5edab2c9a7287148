// Measures: rows go in, columns come out, in the order of the run and with every number as it was.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { absenceReasons, comparisons, type MeasureRow, present } from '../../src/core/types.ts'
import { attemptOf } from '../support/nouns.ts'
import { openedStore, rethrow, startStoreChild, storePath } from '../support/stores.ts'
import { inBatches, measure, rowsOf, storeWithRuns } from './measured.ts'

const rows: readonly MeasureRow[] = [
  measure({ metric: 'cost', production: 0.1 + 0.2, productionWeight: 3, candidate: 5e-324, candidateWeight: 0 }),
  measure({ comparison: 'candidate', production: Infinity, candidate: -Infinity }),
  measure({ comparison: 'noise', production: null, candidate: null, absent: 'no-reply' }),
  measure({ metric: 'text-similarity', version: 7, production: null, candidate: 1 }),
]

const withZeros = (given: readonly MeasureRow[]): MeasureRow[] =>
  given.map((row) => ({
    ...row,
    production: row.production ?? 0,
    productionWeight: row.productionWeight ?? 0,
    candidate: row.candidate ?? 0,
    candidateWeight: row.candidateWeight ?? 0,
  }))

const keyOf = ({ metric, comparison, ordinal }: MeasureRow) => `${metric} ${comparison} ${String(ordinal).padStart(9)}`
const sorted = (given: readonly MeasureRow[]) => given.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))

describe('measures', () => {
  test('come back as they were, each metric together, in the order of the run', async () => {
    const store = await storeWithRuns()
    const given = [measure({ ordinal: 1, metric: 'cost' }), ...rows]
    expect(await store.replaceMeasures('a', inBatches(given.slice(0, 2), [], given.slice(2)))).toBe(5)
    const [cost, ...rest] = withZeros(rows)
    expect(await store.read('a')).toEqual([cost, ...withZeros([measure({ ordinal: 1, metric: 'cost' })]), ...rest])
    expect(await store.read('b')).toEqual([])
  })

  test('are columns in step', async () => {
    const store = await storeWithRuns()
    await store.replaceMeasures(
      'a',
      inBatches([measure({ ordinal: 1, absent: 'excluded', production: null }), measure({})]),
    )
    expect(await store.measuresOf('a')).toEqual([
      {
        metric: 'latency',
        comparison: 'candidate',
        version: 1,
        ordinal: Int32Array.of(0, 1),
        production: Float64Array.of(1.5, 0),
        productionWeight: Float64Array.of(0, 0),
        candidate: Float64Array.of(2.25, 2.25),
        candidateWeight: Float64Array.of(0, 0),
        absent: Uint8Array.of(present, absenceReasons.indexOf('excluded')),
      },
    ])
  })

  test('of every comparison and with every reason there is', async () => {
    const store = await storeWithRuns()
    const given = comparisons.flatMap((comparison) => [
      measure({ comparison }),
      ...absenceReasons.map((absent, place) =>
        measure({ comparison, ordinal: place + 1, absent, production: null, candidate: null }),
      ),
    ])
    await store.replaceMeasures('a', inBatches(given))
    expect(await store.read('a')).toEqual(withZeros(given))
  })

  test('by the ten thousands, in any order and in batches of any size', async () => {
    const store = await storeWithRuns()
    const given = Array.from({ length: 20_000 }, (_, index) =>
      measure({ ordinal: (index * 7919) % 20_000, metric: `m${index % 3}`, production: index / 7, candidate: -index }),
    )
    const batches = [given.slice(0, 1), given.slice(1, 2049), given.slice(2049, 4097), given.slice(4097)]
    expect(await store.replaceMeasures('a', inBatches(...batches))).toBe(20_000)
    expect(sorted(await store.read('a'))).toEqual(sorted(withZeros(given)))
  })

  test('any numbers come back to the last bit', async () => {
    const store = await storeWithRuns()
    const number = fc.option(fc.double({ noNaN: true }))
    const row = fc.record({
      comparison: fc.constantFrom(...comparisons),
      metric: fc.constantFrom('latency', 'ttft', 'refused', 'a metric of tomorrow’s'),
      production: number,
      productionWeight: number,
      candidate: number,
      candidateWeight: number,
      absent: fc.option(fc.constantFrom(...absenceReasons)),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 50 }), async (generated) => {
        const given = generated.map((each, ordinal) => measure({ ...each, ordinal }))
        await store.replaceMeasures('a', inBatches(given))
        expect(sorted(await store.read('a'))).toEqual(sorted(withZeros(given)))
      }),
      { seed: 20261123, numRuns: 15 },
    )
  })

  test('of a run are replaced, those of others stay', async () => {
    const store = await storeWithRuns()
    await store.replaceMeasures('a', inBatches(rows))
    await store.replaceMeasures('b', inBatches(rows))
    await store.replaceMeasures('a', inBatches([measure({ candidate: 9 })]))
    expect(await store.read('a')).toEqual(withZeros([measure({ candidate: 9 })]))
    expect(await store.read('b')).toEqual(withZeros(rows))
  })

  test('stay as they were where the new ones fail half-way', async () => {
    const store = await storeWithRuns()
    await store.replaceMeasures('a', inBatches(rows))
    const failing = async function* () {
      yield* inBatches([measure({ candidate: 9 })])
      throw new Error('no more')
    }
    await expect(store.replaceMeasures('a', failing())).rejects.toThrow('no more')
    expect(await store.read('a')).toEqual(withZeros(rows))
    expect(await store.replaceMeasures('a', inBatches([measure({})]))).toBe(1)
  })

  test('are forgotten, those of others are not', async () => {
    const store = await storeWithRuns()
    await store.replaceMeasures('a', inBatches(rows))
    await store.replaceMeasures('b', inBatches(rows))
    await store.forgetMeasures('a')
    expect([await store.read('a'), await store.read('b')]).toEqual([[], withZeros(rows)])
    await store.forgetMeasures('nobody')
  })

  test('keep the numbers of their metrics when the store is opened again', async () => {
    const path = storePath()
    const first = await storeWithRuns(path)
    await first.replaceMeasures('a', inBatches(rows))
    first.close()
    const second = await openedStore(path)
    await second.replaceMeasures('b', inBatches([measure({ metric: 'ttft' }), ...rows.toReversed()]))
    expect(rowsOf(await second.measuresOf('a'))).toEqual(withZeros(rows))
    const names = (await second.measuresOf('b')).map(({ metric, comparison }) => `${metric} ${comparison}`)
    expect(names, 'in the order in which the store met them').toEqual([
      'cost candidate',
      'latency candidate',
      'latency noise',
      'text-similarity candidate',
      'ttft candidate',
    ])
  })

  test('leave the file free when the store is closed', async () => {
    const path = storePath()
    const store = await storeWithRuns(path)
    await store.replaceMeasures('a', inBatches(rows))
    const writer = await store.createMeasureWriter('b')
    writer.write(rows)
    writer.close()
    store.close()
    const child = startStoreChild(path, 'hold')
    expect(await child.until((line) => line === 'held')).toBe('held')
  })
})

describe('a writer of measures', () => {
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => measure({ ordinal: from + index }))

  test('writes beside the attempts as they come, and what is left as it closes', async () => {
    const store = await storeWithRuns()
    const writer = await store.createMeasureWriter('a')
    const attempts = await store.createAttemptWriter('a', rethrow)
    for (const row of rows) writer.write([row])
    writer.write([])
    attempts.write(attemptOf('r0'))
    writer.close()
    attempts.close()
    expect(await store.read('a')).toEqual(withZeros(rows))
    expect(await store.read('b')).toEqual([])
  })

  test.each([
    ['one', 1],
    ['one less than a chunk', 2047],
    ['a chunk', 2048],
    ['one more than a chunk', 2049],
    ['several chunks', 5000],
  ])('has all that was written when it is flushed: %s', async (_, count) => {
    const store = await storeWithRuns()
    const writer = await store.createMeasureWriter('a')
    writer.write(many(0, count))
    writer.flush()
    expect(await store.read('a')).toHaveLength(count)
    writer.write(many(count, 3))
    writer.flush()
    writer.flush()
    expect((await store.read('a')).map(({ ordinal }) => ordinal)).toEqual(
      many(0, count + 3).map(({ ordinal }) => ordinal),
    )
    writer.close()
    expect(await store.read('a')).toHaveLength(count + 3)
  })

  test('adds to what the run has', async () => {
    const store = await storeWithRuns()
    for (const from of [0, 3]) {
      const writer = await store.createMeasureWriter('a')
      writer.write(many(from, 3))
      writer.close()
    }
    expect((await store.read('a')).map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3, 4, 5])
  })
})
