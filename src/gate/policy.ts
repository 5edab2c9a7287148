// The default policy: the rollout lesson's table, with the two rules that it lacked (errors, text).

import type { DriftPolicy } from '../core/drift.ts'
import type { LookPolicy, Policy, Rule } from '../core/judgement.ts'
import { defaultLooks } from '../stats/default-looks.ts'

type Row = Pick<Rule, 'metric' | 'margin' | 'severity'> & Partial<Rule>

function rule(row: Row): Rule {
  return { segment: null, mode: 'worse', stage: 'replay', ...row }
}

/**
 * What users feel at once blocks; how answers changed is looked into; the rest is told. What is only told of offline holds a ramp
 * among users, until a person has looked: there is no night after it in which somebody would read of it.
 */
export const rolloutRules: readonly Rule[] = [
  rule({ metric: 'answered', margin: 0.01, severity: 'block' }),
  rule({ metric: 'latency-p50', margin: 0.2, severity: 'block' }),
  rule({ metric: 'latency-p95', margin: 0.2, severity: 'block' }),
  rule({ metric: 'cache-hit-rate', margin: 0.05, severity: 'block', mode: 'difference' }),
  rule({ metric: 'json-valid', margin: 0.01, severity: 'block' }),
  rule({ metric: 'feedback', margin: 0.03, severity: 'block', stage: 'canary' }),
  rule({ metric: 'refused', margin: 0.02, severity: 'investigate', mode: 'either-way' }),
  rule({ metric: 'text-similarity', margin: 0.05, severity: 'investigate' }),
  rule({ metric: 'tool-called', margin: 0.02, severity: 'investigate', mode: 'either-way' }),
  rule({ metric: 'same-tool-calls', margin: 0.05, severity: 'investigate' }),
  rule({ metric: 'finished', margin: 0.02, severity: 'investigate' }),
  rule({ metric: 'repetitive', margin: 0.01, severity: 'investigate' }),
  rule({ metric: 'answer-length', margin: 0.5, severity: 'investigate', mode: 'both-ways' }),
  rule({ metric: 'json-kept', margin: 0.02, severity: 'investigate' }),
  rule({ metric: 'bare-answer', margin: 0.02, severity: 'investigate' }),
  rule({ metric: 'same-language', margin: 0.02, severity: 'investigate' }),
  rule({ metric: 'variety', margin: 0.05, severity: 'investigate' }),
  rule({ metric: 'same-shape', margin: 0.1, severity: 'warn' }),
  rule({ metric: 'ttft-p50', margin: 0.2, severity: 'warn', canary: 'investigate' }),
  rule({ metric: 'ttft-p95', margin: 0.2, severity: 'warn', canary: 'investigate' }),
  rule({ metric: 'output-tokens', margin: 0.5, severity: 'warn', canary: 'investigate' }),
  rule({ metric: 'cost', margin: 0.5, severity: 'warn' }),
]

/** Looks at these shares of the plan; the first failure ends the run, and so does the last open rule. */
export const defaultLookPolicy: LookPolicy = { rates: defaultLooks, failFast: true, minMinutes: 5 }

/** What the policy is where the config says nothing. */
export const rolloutPolicy: Policy = {
  level: 0.95,
  rules: rolloutRules,
  segments: [],
  maxExcluded: 0.02,
  validityAlpha: 0.01,
  hold: true,
  looks: defaultLookPolicy,
}

/** The margins of the rules about the same metrics: as much as two models may differ before anyone is to look. */
export const driftMargins: DriftPolicy['margins'] = {
  'text-similarity': 0.05,
  refused: 0.02,
  'tool-called': 0.02,
  'json-valid': 0.02,
  'json-kept': 0.02,
  finished: 0.02,
  'answer-length': 0.5,
}
