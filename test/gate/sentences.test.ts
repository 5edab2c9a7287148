// The gate's sentences as people read them: UPDATE_GOLDEN=1 writes them anew.

import { expect, it } from 'vitest'
import type { Evidence, Rule } from '../../src/core/judgement.ts'
import { decide } from '../../src/gate/decide.ts'
import { becauseOf } from '../../src/gate/explain.ts'
import type { RunFacts } from '../../src/gate/validity.ts'
import { goldenText } from '../support/golden.ts'
import { evidence, policy, rule, soundRun, unmeasured } from './evidence.ts'

interface Scene {
  readonly title: string
  readonly found: readonly Evidence[]
  readonly rules: readonly Rule[]
  readonly facts?: RunFacts
}

const share = { scale: 'difference', better: 'lower' } as const
const answered = evidence({ ...share, metric: 'answered', better: 'higher', estimate: 0.0004, se: 0.001 })
const answeredRule = rule({ metric: 'answered', margin: 0.01 })
const refusedRule = rule({ metric: 'refused', margin: 0.02, severity: 'investigate', mode: 'either-way' })
const cacheRule = rule({ metric: 'cache-hit-rate', margin: 0.05, mode: 'difference' })
const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => `metric-${letter}`)

const scenes: readonly Scene[] = [
  {
    title: 'All kept, users to be asked',
    found: [
      answered,
      evidence({ estimate: 0.981, se: 0.02 }),
      { ...unmeasured('feedback'), usersOnly: 'offline answers have no users; the canary decides this rule' },
    ],
    rules: [answeredRule, rule(), rule({ metric: 'feedback', margin: 0.03, stage: 'canary' })],
  },
  {
    title: 'Broken in every mode',
    found: [
      evidence({ ...share, metric: 'answered', better: 'higher', estimate: -0.051, se: 0.004 }),
      evidence({ estimate: 4.2, se: 0.05 }),
      evidence({ metric: 'latency-p95', estimate: Infinity, limits: () => ({ low: 2, high: Infinity }) }),
      evidence({ ...share, metric: 'cache-hit-rate', better: 'higher', estimate: -0.03, se: 0.01 }),
      evidence({ ...share, metric: 'refused', estimate: 0.034, se: 0.005 }),
    ],
    rules: [answeredRule, rule(), rule({ metric: 'latency-p95' }), cacheRule, refusedRule],
  },
  {
    title: 'Open in every mode, and for every reason',
    found: [
      evidence({ ...share, metric: 'answered', better: 'higher', pairs: 49 }),
      evidence({ estimate: 1.18, se: 0.05 }),
      evidence({ metric: 'latency-p95', limits: () => ({ low: 0, high: Infinity }) }),
      evidence({ metric: 'ttft-p50', pairs: 1200, clusters: 1 }),
      evidence({ metric: 'same-tokens', estimate: 1.1, se: 0.1, pairs: 1200, clusters: 14 }),
      evidence({ metric: 'other-tokens', estimate: 1.1, se: 0.1, clusters: 10, overTime: 'shown' }),
      evidence({ metric: 'third-tokens', estimate: 1.1, se: 0.1, clusters: 10, overTime: 'allowed-for' }),
      evidence({ ...share, metric: 'refused', estimate: 0.01, se: 0.01 }),
      unmeasured('cost', { 'no-price': 1000 }),
      unmeasured('output-tokens', { 'no-reply': 1, 'not-reported': 12_345 }),
      unmeasured('text-similarity', { 'no-noise-floor': 900, excluded: 2 }),
      unmeasured('total-tokens'),
      unmeasured('ttft-p95', { 'not-streamed': 998, 'single-pair': 1 }),
    ],
    rules: [
      answeredRule,
      rule(),
      rule({ metric: 'latency-p95' }),
      rule({ metric: 'ttft-p50' }),
      rule({ metric: 'same-tokens' }),
      rule({ metric: 'other-tokens' }),
      rule({ metric: 'third-tokens' }),
      refusedRule,
      ...['cost', 'output-tokens', 'text-similarity', 'total-tokens', 'ttft-p95', 'same-text'].map((metric) =>
        rule({ metric, severity: 'warn' }),
      ),
    ],
  },
  {
    title: 'Not sure enough beside other rules',
    found: [evidence({ estimate: 1.2 * Math.exp(0.02), se: 0.01 }), answered],
    rules: [rule(), answeredRule, rule({ metric: 'answered', margin: 0.5 }), rule({ metric: 'answered', margin: 0.4 })],
  },
  {
    title: 'Broken in a segment',
    found: [evidence(), evidence({ segment: { key: 'task', value: 'prime numbers' }, estimate: 1.62, se: 0.02 })],
    rules: [rule()],
  },
  {
    title: 'Many broken rules',
    found: many.map((metric) => evidence({ metric, estimate: 2 })),
    rules: many.map((metric) => rule({ metric })),
  },
  { title: 'No rule that blocks', found: [evidence()], rules: [rule({ severity: 'warn' })] },
  { title: 'Something blocking is not measured', found: [], rules: [cacheRule] },
  {
    title: 'Something blocking is not measured, and what does not block is broken',
    found: [
      evidence({ ...share, metric: 'refused', estimate: 0.4, se: 0.005 }),
      evidence({ ...share, metric: 'refused', segment: { key: 'task', value: 'chat' }, estimate: 0.6, se: 0.005 }),
    ],
    rules: [cacheRule, refusedRule],
  },
  {
    title: 'Not to be judged',
    found: [evidence({ noise: { estimate: 1.5, se: 0.01, pairs: 200 } })],
    rules: [rule()],
    facts: { pairs: 1234, planned: 5678, excluded: { 'rate-limited': 123 } },
  },
  { title: 'One record too few', found: [evidence({ pairs: 49 })], rules: [rule()] },
  { title: 'Nothing came', found: [], rules: [rule()], facts: { pairs: 0, planned: 10, excluded: {} } },
]

it('read as they do in the golden file', () => {
  const text = scenes.map(tell).join('\n')
  expect(text).toBe(goldenText(new URL('golden/sentences.txt', import.meta.url), text))
})

it.each([
  [4, 'Reviewers called 1 more change a regression.'],
  [6, 'Reviewers called 3 more changes regressions.'],
])('name three of %d regressions, and count the rest', (all, end) => {
  const regressions = Array.from({ length: all }, (_, n) => `Ann called ${n} a regression.`)
  const grounds = { stage: 'replay', findings: [], overall: [], invalid: [], accepted: '', regressions } as const
  expect(becauseOf('NO-GO', grounds)).toBe([...regressions.slice(0, 3), end].join(' '))
})

function tell({ title, found, rules, facts = soundRun }: Scene): string {
  const verdict = decide(found, policy(rules, { segments: ['task'] }), facts)
  return [
    `# ${title}`,
    `${verdict.decision}: ${verdict.because}`,
    `next: ${verdict.next}`,
    ...verdict.findings.map(({ outcome, rule: { severity }, because }) => `- ${outcome} (${severity}) ${because}`),
    ...verdict.flags.map((flag) => `flag: ${flag}`),
    '',
  ].join('\n')
}
