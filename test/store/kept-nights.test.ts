// What history keeps of judged runs: small, from the verdict, and there when the calls are gone.

import { describe, expect, test } from 'vitest'
import type { Effect, Finding, Policy, Segment, Verdict } from '../../src/core/judgement.ts'
import type { Store } from '../../src/store/store.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../support/nouns.ts'
import { askDuckdb, openedStore, rethrow, storePath } from '../support/stores.ts'

const rule = {
  metric: 'latency-p95',
  segment: null,
  margin: 0.2,
  severity: 'block',
  mode: 'worse',
  stage: 'replay',
} as const
const effect: Effect = {
  metric: 'latency-p95',
  segment: null,
  better: 'lower',
  unit: 'ms',
  pairs: 100,
  clusters: 90,
  absent: {},
  production: 100,
  candidate: 110,
  estimate: 1.1,
  scale: 'ratio',
  interval: { low: 1.02, high: Infinity, level: 0.9 },
  method: 'quantile-ratio',
  noise: null,
  typical: null,
  overTime: null,
}
const finding = (changes: Partial<Finding> = {}): Finding => ({
  rule,
  effect,
  outcome: 'pass',
  because: 'x'.repeat(100),
  look: null,
  morePairs: null,
  ...changes,
})
const ofSegment = (value: string) => {
  const segment = { key: 'route', value }
  return finding({ rule: { ...rule, segment }, effect: { ...effect, segment } })
}
const policy: Policy = {
  level: 0.95,
  rules: [rule],
  segments: ['route'],
  maxExcluded: 0.02,
  validityAlpha: 0.01,
  hold: true,
  looks: null,
}
const verdictOf = (findings: readonly Finding[]): Verdict => ({
  decision: 'GO',
  held: true,
  because: 'all hold',
  next: 'open the canary',
  findings,
  flags: [],
  invalid: [],
  looks: [],
  blind: [],
})
const at = (day: number) => new Date(Date.UTC(2026, 0, 1 + day, 2, 30)).toISOString()

async function judge(
  store: Store,
  id: string,
  day: number,
  given: { findings?: readonly Finding[]; policy?: Policy } = {},
) {
  const judgement = { policy: given.policy ?? policy, effects: [], verdict: verdictOf(given.findings ?? [finding()]) }
  await store.saveJudgement(id, judgement, at(day))
}

async function judgedRun(store: Store, id: string, day: number, findings?: readonly Finding[]): Promise<void> {
  await store.createRun({ run: runOf(id, { startedAt: at(day) }), status: 'reported', fingerprint: 'f' }, [])
  await judge(store, id, day, findings && { findings })
}

async function addAttempts(store: Store, runId: string): Promise<void> {
  const writer = await store.createAttemptWriter(runId, rethrow)
  for (const [ordinal, servedModel] of ['now-2', 'now-1', 'now-2', null].entries()) {
    writer.write(attemptOf('r', { ordinal, outcome: replyOf({ servedModel }) }))
  }
  writer.write(attemptOf('r', { arm: 'candidate', outcome: replyOf({ servedModel: 'next' }) }))
  writer.close()
}

