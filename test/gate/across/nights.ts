// Nights as the walk over them takes them, with what a test is about set and the rest ordinary.

import type { NightFinding, NightSummary } from '../../../src/core/across.ts'
import type { DriftFinding } from '../../../src/core/drift.ts'

const dayMs = 24 * 60 * 60 * 1000

export function nightAt(day: number, parts: Partial<NightSummary> = {}): NightSummary {
  return {
    runId: `run-${String(day).padStart(3, '0')}`,
    startedAt: new Date(Date.UTC(2026, 0, 1, 2, 30) + day * dayMs).toISOString(),
    decision: 'GO',
    held: false,
    swap: 'swap',
    policy: 'policy',
    alphaPass: 0.05,
    records: 500,
    repeated: 0,
    findings: [],
    drift: null,
    servedModels: { production: ['old'], candidate: ['new'] },
    ...parts,
  }
}

/** A rule about a share, with an interval of ±`reach` at 90 %. */
export function ruleOf(estimate: number, reach = 0.02, parts: Partial<NightFinding> = {}): NightFinding {
  return {
    metric: 'answered',
    segment: null,
    severity: 'block',
    outcome: 'pass',
    margin: 0.05,
    scale: 'difference',
    better: 'higher',
    effect: { estimate, interval: { low: estimate - reach, high: estimate + reach, level: 0.9 }, units: 500 },
    ...parts,
  }
}

export function driftNight(day: number, findings: readonly Partial<DriftFinding>[]): NightSummary {
  const whole = findings.map((parts) => ({
    metric: 'text-similarity',
    margin: 0.05,
    effect: null,
    outcome: 'inconclusive' as const,
    p: 1,
    because: 'Text similarity: seen.',
    ...parts,
  }))
  const drift = { outcome: 'unclear' as const, because: '', findings: whole, records: 100, leftOut: {} }
  return nightAt(day, { drift })
}
