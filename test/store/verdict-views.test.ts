// The views of what became of runs and rules: a public contract.

import { describe, expect, test } from 'vitest'
import { runOf } from '../support/nouns.ts'
import { askDuckdb as ask, columnsIn, openedStore, storePath } from '../support/stores.ts'

describe('runs and findings', () => {
  const rule = { metric: 'latency-p95', segment: { key: 'route', value: 'chat' }, margin: 0.2, severity: 'block' }
  const effect = { scale: 'ratio', pairs: 40, production: 10, candidate: 15, estimate: 1.5 }
  const findings = [
    { rule, outcome: 'fail', because: 'slower', effect: { ...effect, interval: { low: 1.25, high: Infinity } } },
    { rule: { ...rule, segment: null }, outcome: 'not-evaluable', because: 'nothing measured', effect: null },
  ]

  async function judgedStore(): Promise<string> {
    const path = storePath()
    const store = await openedStore(path)
    await store.createRun({ run: runOf('run'), status: 'replayed', fingerprint: 'f' }, [])
    const verdict = { decision: 'NO-GO', held: false, because: '', findings }
    const judgement = { policy: {}, effects: [], verdict } as unknown as Parameters<typeof store.saveJudgement>[1]
    await store.saveJudgement('run', judgement, '2026-11-23T01:00:00.000Z')
    await store.createRun({ run: runOf('next'), status: 'planned', fingerprint: 'f' }, [])
    store.close()
    return path
  }

  test('have the columns that are documented', async () => {
    const path = await judgedStore()
    expect(await columnsIn(path, 'runs')).toEqual([
      'run_id VARCHAR',
      'started_at TIMESTAMP',
      'finished_at TIMESTAMP',
      'status VARCHAR',
      'decision VARCHAR',
      'is_held BOOLEAN',
      'production_model VARCHAR',
      'candidate_model VARCHAR',
      'records BIGINT',
      'dataset VARCHAR',
      'seed BIGINT',
      'decided_at TIMESTAMP',
    ])
    expect(await columnsIn(path, 'findings')).toEqual([
      'run_id VARCHAR',
      'decided_at TIMESTAMP',
      'metric VARCHAR',
      'segment_key VARCHAR',
      'segment_value VARCHAR',
      'severity VARCHAR',
      'outcome VARCHAR',
      'margin DOUBLE',
      'scale VARCHAR',
      'pairs BIGINT',
      'production DOUBLE',
      'candidate DOUBLE',
      'estimate DOUBLE',
      'low DOUBLE',
      'high DOUBLE',
      'because VARCHAR',
    ])
  })

  test('say what became of each run, and of each rule', async () => {
    const path = await judgedStore()
    const runs = await ask(path, 'SELECT run_id, status, decision, is_held, candidate_model FROM runs ORDER BY run_id')
    expect(runs.map((row) => Object.values(row))).toEqual([
      ['next', 'planned', null, null, 'test-model'],
      ['run', 'replayed', 'NO-GO', false, 'test-model'],
    ])
    const said = await ask(path, 'SELECT * EXCLUDE (run_id, decided_at) FROM findings ORDER BY segment_key NULLS LAST')
    expect(said.map((row) => Object.values(row))).toEqual([
      ['latency-p95', 'route', 'chat', 'block', 'fail', 0.2, 'ratio', 40n, 10, 15, 1.5, 1.25, Infinity, 'slower'],
      ['latency-p95', null, null, 'block', 'not-evaluable', 0.2, ...Array(7).fill(null), 'nothing measured'],
    ])
  })
})
