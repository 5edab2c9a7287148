// The rules of a comparison between users, one line each: in the words of the reports.

import type { Severity } from '../../core/judgement.ts'
import type { Standing } from '../../core/rollout.ts'
import { changeWords, intervalWords, percent, valueIn, withoutZeros } from '../../report/format.ts'
import { limitWords } from '../../report/model/findings.ts'
import { metricTitle, outcomeMarks, severityWords } from '../../report/words.ts'

const heaviestFirst: readonly Severity[] = ['block', 'investigate', 'warn']

/** Those that block first; within a severity as the policy lists them. */
export function ruleLines(rules: readonly Standing[]): string[] {
  const rows = heaviestFirst.flatMap((severity) => rules.filter(({ rule }) => rule.severity === severity)).map(rowOf)
  const widths = [0, 1, 2, 3, 4].map((cell) => Math.max(0, ...rows.map(({ cells }) => cells[cell]?.length ?? 0)))
  return rows.map(({ cells, end }) => {
    const padded = cells.map((cell, i) => cell.padEnd(widths[i] ?? 0))
    return `  ${[...padded, end].join('  ')}`.trimEnd()
  })
}

interface Row {
  readonly cells: readonly string[]
  /** No column makes room for it. */
  readonly end: string
}

/** Outcome, title, what it does, limit; then figures, or the sentence that says why there are none. */
function rowOf({ rule, outcome, because, effect }: Standing): Row {
  const { symbol, word } = outcomeMarks[outcome]
  const named = [`${symbol} ${word}`, metricTitle(rule.metric), severityWords[rule.severity].does]
  if (effect === null) {
    return { cells: [...named, `margin ${withoutZeros(percent(rule.margin))}`], end: because }
  }
  const { scale, unit, production, candidate, estimate, low, high } = effect
  const interval = { low: low ?? -Infinity, high: high ?? Infinity, level: 0 }
  const inWords = changeWords(effect, [estimate, interval.low, interval.high])
  const values = `${valueIn(unit, production)} → ${valueIn(unit, candidate)}`
  const end = `${inWords(estimate)}, ${intervalWords(interval, inWords, scale)}`
  return { cells: [...named, limitWords(rule, effect, inWords), values], end }
}
