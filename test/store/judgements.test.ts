// Runs, measures and verdicts: what goes in comes out, Infinity and all.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Effect, Policy, Verdict } from '../../src/core/judgement.ts'
import type { MeasureRow } from '../../src/core/types.ts'
import { fromJson, toJson } from '../../src/store/json.ts'
import { recordOf, runOf } from '../support/nouns.ts'
import { gather, openedStore } from '../support/stores.ts'

const stored = (id: string, changes: Parameters<typeof runOf>[1] = {}, fingerprint = 'f') => ({
  run: runOf(id, changes),
  status: 'planned' as const,
  fingerprint,
})

describe('runs', () => {
  test('come back as they were, Infinity and words that read like it', async () => {
    const store = await openedStore()
    const run = stored('a', {
      settings: { model: 'Infinity', note: '~Infinity', retries: Infinity, low: -Infinity, text: 'NUL \u0000 👍' },
      notes: ['-Infinity'],
    })
    await store.createRun(run, [])
    expect(await store.findRun('a')).toEqual(run)
    expect(await store.findRun('b')).toBeNull()
  })

  test('are found by id, else the newest is', async () => {
    const store = await openedStore()
    expect(await store.findRun(null)).toBeNull()
    for (const [id, day] of [
      ['b', 2],
      ['c', 3],
      ['a', 1],
    ] as const) {
      await store.createRun(stored(id, { startedAt: `2026-11-0${day}T00:00:00.000Z` }), [])
    }
    expect((await store.findRun(null))?.run.id).toBe('c')
    expect((await store.findRun('a'))?.run.id).toBe('a')
  })

  test('a finished one says when', async () => {
    const store = await openedStore()
    await store.createRun(stored('a'), [])
    await store.setRunStatus('a', 'running', null)
    expect(await store.findRun('a')).toMatchObject({ status: 'running', run: { finishedAt: null } })
    await store.setRunStatus('a', 'replayed', '2026-11-23T01:02:03.456Z')
    const run = { finishedAt: '2026-11-23T01:02:03.456Z' }
    expect(await store.findRun('a')).toMatchObject({ status: 'replayed', run })
    await store.setRunStatus('a', 'reported', null)
    expect(await store.findRun('a'), 'its reports came later than its end').toMatchObject({ status: 'reported', run })
  })

  test('the newest unfinished one that would send the same is gone on with', async () => {
    const store = await openedStore()
    const on = (day: number) => ({ startedAt: `2026-11-0${day}T00:00:00.000Z` })
    await store.createRun(stored('old', on(1)), [])
    await store.createRun(stored('new', on(2)), [])
    await store.createRun(stored('done', on(3)), [])
    await store.createRun(stored('other', on(4), 'other settings'), [])
    await store.setRunStatus('done', 'reported', '2026-11-23T00:00:00.000Z')
    const unfinished = async (fingerprint = 'f', since = '2026-11-01T00:00:00.000Z') =>
      (await store.findUnfinishedRun(fingerprint, since))?.run.id
    expect(await unfinished()).toBe('new')
    await store.setRunStatus('new', 'running', null)
    expect(await unfinished()).toBe('new')
    await store.setRunStatus('new', 'replayed', null)
    expect(await unfinished(), 'replayed, but not judged yet').toBe('new')
    await store.setRunStatus('new', 'reported', null)
    expect(await unfinished()).toBe('old')
    expect(await unfinished('f', '2026-11-02T00:00:00.000Z'), 'too long ago').toBeUndefined()
    expect(await unfinished('nobody')).toBeUndefined()
  })

  test('one that cannot be stored whole is not stored at all, and the store works on', async () => {
    const store = await openedStore()
    const planned = [{ recordId: 'r', ordinal: 2 ** 40, productionTrials: 1 }]
    await expect(store.createRun(stored('a'), planned)).rejects.toThrow(/int32/)
    expect(await store.findRun('a')).toBeNull()
    await store.createRun(stored('a'), [{ recordId: 'r', ordinal: 0, productionTrials: 1 }])
    expect(await store.runRecords('a')).toHaveLength(1)
  })
})

