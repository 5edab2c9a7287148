// A judged run → what is kept of it when nights are compared.

import type { NightFinding, NightSummary } from '../../core/across.ts'
import type { Policy, Run } from '../../core/judgement.ts'
import type { KeptFinding, KeptNight } from '../../core/kept-night.ts'
import type { Target } from '../../core/types.ts'
import { alphaPassOf } from '../looks.ts'

export function summaryOf({ run, policy, verdict, records, repeated, servedModels }: KeptNight): NightSummary {
  return {
    runId: run.id,
    startedAt: run.startedAt,
    decision: verdict.decision,
    held: verdict.held,
    swap: swapKey(run.targets),
    policy: policyKey(policy),
    alphaPass: alphaPassOf(policy),
    records,
    repeated,
    findings: verdict.findings.map(findingOf),
    drift: verdict.drift ?? null,
    servedModels,
  }
}

/** Equal where the same is asked of the same two models. */
export function swapKey({ production, candidate }: Run['targets']): string {
  return JSON.stringify([askedOf(production), askedOf(candidate)])
}

/** What decides which model answers, and how; neither pace nor price. */
function askedOf({ api, vendor, baseUrl, model, overrides, rename = {} }: Target): readonly unknown[] {
  return [api, vendor, baseUrl, model, overrides, rename]
}

/** Equal where the same rules are asked with the same certainty. What people reviewed is no rule. */
export function policyKey({ level, rules, segments, nights = 1, assertions = [], judge }: Policy): string {
  const own = rules.map(({ metric, segment, margin, severity, mode, stage, better = null }) => [
    metric,
    segment,
    margin,
    severity,
    mode,
    stage,
    better,
  ])
  return JSON.stringify([level, nights, own, segments, assertions, judge?.fingerprint ?? null])
}

function findingOf({ rule, effect, outcome }: KeptFinding): NightFinding {
  return {
    metric: rule.metric,
    segment: rule.segment,
    severity: rule.severity,
    outcome,
    margin: rule.margin,
    scale: effect?.scale ?? 'difference',
    better: rule.better ?? effect?.better ?? 'lower',
    effect: effect && { estimate: effect.estimate, interval: effect.interval, units: effect.clusters },
  }
}
