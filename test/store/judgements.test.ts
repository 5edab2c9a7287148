// Runs and verdicts: what goes in comes out, Infinity and all.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Effect, Policy, Verdict } from '../../src/core/judgement.ts'
import { fromJson, toJson } from '../../src/store/json.ts'
import { recordOf, runOf } from '../support/nouns.ts'
import { openedStore } from '../support/stores.ts'

const stored = (id: string, changes: Parameters<typeof runOf>[1] = {}, fingerprint = 'f') => ({
  run: runOf(id, changes),
  status: 'planned' as const,
  fingerprint,
})

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
  typical: 1.25,
  overTime: 'allowed-for',
}
const policy: Policy = {
  level: 0.95,
  rules: [],
  segments: ['route'],
  maxExcluded: 0.02,
  validityAlpha: 0.01,
  hold: true,
  looks: null,
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
      look: 2,
      morePairs: { atEstimate: null, ifEqual: 120 },
    },
  ],
  flags: [],
  invalid: [],
  looks: [{ records: 100, alphaPass: 0.001, alphaFail: 0, decided: { 'latency-p95': 'fail' }, open: 3 }],
  blind: [{ segment: { key: 'route', value: 'Infinity' }, metric: 'answered', pairs: 12, smallest: Infinity }],
}
const judgement = { policy, effects: [effect], verdict }

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

  test('are found by id, else the one that was drawn last is, also on a clock that was turned back', async () => {
    const store = await openedStore()
    expect(await store.findRun(null)).toBeNull()
    for (const [id, day] of [
      ['b', 2],
      ['c', 3],
      ['a', 1],
    ] as const) {
      await store.createRun(stored(id, { startedAt: `2026-11-0${day}T00:00:00.000Z` }), [])
    }
    expect((await store.findRun(null))?.run.id).toBe('a')
    expect((await store.findRun('c'))?.run.id).toBe('c')
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

  test.each([
    ['as in the log', { pace: 'open', timeScale: 2.5, lane: 'live', salted: false }],
    ['in a batch', { pace: 'closed', timeScale: 1, lane: 'batch', salted: true }],
  ] as const)('say how they were sent: %s', async (_, replay) => {
    const store = await openedStore()
    await store.createRun(stored('a', { replay }), [])
    expect((await store.findRun('a'))?.run.replay).toEqual(replay)
  })

  test('one that was stopped says why, and the others go on', async () => {
    const store = await openedStore()
    const stopped = {
      why: 'cost-limit',
      because: 'It\'s at the limit of "$2"; Infinity is no price 👍.',
      records: null,
    } as const
    await store.createRun(stored('a'), [])
    await store.createRun(stored('b'), [])
    await store.stopRun('a', stopped)
    expect((await store.findRun('a'))?.run).toEqual(runOf('a', { stopped }))
    expect((await store.findRun('b'))?.run.stopped).toBeNull()
    await store.setRunStatus('a', 'replayed', '2026-11-23T01:02:03.456Z')
    expect((await store.findRun('a'))?.run).toEqual(runOf('a', { stopped, finishedAt: '2026-11-23T01:02:03.456Z' }))
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

  test('those that were judged are named newest first, and those that two have in common are counted', async () => {
    const store = await openedStore()
    const planned = (...ids: string[]) => ids.map((recordId, ordinal) => ({ recordId, ordinal, trials: 1 }))
    await store.addRecords(['r', 's', 't'].map((id) => recordOf(id)))
    for (const [id, day, records] of [
      ['b', 2, planned('r', 's')],
      // Two of one instant; and one after the clock was turned back.
      ['a', 2, planned('s', 't')],
      ['c', 1, planned('r', 's', 't')],
      ['d', 4, []],
    ] as const) {
      await store.createRun(stored(id, { startedAt: `2026-11-0${day}T00:00:00.000Z` }), records)
    }
    expect(await store.judgedRuns(null)).toEqual([])
    for (const id of ['a', 'c', 'b']) await store.saveJudgement(id, judgement, '2026-11-23T00:00:00.000Z')
    expect(await store.judgedRuns(null), 'd was not judged').toEqual(['c', 'a', 'b'])
    expect(await store.judgedRuns('d')).toEqual(['c', 'a', 'b'])
    expect(await store.judgedRuns('a')).toEqual(['b'])
    expect(await store.judgedRuns('b')).toEqual([])
    expect((await store.decisionBefore('c'))?.runId).toBe('a')
    expect((await store.decisionBefore(null))?.runId).toBe('c')
    expect(await store.decisionBefore('b')).toBeNull()
    expect(await store.sharedRecords('a', 'b')).toBe(1)
    expect(await store.sharedRecords('c', 'b')).toBe(2)
    expect(await store.sharedRecords('c', 'd')).toBe(0)
  })

  test('one that cannot be stored whole is not stored at all, and the store works on', async () => {
    const store = await openedStore()
    const planned = [{ recordId: 'r', ordinal: 2 ** 40, trials: 1 }]
    await expect(store.createRun(stored('a'), planned)).rejects.toThrow(/int32/)
    expect(await store.findRun('a')).toBeNull()
    await store.addRecords([recordOf('r')])
    await store.createRun(stored('a'), [{ recordId: 'r', ordinal: 0, trials: 1 }])
    expect(await store.runOutlines('a')).toHaveLength(1)
  })
})

describe('judgements', () => {
  test('come back as they were, with Infinity on both sides; the last one counts', async () => {
    const store = await openedStore()
    expect(await store.judgementOf('a')).toBeNull()
    await store.saveJudgement('a', judgement, '2026-11-23T00:00:00.000Z')
    expect(await store.judgementOf('a')).toEqual(judgement)
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
