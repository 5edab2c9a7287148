// Simulated pairs in the columns that the store hands over, and what the gate makes of them.

import type { Evidence, FindingOutcome, Policy, Rule } from '../../src/core/judgement.ts'
import { absenceReasons, type Comparison, type MeasureColumn, present } from '../../src/core/types.ts'
import { decide } from '../../src/gate/decide.ts'
import { buildScoreTable, type ScoredRecord } from '../../src/score/columns.ts'
import { evidenceOf } from '../../src/score/effects.ts'
import { metrics } from '../../src/score/metrics/index.ts'

/** One-sided confidence of the design's figures. */
export const level = 0.95

/** What one metric showed, pair by pair. */
export interface Sides {
  readonly production: Float64Array
  readonly candidate: Float64Array
  readonly productionWeight?: Float64Array
  readonly candidateWeight?: Float64Array
  /** 1 where the pair has no measure, for want of an answer. */
  readonly isAbsent?: Uint8Array
}

export function columnOf(metric: string, sides: Sides, comparison: Comparison = 'candidate'): MeasureColumn {
  const { production, candidate, isAbsent } = sides
  const { length } = candidate
  const noReply = absenceReasons.indexOf('no-reply')
  return {
    metric,
    comparison,
    version: 1,
    ordinal: ordinalsOf(length),
    production,
    productionWeight: sides.productionWeight ?? new Float64Array(length),
    candidate,
    candidateWeight: sides.candidateWeight ?? new Float64Array(length),
    absent: Uint8Array.from({ length }, (_, place) => (isAbsent?.[place] === 1 ? noReply : present)),
  }
}

const ordinals = new Map<number, Int32Array>()

function ordinalsOf(length: number): Int32Array {
  const known = ordinals.get(length) ?? Int32Array.from({ length }, (_, place) => place)
  ordinals.set(length, known)
  return known
}

/** Records in the order of the run: each by itself, or with its conversation. */
export function recordsOf(length: number, conversations: Int32Array | null = null): readonly ScoredRecord[] {
  return Array.from({ length }, (_, place) => {
    const conversation = conversations?.[place]
    return { id: String(place), cluster: conversation === undefined ? null : String(conversation), segments: {} }
  })
}

/** A pair is sent every hundred milliseconds, in the order of the run. */
export function sentTimes(length: number): Float64Array {
  return Float64Array.from({ length }, (_, place) => 100 * place)
}

export function blockingRule(metric: string, margin: number, mode: Rule['mode'] = 'worse'): Rule {
  return { metric, segment: null, margin, severity: 'block', mode, stage: 'replay' }
}

export function policyOf(rules: readonly Rule[], parts: Partial<Policy> = {}): Policy {
  return { level, rules, segments: [], maxExcluded: 0.02, validityAlpha: 0.01, hold: true, looks: null, ...parts }
}

/** What is known after a run whose pairs all came to their end. */
export function evidenceFor(
  measures: readonly MeasureColumn[],
  records: readonly ScoredRecord[],
  sentAt: Float64Array | null = sentTimes(records.length),
): readonly Evidence[] {
  const names = new Set(measures.map(({ metric }) => metric))
  const options = { metrics: metrics.filter(({ name }) => names.has(name)), segments: [], level }
  return evidenceOf(buildScoreTable(records, measures, sentAt), options)
}

/** How the rule comes out where it is the only one that blocks. */
export function outcomeOf(evidence: readonly Evidence[], rule: Rule, pairs: number): FindingOutcome {
  const { findings } = decide(evidence, policyOf([rule]), { pairs, planned: pairs, excluded: {} })
  return findings[0]?.outcome ?? 'not-evaluable'
}

/** 1 and 0: shown to hold; shown to be broken. */
export function errorsOf(outcome: FindingOutcome): readonly [number, number] {
  return [outcome === 'pass' ? 1 : 0, outcome === 'fail' ? 1 : 0]
}
