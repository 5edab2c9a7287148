// The first sentences: what decided, by how much, how sure; and what to look into besides.

import { describe, expect, it, test } from 'vitest'
import type { Effect, Finding, FindingOutcome, Interval, Rule, Verdict } from '../../src/core/judgement.ts'
import { leadOf } from '../../src/report/model/lead.ts'
import { reportModel } from '../../src/report/model.ts'
import { reportInput } from './fixture.ts'

const input = reportInput()

interface Sketch {
  readonly metric?: string
  readonly estimate: number
  readonly interval: readonly [number, number]
  readonly arms: readonly [number, number]
  readonly outcome?: FindingOutcome
  readonly rule?: Partial<Rule>
  readonly effect?: Partial<Effect>
  readonly atEstimate?: number
}

function finding({ metric = 'latency-p95', estimate, interval, arms, outcome = 'fail', ...rest }: Sketch): Finding {
  const rule: Rule = {
    metric,
    segment: null,
    margin: 0.2,
    severity: 'block',
    mode: 'worse',
    stage: 'replay',
    ...rest.rule,
  }
  const [low, high] = interval
  const limits: Interval = { low, high, level: 0.9 }
  const pairs = { pairs: 1980, clusters: 1980, absent: {}, method: 'test', noise: null, typical: null, overTime: null }
  const scale = { better: 'lower', unit: 'ms', scale: 'ratio' } as const
  const both = { production: arms[0], candidate: arms[1], estimate, interval: limits }
  return {
    rule,
    effect: { metric, segment: rule.segment, ...pairs, ...scale, ...both, ...rest.effect },
    outcome,
    because: 'because',
    look: null,
    morePairs: rest.atEstimate === undefined ? null : { atEstimate: rest.atEstimate, ifEqual: 1 },
  }
}

function lead(decision: Verdict['decision'], ...findings: readonly Finding[]) {
  const policy = { ...input.policy, rules: findings.map(({ rule }) => rule) }
  const found = leadOf({ policy, effects: [], verdict: { ...input.verdict, decision, findings } })
  return found && Object.values(found).map((words) => words?.replaceAll('\u00a0', ' ') ?? null)
}

const share = { unit: 'share', scale: 'difference' } as const
const slower = { estimate: 1.231, interval: [1.181, 1.29], arms: [812, 1000] } as const

