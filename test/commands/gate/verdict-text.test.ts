// The verdict on the terminal, as it reads without colours; UPDATE_GOLDEN=1 writes it anew.

import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { verdictText } from '../../../src/commands/gate/verdict-text.ts'
import type { ChangeCluster } from '../../../src/core/changes.ts'
import type { Decision, Effect, Finding, FindingOutcome, Verdict } from '../../../src/core/judgement.ts'
import type { Judged } from '../../../src/report/index.ts'
import { goldenText } from '../../support/golden.ts'

function finding(metric: string, outcome: FindingOutcome, parts: Partial<Finding['rule']> = {}): Finding {
  const rule = {
    metric,
    segment: null,
    margin: 0.2,
    severity: 'block',
    mode: 'worse',
    stage: 'replay',
    ...parts,
  } as const
  return { rule, effect: null, outcome, because: `${metric}: what was seen.`, look: null, morePairs: null }
}

/** The one finding with figures. */
const effect: Effect = {
  metric: 'latency-p95',
  segment: null,
  better: 'lower',
  unit: 'ms',
  pairs: 400,
  clusters: 400,
  absent: {},
  production: 1200,
  candidate: 1680,
  estimate: 1.4,
  scale: 'ratio',
  interval: { low: 1.31, high: 1.52, level: 0.9 },
  method: 'mover-order-statistics',
  noise: null,
  typical: null,
  overTime: null,
}

const task = (value: string) => ({ segment: { key: 'task', value } })

const full: Verdict = {
  decision: 'NO-GO',
  held: false,
  because: 'The candidate is shown to break 2 blocking rules: latency-p95, refused in task=prime.',
  next: 'Keep production.',
  findings: [
    finding('answered', 'pass'),
    { ...finding('latency-p95', 'fail'), effect },
    finding('text-similarity', 'inconclusive', { severity: 'investigate' }),
    finding('cost', 'not-evaluable', { severity: 'warn' }),
    finding('refused in task=prime', 'fail', task('prime')),
    finding('refused in task=code', 'pass', task('code')),
    finding('answered in task=code', 'inconclusive', task('code')),
  ],
  flags: ['refused: different: +3.40 pp.'],
  invalid: [],
  looks: [],
  blind: [],
}

const bare = (decision: Decision): Verdict => ({
  decision,
  held: false,
  because: 'Why.',
  next: 'What next.',
  findings: [],
  flags: [],
  invalid: [],
  looks: [],
  blind: [],
})

const judged = (verdict: Verdict): Judged => ({
  verdict,
  effects: [effect],
  policy: {
    level: 0.95,
    rules: verdict.findings.map(({ rule }) => rule),
    segments: ['task'],
    maxExcluded: 0.02,
    validityAlpha: 0.01,
    hold: true,
    looks: null,
  },
})

const cluster: ChangeCluster = {
  id: '0a1b2c3d4e5f',
  kind: 'collapsed',
  words: 'answers collapsed',
  segment: { key: 'task', value: 'prime' },
  template: null,
  pairs: 998,
  of: 1000,
  noise: { pairs: 2, of: 298 },
  mirror: null,
  isBeyondNoise: true,
  example: { ordinal: 12, recordId: 'r12' },
  lengths: { unit: 'tokens', before: 176, after: 3 },
  latencyRatio: null,
}

it.each([60, null])('what changed stands under the decision, five lines of it, within %s columns', (columns) => {
  const clusters = [...Array.from({ length: 7 }, () => cluster), { ...cluster, isBeyondNoise: false }]
  const text = stripVTControlCharacters(
    verdictText(judged(full), columns, { clusters, directions: [], opinions: null, judge: null }),
  )
  expect(text.match(/^- task=prime · answers collapsed:/gm)).toHaveLength(5)
  expect(text).toContain('… and 2 more, in the report')
  expect(text.indexOf('What changed')).toBeLessThan(text.indexOf('Blocking rules'))
  expect(Math.max(...text.split('\n').map((each) => each.length))).toBeLessThanOrEqual(columns ?? Infinity)
})

describe('the verdict', () => {
  it('reads as in the golden file', () => {
    const text = `${stripVTControlCharacters(verdictText(judged(full), null))}\n`
    expect(text).toBe(goldenText(new URL('../golden/verdict.txt', import.meta.url), text))
  })
  it.each([60, 80, 100, 140])('keeps within %i columns', (columns) => {
    const lines = stripVTControlCharacters(verdictText(judged(full), columns)).split('\n')
    expect(Math.max(...lines.map((each) => each.length))).toBeLessThanOrEqual(columns)
    expect(lines.join('\n')).toMatch(/\+40\.0\s%/)
  })
  it.each(['GO', 'INCONCLUSIVE', 'NO-GO', 'INVALID'] as const)('%s comes first, and the count last', (decision) => {
    const lines = stripVTControlCharacters(verdictText(judged(bare(decision)), null))
      .trimStart()
      .split('\n')
    expect(lines[0]).toBe(`${decision}  Why.`)
    expect(lines[1]?.trim()).toBe('What next.')
    expect(lines.at(-1)).toBe('0 passed, 0 failed, 0 skipped')
  })
})
