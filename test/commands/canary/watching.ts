// A watch by a few rules, and users of both groups whose answers it sees.

import { comparableOf } from '../../../src/commands/canary/clerk/comparable.ts'
import { createWatch, type Watch } from '../../../src/commands/canary/clerk/watch.ts'
import type { Policy, Rule } from '../../../src/core/judgement.ts'
import { rolloutPolicy } from '../../../src/gate/policy.ts'
import { metrics } from '../../../src/score/metrics/index.ts'
import { type Answering, witnessed } from './witnesses.ts'

export const at = '2026-11-26T08:00:00.000Z'
export const rule = (metric: string, parts: Partial<Rule> = {}): Rule => ({
  metric,
  segment: null,
  margin: 0.2,
  severity: 'block',
  mode: 'worse',
  stage: 'replay',
  ...parts,
})

export function watchBy(rules: readonly Rule[], stratify: string | null = null, isCacheMatched = true): Watch {
  const policy: Policy = { ...rolloutPolicy, rules }
  return createWatch({
    comparable: comparableOf(metrics, policy, isCacheMatched),
    comparison: { level: 0.95, expectedUsers: 300, minUsers: 50 },
    stratify,
    prices: { production: null, candidate: null },
    reportsCache: { production: true, candidate: true },
    isCacheMatched,
  })
}

export type Group = 'candidate' | 'control'
export type Of = (group: Group, user: number) => Answering

/** So many users of each group, with three answers each. */
export function serve(watch: Watch, users: Readonly<Record<Group, number>>, of: Of = () => ({})): void {
  for (const group of ['candidate', 'control'] as const) {
    for (let user = 0; user < users[group]; user++) {
      for (let n = 0; n < 3; n++) {
        const id = `${group}-${user}-${n}`
        watch.see(witnessed({ id, group, user: `${group}-${user}` }, of(group, user)))
      }
    }
  }
}

export const even = { candidate: 400, control: 400 }
export const spread: Of = (_, user) => ({ latencyMs: 400 + (user % 50) * 4 })
