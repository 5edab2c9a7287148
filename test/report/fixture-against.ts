// A run of the evening before the fixture's, to compare it with.

import type { Effect, Finding } from '../../src/core/judgement.ts'
import type { AgainstInput, ReportInput } from '../../src/report/input.ts'
import { type AgainstModel, againstModel } from '../../src/report/model/against.ts'
import { reportInput } from './fixture.ts'

export const now = reportInput()

/** The run of the evening before: the same, but for what a test changes. */
export function evening(parts: Partial<AgainstInput> = {}): AgainstInput {
  const { policy, verdict, effects, counts, latencies, changes } = now
  const run = { ...now.run, id: '20261122T023000Z-llmdrift', startedAt: '2026-11-22T02:30:00.000Z' }
  return { run, policy, verdict, effects, counts, latencies, changes, shared: 0, ...parts }
}

/** The same verdict with one metric's finding for all records changed. */
export function withFinding(metric: string, change: (finding: Finding) => Finding | null): ReportInput['verdict'] {
  const findings = now.verdict.findings.flatMap((finding) => {
    if (finding.rule.metric !== metric || finding.rule.segment !== null) return [finding]
    return change(finding) ?? []
  })
  return { ...now.verdict, findings }
}

export function withEffect(metric: string, parts: Partial<Effect>): ReportInput['verdict'] {
  return withFinding(metric, (finding) => ({ ...finding, effect: finding.effect && { ...finding.effect, ...parts } }))
}

export const interval = (low: number, high: number) => ({ low, high, level: 0.9 })
export const plain = (text: string | undefined) => text?.replaceAll('\u00a0', ' ')

export function modelOf(against: ReportInput['against'], parts: Partial<ReportInput> = {}): AgainstModel | null {
  return againstModel(reportInput({ ...parts, against }))
}
