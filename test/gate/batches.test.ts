// A run in batches: rules of time can't be evaluated, and none of them lets a GO through.

import { describe, expect, it } from 'vitest'
import type { Severity } from '../../src/core/judgement.ts'
import { decide } from '../../src/gate/decide.ts'
import { rolloutPolicy } from '../../src/gate/policy.ts'
import { evidence, policy, rule, soundRun, unmeasured } from './evidence.ts'

const times = ['latency-p50', 'latency-p95', 'ttft-p50', 'ttft-p95']
const ofBatch = times.map((metric) => unmeasured(metric, { 'not-measured': 1000 }))
const others = rolloutPolicy.rules.flatMap(({ metric }) => (times.includes(metric) ? [] : [evidence({ metric })]))

describe('the default policy', () => {
  const verdict = decide([...ofBatch, ...others], rolloutPolicy, soundRun)
  it('is INCONCLUSIVE, whatever else passes', () => {
    expect(verdict.decision).toBe('INCONCLUSIVE')
    expect(verdict.because).toContain('latency-p50, latency-p95')
  })
  it.each(times)('says of %s that a batch has none', (metric) => {
    const finding = verdict.findings.find((each) => each.rule.metric === metric)
    expect(finding).toMatchObject({ outcome: 'not-evaluable', effect: null })
    expect(finding?.because).toBe(
      `${metric}: nothing was measured: the requests were sent as batches, which have no latencies (1,000 pairs).`,
    )
  })
  it('says how to go on', () => {
    expect(verdict.next).toBe(
      'Leave latency to a run with replay.lane: live, or turn its rules off in the config, knowingly: ' +
        'gate.rules: [{ metric: latency-p50, severity: off }, { metric: latency-p95, severity: off }].',
    )
  })
})

it.each<[Severity, string]>([
  ['block', 'INCONCLUSIVE'],
  ['investigate', 'GO'],
  ['warn', 'GO'],
])('a rule of time that would %s: %s', (severity, decision) => {
  const rules = [rule({ severity }), rule({ metric: 'answered' })]
  expect(decide([...ofBatch, evidence({ metric: 'answered' })], policy(rules), soundRun).decision).toBe(decision)
})

it('a broken rule is NO-GO beside it', () => {
  const broken = evidence({ metric: 'cost', estimate: 2 })
  expect(decide([...ofBatch, broken], policy([rule(), rule({ metric: 'cost' })]), soundRun).decision).toBe('NO-GO')
})
