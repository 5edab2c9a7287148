// The rules of a comparison between users, one line each: in the words of the reports.

import type { Severity } from '../../../core/judgement.ts'
import type { Standing } from '../../../core/rollout.ts'
import { changeWords, intervalWords, valueIn } from '../../../report/format.ts'
import { limitWords } from '../../../report/model/findings.ts'
import { metricTitle, outcomeMarks, severityWords } from '../../../report/words.ts'

const heaviestFirst: readonly Severity[] = ['block', 'investigate', 'warn']

/** Those that block first; within a severity as the policy lists them. What nothing was measured for shares one line. */
export function ruleLines(rules: readonly Standing[]): string[] {
  const sorted = heaviestFirst.flatMap((severity) => rules.filter(({ rule }) => rule.severity === severity))
  const rows = sorted.flatMap((standing) => rowOf(standing) ?? [])
  const widths = [0, 1, 2, 3, 4].map((cell) => Math.max(0, ...rows.map((row) => row[cell]?.length ?? 0)))
  const lines = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
  const silent = sorted.filter(({ effect }) => effect === null).map(({ rule }) => metricTitle(rule.metric))
  return silent.length === 0 ? lines : [...lines, `  ○ nothing to judge yet: ${silent.join(', ')}`]
}

/** Outcome, title, what it does, limit, both groups, and the difference; null where there are no figures. */
function rowOf({ rule, outcome, effect }: Standing): readonly (readonly string[])[] | null {
  if (effect === null) return null
  const { symbol, word } = outcomeMarks[outcome]
  const { scale, unit, low, high } = effect
  // What JSON can't hold lies beyond all numbers: no answer is infinitely slow.
  const production = effect.production ?? Infinity
  const candidate = effect.candidate ?? Infinity
  const estimate = effect.estimate ?? Infinity
  const interval = { low: low ?? -Infinity, high: high ?? Infinity, level: 0 }
  const inWords = changeWords(effect, [estimate, interval.low, interval.high])
  return [
    [
      `${symbol} ${word}`,
      metricTitle(rule.metric),
      severityWords[rule.severity].does,
      `${valueIn(unit, production)} → ${valueIn(unit, candidate)}`,
      `${inWords(estimate)}, ${intervalWords(interval, inWords, scale)}`,
      limitWords(rule, effect, inWords),
    ],
  ]
}
