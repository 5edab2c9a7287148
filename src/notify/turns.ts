// Rules that came out otherwise than in the run before, a sentence each.

import type { Finding, FindingOutcome, Rule } from '../core/judgement.ts'
import { titleOfMetric } from '../core/metric-title.ts'
import { inSegment } from '../core/segment-words.ts'

const words: Readonly<Record<FindingOutcome, string>> = {
  fail: 'fail',
  inconclusive: 'inconclusive',
  'not-evaluable': 'not evaluable',
  pass: 'pass',
}
const worstFirst = Object.keys(words)

/** "Latency p95: pass → fail." Those that fail now come first. Rules that one of the two runs did not have turned nowhere. */
export function turnsOf(before: readonly Finding[], now: readonly Finding[]): readonly string[] {
  const then = new Map(before.map(({ rule, outcome }) => [keyOf(rule), outcome]))
  const turned = now.flatMap(({ rule, outcome }) => {
    const earlier = then.get(keyOf(rule))
    return earlier === undefined || earlier === outcome ? [] : [{ rule, earlier, outcome }]
  })
  return turned
    .toSorted((a, b) => rank(a.outcome) - rank(b.outcome))
    .map(({ rule, earlier, outcome }) => `${titleOf(rule)}: ${words[earlier]} → ${words[outcome]}.`)
}

function rank(outcome: FindingOutcome): number {
  return worstFirst.indexOf(outcome)
}

/** Of two rules about one metric the last counts; nobody has them. */
function keyOf({ metric, segment }: Rule): string {
  return JSON.stringify([metric, segment?.key ?? null, segment?.value ?? null])
}

function titleOf({ metric, segment }: Rule): string {
  return inSegment(titleOfMetric(metric), segment)
}