describe('measures', () => {
  const measure = (changes: Partial<MeasureRow>): MeasureRow => ({
    recordId: 'r0',
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
  const rows: readonly MeasureRow[] = [
    measure({ metric: 'cost', production: 0.1 + 0.2, productionWeight: 3, candidate: 5e-324, candidateWeight: 0 }),
    measure({ comparison: 'candidate', production: Infinity, candidate: -Infinity }),
    measure({ comparison: 'noise', production: null, candidate: null, absent: 'no-reply' }),
    measure({ metric: 'text-similarity', version: 7, production: null, candidate: 1 }),
  ]

  async function storeWithRuns() {
    const store = await openedStore()
    const planned = ['r0', 'r1'].map((recordId, ordinal) => ({ recordId, ordinal, productionTrials: 1 }))
    await store.addRecords([recordOf('r0'), recordOf('r1')])
    await store.createRun(stored('a'), planned)
    await store.createRun(stored('b'), planned)
    return store
  }

  async function* inBatches(...batches: (readonly MeasureRow[])[]) {
    for (const batch of batches) yield await Promise.resolve(batch)
  }

  test('come back as they were, each metric together, in the order of replay', async () => {
    const store = await storeWithRuns()
    const given = [measure({ recordId: 'r1', metric: 'cost' }), ...rows]
    expect(await store.replaceMeasures('a', inBatches(given.slice(0, 2), [], given.slice(2)))).toBe(5)
    const [cost, ...rest] = rows
    expect(await gather(store.measuresOf('a'))).toEqual([cost, measure({ recordId: 'r1', metric: 'cost' }), ...rest])
    expect(await gather(store.measuresOf('b'))).toEqual([])
  })

  test('of a run are replaced, those of others stay', async () => {
    const store = await storeWithRuns()
    await store.replaceMeasures('a', inBatches(rows))
    await store.replaceMeasures('b', inBatches(rows))
    await store.replaceMeasures('a', inBatches([measure({ candidate: 9 })]))
    expect(await gather(store.measuresOf('a'))).toEqual([measure({ candidate: 9 })])
    expect(await gather(store.measuresOf('b'))).toEqual(rows)
  })

  test('stay as they were where the new ones fail half-way', async () => {
    const store = await storeWithRuns()
    await store.replaceMeasures('a', inBatches(rows))
    const failing = async function* () {
      yield* inBatches([measure({ candidate: 9 })])
      throw new Error('no more')
    }
    await expect(store.replaceMeasures('a', failing())).rejects.toThrow('no more')
    expect(await gather(store.measuresOf('a'))).toEqual(rows)
    expect(await store.replaceMeasures('a', inBatches([measure({})]))).toBe(1)
  })
})

describe('judgements', () => {
  const effect: Effect = {
    metric: 'latency-p95',
    segment: { key: 'route', value: 'Infinity' },
    better: 'lower',
    unit: 'ms',
    pairs: 100,
    clusters: 90,
    absent: { 'no-reply': 2 },
    production: 100,
    candidate: Infinity,
    estimate: Infinity,
    scale: 'ratio',
    interval: { low: 1.01, high: Infinity, level: 0.9 },
    method: 'quantile-ratio',
    noise: { estimate: 1, interval: { low: -Infinity, high: Infinity, level: 0.9 }, pairs: 20 },
  }
  const policy: Policy = {
    level: 0.95,
    rules: [],
    segments: ['route'],
    maxExcluded: 0.02,
    validityAlpha: 0.01,
    hold: true,
  }
  const verdict: Verdict = {
    decision: 'NO-GO',
    held: false,
    because: 'slower',
    next: 'look',
    findings: [
      {
        rule: { metric: 'latency-p95', segment: null, margin: 0.2, severity: 'block', mode: 'worse', stage: 'replay' },
        effect,
        outcome: 'fail',
        because: 'it is',
      },
    ],
    flags: [],
    invalid: [],
  }

  test('come back as they were, with Infinity on both sides; the last one counts', async () => {
    const store = await openedStore()
    expect(await store.judgementOf('a')).toBeNull()
    await store.saveJudgement('a', { policy, effects: [effect], verdict }, '2026-11-23T00:00:00.000Z')
    expect(await store.judgementOf('a')).toEqual({ policy, effects: [effect], verdict })
    const again = { policy, effects: [], verdict: { ...verdict, decision: 'GO' as const } }
    await store.saveJudgement('a', again, '2026-11-24T00:00:00.000Z')
    expect(await store.judgementOf('a')).toEqual(again)
  })

  test('fromJson undoes toJson', () => {
    const words = fc.constantFrom('Infinity', '-Infinity', '~Infinity', '~~-Infinity', '~', 'Infinity ')
    const leaf = fc.oneof(words, fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null))
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
    }))
    fc.assert(
      fc.property(value, (given) => {
        // JSON has no −0, and gives plain objects.
        const plain = JSON.parse(JSON.stringify([given], (_key, each: unknown) => (Object.is(each, -0) ? 0 : each)))
        if (toJson(given).includes('"__proto__"')) return
        const back = [fromJson(toJson(given))]
        if (toJson(given).includes('Infinity')) expect(toJson(back)).toBe(toJson([given]))
        else expect(back).toEqual(plain)
      }),
    )
  })
})
