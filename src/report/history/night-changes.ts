// What of a judged night is not as it was in the night before on the same swap: decision, drift, rules, and what is asked of whom.

import type { Alarm } from '../../core/across.ts'
import type { Rule } from '../../core/judgement.ts'
import type { KeptNight } from '../../core/kept-night.ts'
import { inSegment } from '../../core/segment-words.ts'
import { arms } from '../../core/types.ts'
import { percent, withoutZeros } from '../format.ts'
import { oneLine, sentence } from '../text.ts'
import { decisionMark, metricTitle } from '../words.ts'

/** One sentence each; `alarms` are those of the night. */
export function changesSince(before: KeptNight, now: KeptNight, alarms: readonly Alarm[]): string[] {
  const served = alarms.flatMap(({ kind, because }) => (kind === 'served-model' ? [because] : []))
  return [
    ...turnWords(before, now),
    ...driftWords(before, now),
    ...served,
    ...askedChanges(before, now),
    ...policyChanges(before, now),
  ].map((each) => sentence(oneLine(each)))
}

function turnWords({ verdict: before }: KeptNight, { verdict: now }: KeptNight): string[] {
  const [was, is] = [decisionMark(before).word, decisionMark(now).word]
  return was === is ? [] : [`${was} became ${is}.`]
}

/** Said once, and again when it is otherwise: a production that has drifted stays so for many nights. */
function driftWords({ verdict: before }: KeptNight, { verdict: now }: KeptNight): string[] {
  const isNew = now.drift !== undefined && now.drift.outcome !== before.drift?.outcome
  return isNew && now.drift !== undefined ? [now.drift.because] : []
}

const fields = ['baseUrl', 'vendor', 'overrides', 'rename'] as const

/** By the settings' names: an address may hold what is nobody's business. */
function askedChanges(before: KeptNight, now: KeptNight): string[] {
  return arms.flatMap((arm) => {
    const changed = fields.filter(
      (field) => JSON.stringify(before.run.targets[arm][field]) !== JSON.stringify(now.run.targets[arm][field]),
    )
    const name = arm === 'production' ? 'Production' : 'The candidate'
    return changed.length === 0 ? [] : [`${name} is asked otherwise: ${changed.join(', ')} changed.`]
  })
}

function policyChanges({ policy: before }: KeptNight, { policy: now }: KeptNight): string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return []
  const old = new Map(before.rules.map((rule) => [nameOf(rule), rule]))
  const fresh = new Map(now.rules.map((rule) => [nameOf(rule), rule]))
  const changed = [...fresh].flatMap(([name, rule]) => {
    const was = old.get(name)
    if (was === undefined) return [`${name} is new`]
    return JSON.stringify(was) === JSON.stringify(rule) ? [] : [`${name} ${ruleChange(was, rule)}`]
  })
  const gone = [...old.keys()].filter((name) => !fresh.has(name)).map((name) => `${name} is gone`)
  const rules = [...changed, ...gone]
  return [`The policy changed: ${rules.length === 0 ? 'its level, segments or checks' : rules.join('; ')}.`]
}

function nameOf({ metric, segment }: Rule): string {
  return inSegment(metricTitle(metric), segment)
}

function ruleChange(was: Rule, now: Rule): string {
  if (was.margin !== now.margin) return `${margin(was)} → ${margin(now)}`
  return was.severity === now.severity ? `${was.mode} → ${now.mode}` : `${was.severity} → ${now.severity}`
}

const margin = (rule: Rule) => withoutZeros(percent(rule.margin))
