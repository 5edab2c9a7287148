// Whether a replay's measures are all there already: by every pair, by every metric, in the version of today.

import { describe, expect, test } from 'vitest'
import type { Attempt, MeasureRow } from '../../src/core/types.ts'
import { attemptOf } from '../support/nouns.ts'
import { rethrow } from '../support/stores.ts'
import { inBatches, measure, storeWithRuns } from './measured.ts'

describe('isMeasured', () => {
  const versions = new Map([
    ['latency', 1],
    ['refused', 2],
  ])
  /** Both metrics of one pair. */
  const pairOf = (ordinal: number) => [measure({ ordinal }), measure({ ordinal, metric: 'refused', version: 2 })]
  const both = (ordinal: number) =>
    (['production', 'candidate'] as const).map((arm) => attemptOf(`r${ordinal}`, { ordinal, arm }))

  async function said(attempts: readonly Attempt[], measures: readonly MeasureRow[]) {
    const store = await storeWithRuns()
    const writer = await store.createAttemptWriter('a', rethrow)
    for (const attempt of attempts) writer.write(attempt)
    writer.close()
    await store.replaceMeasures('a', inBatches(measures))
    await store.replaceMeasures('b', inBatches([...pairOf(0), measure({ metric: 'ttft' })]))
    return store.isMeasured('a', versions)
  }

  test.each<[string, Attempt[], MeasureRow[]]>([
    ['every pair by every metric', [...both(0), ...both(1)], [...pairOf(0), ...pairOf(1)]],
    [
      'pairs that came to no end need none',
      [...both(0), attemptOf('r1', { ordinal: 1 }), attemptOf('r1', { ordinal: 1, arm: 'candidate', isFinal: false })],
      pairOf(0),
    ],
    [
      'second answers and rounds make no further pair',
      [
        ...both(0),
        ...both(0).map((each) => ({ ...each, trial: 1 })),
        ...both(0).map((each) => ({ ...each, round: 1 })),
      ],
      [...pairOf(0), measure({ comparison: 'noise', version: 9 })],
    ],
    [
      'also where a pair does not vote',
      both(0),
      pairOf(0).map((row) => ({ ...row, production: null, candidate: null, absent: 'excluded' as const })),
    ],
  ])('yes: %s', async (_, attempts, measures) => {
    expect(await said(attempts, measures)).toBe(true)
  })

  test.each<[string, Attempt[], MeasureRow[]]>([
    ['nothing was measured', both(0), []],
    ['nothing was sent', [], []],
    ['a pair was left out', [...both(0), ...both(1)], pairOf(0)],
    ['a metric was left out', both(0), pairOf(0).slice(0, 1)],
    ['a metric of one pair was left out', [...both(0), ...both(1)], [...pairOf(0), ...pairOf(1).slice(0, 1)]],
    ['an older version of a metric', both(0), [measure({}), measure({ metric: 'refused', version: 1 })]],
    [
      'an older version in one pair',
      [...both(0), ...both(1)],
      [...pairOf(0), measure({ ordinal: 1 }), measure({ ordinal: 1, metric: 'refused', version: 1 })],
    ],
    ['a metric that is no more', both(0), [...pairOf(0), measure({ metric: 'ttft' })]],
    ['the noise alone', both(0), pairOf(0).map((row) => ({ ...row, comparison: 'noise' as const }))],
  ])('no: %s', async (_, attempts, measures) => {
    expect(await said(attempts, measures)).toBe(false)
  })
})
