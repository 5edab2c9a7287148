// The comparison with another run as verdict.json has it.

import type { Finding, Segment } from '../../core/judgement.ts'
import { type ClusterSince, changesSince } from '../against/changes.ts'
import { likenessOf } from '../against/likeness.ts'
import { type RuleSince, rulesSince } from '../against/rules.ts'
import type { ReportInput } from '../input.ts'
import { againstModel } from '../model/against.ts'
import type { VerdictFile } from '../verdict-schema.ts'
import { intervalPart, jsonNumber } from './number.ts'

type AgainstPart = NonNullable<VerdictFile['against']>

export function againstPart(input: ReportInput): AgainstPart | null {
  const { against } = input
  const words = againstModel(input)
  if (against === null || against === 'none-earlier' || words?.since == null) return null
  const { dependence } = likenessOf(input, against)
  const { id, startedAt } = against.run
  const { decision, held } = against.verdict
  const { planned, pairs, excluded, costUsd } = against.counts
  return {
    run: { id, startedAt },
    decision,
    held,
    line: words.line,
    because: words.since.decision,
    unlike: [...words.since.unlike],
    sharedRecords: against.shared,
    rules: rulesSince(input, against, dependence).map(rulePart),
    changes: changesSince(input, against, dependence)?.map(changePart) ?? null,
    counts: { planned, pairs, excluded: { ...excluded }, costUsd: { ...costUsd } },
  }
}

function rulePart({ earlier, now, told, why, shift }: RuleSince): AgainstPart['rules'][number] {
  const rule = (now ?? earlier)?.rule
  return {
    metric: rule?.metric ?? '',
    segment: segmentPart(rule?.segment ?? null),
    told,
    why,
    earlier: earlier && sidePart(earlier),
    now: now && sidePart(now),
    shift: shift && { estimate: jsonNumber(shift.estimate), interval: intervalPart(shift.interval), p: shift.p },
  }
}

function sidePart({ rule, outcome, effect }: Finding): NonNullable<AgainstPart['rules'][number]['now']> {
  return {
    outcome,
    severity: rule.severity,
    margin: rule.margin,
    estimate: effect && jsonNumber(effect.estimate),
    interval: effect && intervalPart(effect.interval),
  }
}

function changePart({ cluster, told, earlier, now, p }: ClusterSince): NonNullable<AgainstPart['changes']>[number] {
  const { id, kind, segment } = cluster
  return {
    id,
    kind,
    segment: segmentPart(segment),
    told,
    earlier: earlier && { ...earlier },
    now: now && { ...now },
    p,
  }
}

function segmentPart(segment: Segment | null): { key: string; value: string } | null {
  return segment && { ...segment }
}