describe('the lead of', () => {
  it.each<[string, Verdict['decision'], readonly Finding[], readonly (string | null)[]]>([
    [
      'a ratio that broke its rule',
      'NO-GO',
      [finding(slower)],
      [
        'Latency p95 rose by 23.1 %, from 812 ms to 1.00 s; the rule allows 20 %.',
        'At 95 % confidence it rose by at least 18.1 %.',
        null,
      ],
    ],
    [
      'a ratio beyond twofold',
      'NO-GO',
      [finding({ estimate: 3.4, interval: [2.9, Infinity], arms: [1000, 3400] })],
      [
        'Latency p95 is 3.4 times as large, from 1.00 s to 3.40 s; the rule allows 20 %.',
        'At 95 % confidence it is at least 2.9 times as large.',
        null,
      ],
    ],
    [
      'a share that is better high, beside one in a segment that is further off',
      'NO-GO',
      [
        finding({ ...slower, estimate: 9, interval: [8, 10], rule: { segment: { key: 'task', value: 'prime' } } }),
        finding({
          metric: 'text-similarity',
          estimate: -0.856,
          interval: [-0.868, -0.845],
          arms: [0.916, 0.059],
          rule: { margin: 0.1 },
          effect: { ...share, better: 'higher' },
        }),
      ],
      [
        'Text similarity fell by 85.6 pp, from 91.6 % to 5.9 %; the rule allows 10 pp.',
        'At 95 % confidence it fell by at least 84.5 pp.',
        '1 more blocking rule is broken too.',
      ],
    ],
    [
      'a segment alone',
      'NO-GO',
      [finding({ ...slower, rule: { segment: { key: 'task', value: 'prime' } } })],
      [
        'Latency p95 in task=prime rose by 23.1 %, from 812 ms to 1.00 s; the rule allows 20 %.',
        'At 95 % confidence it rose by at least 18.1 %.',
        null,
      ],
    ],
    [
      'a change that is none to the worse, where a rule holds either way',
      'NO-GO',
      [
        finding({
          metric: 'answer-length',
          estimate: 0.25,
          interval: [0.2, 0.3],
          arms: [400, 100],
          rule: { margin: 0.5, mode: 'both-ways' },
          effect: { unit: 'characters' },
        }),
      ],
      [
        'Answer length fell by 75.0 %, from 400 characters to 100 characters; the rule allows 50 % either way.',
        'At 95 % confidence it fell by at least 70.0 %.',
        null,
      ],
    ],
    [
      'a change that is within the margin, of a rule that fails whatever is shown worse',
      'NO-GO',
      [
        finding({
          metric: 'refused',
          estimate: 0.009,
          interval: [0.005, 0.014],
          arms: [0.046, 0.055],
          rule: { margin: 0.02, mode: 'difference' },
          effect: share,
        }),
      ],
      [
        'Refused rose by 0.90 pp, from 4.6 % to 5.5 %; the rule allows nothing that is shown to be worse.',
        'At 95 % confidence it rose by at least 0.50 pp.',
        null,
      ],
    ],
    [
      'the same of a rule that holds either way',
      'NO-GO',
      [
        finding({
          metric: 'refused',
          estimate: 0.009,
          interval: [0.005, 0.014],
          arms: [0.046, 0.055],
          rule: { margin: 0.02, mode: 'either-way' },
          effect: share,
        }),
      ],
      [
        'Refused rose by 0.90 pp, from 4.6 % to 5.5 %; the rule allows no change that is shown.',
        'At 95 % confidence it rose by at least 0.50 pp.',
        null,
      ],
    ],
    [
      'a GO: the rule that came nearest to its limit',
      'GO',
      [
        finding({ metric: 'latency-p50', estimate: 0.9, interval: [0.85, 0.95], arms: [100, 90], outcome: 'pass' }),
        finding({ estimate: 1.02, interval: [0.97, 1.081], arms: [100, 102], outcome: 'pass' }),
      ],
      [
        'Latency p95 rose by 2.0 %, from 100 ms to 102 ms; the rule allows 20 %, and no blocking rule came nearer to its limit.',
        'At 95 % confidence it is not worse than +8.1 %.',
        '1 more blocking rule is shown to hold as well.',
      ],
    ],
    [
      'an open one: what it may be, and what would decide',
      'INCONCLUSIVE',
      [
        finding({
          estimate: 1.11,
          interval: [0.98, 1.27],
          arms: [412, 457],
          outcome: 'inconclusive',
          atEstimate: 1400,
        }),
      ],
      [
        'Latency p95 rose by 11.0 %, from 412 ms to 457 ms; the rule allows 20 %, and that could neither be shown to be kept nor to be broken.',
        'With 1,980 pairs it may lie anywhere from −2.0 % to +27.0 %. About 1,400 more pairs would decide.',
        null,
      ],
    ],
  ])('%s', (_, decision, findings, words) => {
    expect(lead(decision, ...findings)).toEqual(words)
  })

  it('what nothing was measured for is the gate’s own sentence', () => {
    expect(lead('INVALID', finding(slower))).toBeNull()
    expect(lead('INCONCLUSIVE', { ...finding({ ...slower, outcome: 'not-evaluable' }), effect: null })).toBeNull()
    expect(lead('GO')).toBeNull()
  })
})

test('flags stand by metric, with the segments that failed too, then those that are no rule’s', () => {
  const rule = { metric: 'refused', severity: 'investigate', margin: 0.02 } as const
  const refused = (segment: Rule['segment'], estimate: number): Finding => ({
    ...finding({
      metric: 'refused',
      estimate,
      interval: [0, 1],
      arms: [0.02, 0.05],
      rule: { ...rule, segment },
      effect: share,
    }),
    because: `refused ${segment?.value ?? ''}`,
  })
  const findings = [
    refused(null, 0.03),
    ...['a', 'b', 'c', 'd', 'e'].map((value) => refused({ key: 'task', value }, 0.04)),
  ]
  const beside = [
    'One arm’s load came and went.',
    'refused differs between the values of task.',
    'finished, refused: so.',
  ]
  const flags = [...findings.map(({ because }) => because), ...beside]
  const { flags: lines } = reportModel({ ...input, verdict: { ...input.verdict, findings, flags } })
  expect(lines.map(({ title, words }) => [title, words.replaceAll('\u00a0', ' ')])).toEqual([
    [
      'Refused',
      '+3.00 pp, from 2.0 % to 5.0 %; also in 5 segments: task=a (+4.00 pp), task=b (+4.00 pp), task=c (+4.00 pp), task=d (+4.00 pp), 1 more.',
    ],
    [null, 'One arm’s load came and went.'],
    [null, 'Refused differs between the values of task.'],
    // No rule is about `finished`: a word that only looks like a metric's name stays.
    [null, 'finished, refused: so.'],
  ])
})
