// Which of the harness's metrics can be compared between users who share no request, and by which rules.

import type { CanaryMetric, UnpairedMethod } from '../../../canary/comparing/comparison.ts'
import type { Policy, Rule } from '../../../core/judgement.ts'
import type { Metric, SideMetric, Summary } from '../../../score/metric.ts'

export interface Comparable {
  readonly sides: readonly SideMetric[]
  /** Those of `sides` in step, then what users say, where a rule is about it. */
  readonly metrics: readonly CanaryMetric[]
  /** Rules that nothing but a pair could decide are left out: the offline verdict decided them. */
  readonly policy: Policy
}

/** What users say, and how many say anything: who leaves says nothing, and is missed. */
const opinionMetrics: readonly CanaryMetric[] = ['feedback', 'feedback-rate'].map((name) => ({
  name,
  unit: 'share',
  better: 'higher',
  keepsValues: false,
  summaries: [{ name, method: { kind: 'share-difference' }, minPairs: 50 }],
}))

const repliesRule: Rule = {
  metric: 'feedback-rate',
  segment: null,
  margin: 0.05,
  severity: 'investigate',
  mode: 'either-way',
  stage: 'canary',
}

/**
 * What one answer alone can tell, in the roster's own words. `isCacheMatched`: whether the control's prompts are cached as coldly as the
 * candidate's. Where they are not, two equal arms differ in cache hits by tens of points at a small share (`npm run simulate -- --only
 * canary`): the rule keeps the ramp until a person has looked, and rolls back where the config says that it blocks in the canary.
 */
export function comparableOf(roster: readonly Metric[], policy: Policy, isCacheMatched = true): Comparable {
  const wanted = policy.rules
    .filter(({ segment }) => segment === null)
    .map((rule) => (isCacheMatched || rule.metric !== 'cache-hit-rate' ? rule : heldAtMost(rule)))
    .flatMap(amongUsers)
  const asked = new Set(wanted.map(({ metric }) => metric))
  const found = roster.flatMap((metric) => {
    if (metric.on !== 'side' || metric.readsRecord) return []
    const summaries = metric.summaries.filter(({ name }) => asked.has(name)).flatMap(unpaired)
    if (summaries.length === 0) return []
    const keepsValues = summaries.some(({ method }) => method.kind === 'quantile-ratio')
    const { name, unit, better } = metric
    return [{ side: metric, canary: { name, unit, better, keepsValues, summaries } }]
  })
  const opinions = asked.has('feedback') ? opinionMetrics : []
  const known = new Set(
    [...found.map(({ canary }) => canary), ...opinions].flatMap(({ summaries }) => summaries.map(({ name }) => name)),
  )
  const rules = wanted.filter(({ metric }) => known.has(metric))
  return {
    sides: found.map(({ side }) => side),
    metrics: [...found.map(({ canary }) => canary), ...opinions],
    policy: {
      ...policy,
      stage: 'canary',
      rules: opinions.length === 0 ? rules : [...rules, repliesRule],
      segments: [],
      looks: null,
    },
  }
}

function heldAtMost(rule: Rule): Rule {
  return rule.severity === 'block' && rule.canary === undefined ? { ...rule, canary: 'investigate' } : rule
}

/** The rule as it stands in the canary; nothing where it is off there. */
function amongUsers({ canary, ...rule }: Rule): Rule[] {
  return canary === 'off' ? [] : [{ ...rule, stage: 'canary', severity: canary ?? rule.severity }]
}

function unpaired({ name, method, minPairs }: Summary): { name: string; method: UnpairedMethod; minPairs: number }[] {
  switch (method.kind) {
    case 'quantile-ratio':
    case 'mean-ratio':
    case 'share-difference':
    case 'rate-difference':
      return [{ name, method, minPairs }]
    case 'repeat-share':
    case 'excess-share':
    case 'excess-mean':
    case 'users-only':
      return []
    default:
      return method satisfies never
  }
}