describe('a judged run', () => {
  test('is kept with the findings of the rules for all records, and without their words', async () => {
    const store = await openedStore()
    await judgedRun(store, 'one', 0, [
      finding(),
      ofSegment('chat'),
      finding({ effect: null, outcome: 'not-evaluable', isMoot: true }),
    ])
    const [night, ...others] = await store.keptNights({ segment: null })
    expect(others).toEqual([])
    expect(night).toMatchObject({
      run: { id: 'one', startedAt: at(0), targets: { candidate: { model: 'test-model' } } },
      decidedAt: at(0),
      policy: { level: 0.95, rules: [rule] },
      verdict: { decision: 'GO', held: true, because: 'all hold' },
    })
    const { pairs, clusters, production, candidate, estimate, interval, noise } = effect
    const measured = { pairs, clusters, production, candidate, estimate, interval, noise }
    const kept = { better: 'lower', unit: 'ms', scale: 'ratio', ...measured }
    expect(night?.verdict.findings).toEqual([
      { rule, outcome: 'pass', effect: kept },
      { rule, outcome: 'not-evaluable', isMoot: true, effect: null },
    ])
    const findingsOf = async (segment: Segment | 'any') =>
      (await store.keptNights({ segment })).flatMap(({ verdict }) => verdict.findings)
    expect(await findingsOf({ key: 'route', value: 'chat' })).toMatchObject([{ effect: kept }])
    expect(await findingsOf({ key: 'route', value: 'none' })).toEqual([])
    expect(await findingsOf('any')).toHaveLength(3)
  })

  test('judged again, is kept as it was judged last', async () => {
    const store = await openedStore()
    await judgedRun(store, 'one', 0)
    await judge(store, 'one', 1, { findings: [finding({ outcome: 'fail' })] })
    expect(await store.keptNights({ segment: null })).toMatchObject([
      { decidedAt: at(1), verdict: { findings: [{ outcome: 'fail' }] } },
    ])
  })

  test('keeps its policy, but for what people reviewed', async () => {
    const store = await openedStore()
    await judgedRun(store, 'one', 0)
    await judge(store, 'one', 0, { policy: { ...policy, reviews: { at: at(0), list: [] } } })
    expect((await store.keptNights({ segment: null })).map((night) => night.policy)).toEqual([policy])
  })

  test('keeps what its calls came to when retention takes them', async () => {
    const path = storePath()
    const store = await openedStore(path)
    await store.addRecords([recordOf('r')])
    for (const [day, id] of ['old', 'new'].entries()) {
      await store.createRun({ run: runOf(id, { startedAt: at(day) }), status: 'reported', fingerprint: 'f' }, [])
      await addAttempts(store, id)
      await judge(store, id, day)
    }
    const before = await store.keptNights({ segment: null })
    expect(before[0]?.calls).toEqual({
      production: {
        calls: 4,
        usage: { input: 80, output: 20, cachedInput: 40, cacheWrite: 0 },
      },
      candidate: { calls: 1, usage: { input: 20, output: 5, cachedInput: 10, cacheWrite: 0 } },
    })
    expect(before[0]?.servedModels).toEqual({ production: ['now-1', 'now-2'], candidate: ['next'] })
    const rewritten = await store.rewriteWithout({ textsBefore: at(1), attemptsBefore: at(1) }, at(2))
    await rewritten.put()
    store.close()
    const again = await openedStore(path)
    expect(await again.callCounts('old')).toEqual([])
    expect(await again.keptNights({ segment: null })).toEqual(before)
  })

  test('that was imported, or judged before history was kept, is kept when history is read first', async () => {
    const path = storePath()
    const store = await openedStore(path)
    await judgedRun(store, 'one', 0)
    const before = await store.keptNights({ segment: null })
    store.close()
    await askDuckdb(path, 'DELETE FROM kept_night; DELETE FROM kept_finding; DELETE FROM call_sum', 'READ_WRITE')
    expect(await (await openedStore(path)).keptNights({ segment: null })).toEqual(before)
  })

  test('by an early shadowgate, whose verdicts say nothing of holding, is kept as not held', async () => {
    const path = storePath()
    const store = await openedStore(path)
    await judgedRun(store, 'one', 0)
    store.close()
    const without = `UPDATE verdict SET judgement = json_merge_patch(judgement, '{"verdict": {"held": null}}')`
    await askDuckdb(path, `DELETE FROM kept_night; ${without}`, 'READ_WRITE')
    expect(await (await openedStore(path)).keptNights({ segment: null })).toMatchObject([{ verdict: { held: false } }])
  })
})

describe('nights with large verdicts', () => {
  /** 150 MB of them, in few findings with many words: more than DuckDB, which doubles what it holds, has room for. */
  test('are read, followed and written anew in the memory that the store has', { timeout: 300_000 }, async () => {
    const path = storePath()
    const store = await openedStore(path)
    const findings = [
      finding(),
      ...Array.from({ length: 40 }, (_, place) => ({ ...ofSegment(`route-${place}`), because: 'x'.repeat(30_000) })),
    ]
    for (let day = 0; day < 120; day++) await judgedRun(store, `run-${String(day).padStart(4, '0')}`, day, findings)
    const nights = await store.keptNights({ most: 100, segment: null })
    expect(nights).toHaveLength(100)
    expect([nights[0]?.run.id, nights.at(-1)?.run.id]).toEqual(['run-0020', 'run-0119'])
    expect(await store.countJudged()).toBe(120)
    expect(await store.decisionBefore('run-0050')).toEqual({ runId: 'run-0049', decision: 'GO', held: true })
    const rewritten = await store.rewriteWithout({ textsBefore: at(50), attemptsBefore: at(50) }, at(121))
    await rewritten.put()
    store.close()
    const again = await openedStore(path)
    expect(await again.keptNights({ most: 100, segment: null })).toEqual(nights)
    expect((await again.judgementOf('run-0000'))?.verdict.findings).toHaveLength(41)
  })
})
