// Which rules a canary is judged by, and what each does there.

import { describe, expect, it } from 'vitest'
import { comparableOf } from '../../../../src/commands/canary/clerk/comparable.ts'
import type { Policy, Rule } from '../../../../src/core/judgement.ts'
import { rolloutPolicy } from '../../../../src/gate/policy.ts'
import { metrics } from '../../../../src/score/metrics/index.ts'

const severities = (policy: Policy) =>
  Object.fromEntries(comparableOf(metrics, policy).policy.rules.map(({ metric, severity }) => [metric, severity]))

function changed(metric: string, parts: Partial<Rule>): Policy {
  return {
    ...rolloutPolicy,
    rules: rolloutPolicy.rules.map((rule) => (rule.metric === metric ? { ...rule, ...parts } : rule)),
  }
}

describe('the rules of a canary', () => {
  it('by default roll back for what the lesson rolls back for, and hold for what it looks into', () => {
    expect(severities(rolloutPolicy)).toEqual({
      answered: 'block',
      'latency-p50': 'block',
      'latency-p95': 'block',
      'cache-hit-rate': 'block',
      'json-valid': 'block',
      feedback: 'block',
      'feedback-rate': 'investigate',
      refused: 'investigate',
      'ttft-p50': 'investigate',
      'ttft-p95': 'investigate',
      'output-tokens': 'investigate',
      'tool-called': 'investigate',
      finished: 'investigate',
      repetitive: 'investigate',
      'answer-length': 'investigate',
      cost: 'warn',
    })
  })
  it('leave out what only pairs can tell', () => {
    expect(severities(rolloutPolicy)).not.toHaveProperty('text-similarity')
  })
  it.each<[string, Partial<Rule>, string | undefined]>([
    ['its severity', { severity: 'warn' }, 'warn'],
    ['what it does in the canary, before its severity', { severity: 'warn', canary: 'block' }, 'block'],
    ['nothing, where it is off there', { canary: 'off' }, undefined],
  ])('have %s', (_, parts, expected) => {
    expect(severities(changed('refused', parts))['refused']).toBe(expected)
  })
  it('ask nothing of feedback where its rule is off there', () => {
    const rules = severities(changed('feedback', { canary: 'off' }))
    expect([rules['feedback'], rules['feedback-rate']]).toEqual([undefined, undefined])
  })
  it.each<[string, Partial<Rule>, boolean, string]>([
    ['roll back for cache hits where both caches are as cold', {}, true, 'block'],
    ['keep the ramp for them where the control has production’s warm one', {}, false, 'investigate'],
    ['roll back there too where the config says so', { canary: 'block' }, false, 'block'],
    ['are no stricter there than they were', { severity: 'warn' }, false, 'warn'],
  ])('%s', (_, parts, isCacheMatched, expected) => {
    const { policy } = comparableOf(metrics, changed('cache-hit-rate', parts), isCacheMatched)
    expect(policy.rules.find(({ metric }) => metric === 'cache-hit-rate')?.severity).toBe(expected)
  })
  it('are all decided there', () => {
    const { policy } = comparableOf(metrics, rolloutPolicy)
    expect(policy.stage).toBe('canary')
    expect(new Set(policy.rules.map(({ stage }) => stage))).toEqual(new Set(['canary']))
  })
})
