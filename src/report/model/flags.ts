// What to look into beside the decision, a line for each metric: what happened to it, and in which segments too.

import type { Verdict } from '../../core/judgement.ts'
import { counted } from '../format.ts'
import { sentence } from '../text.ts'
import { metricTitle } from '../words.ts'
import type { FindingRow } from './findings.ts'

export interface FlagLine {
  /** "Answer length"; null where it is about no metric alone. */
  readonly title: string | null
  /** "0.03×, from 1,094 to 29 characters; also in 3 segments: task=prime, …". */
  readonly words: string
}

/** So many segments are named before a number stands for them. */
const mostNamed = 4

/** Rules to investigate by that failed, by metric, in the order of the rows; then the flags that are no rule's. */
export function flagLines(rows: readonly FindingRow[], verdict: Verdict): readonly FlagLine[] {
  const failed = rows.filter(
    ({ outcome, severity, isDeciding }) => outcome === 'fail' && severity === 'investigate' && !isDeciding,
  )
  return [
    ...[...Map.groupBy(failed, ({ metric }) => metric).values()].map(lineOf),
    ...flagsBeside(verdict).map((flag) => ({ title: null, words: sentence(flag) })),
  ]
}

/** Flags that no row of a rule has told already, with the names of metrics that rows have: "Latency p50 differs …". */
export function flagsBeside({ findings, flags }: Pick<Verdict, 'findings' | 'flags'>): readonly string[] {
  const told = new Set(findings.filter(({ outcome }) => outcome === 'fail').map(({ because }) => because))
  const metrics = new Set(findings.map(({ rule }) => rule.metric))
  return flags.filter((flag) => !told.has(flag)).map((flag) => titled(flag, metrics))
}

/** The gate names metrics as the config does, and opens with them: `latency-p50, latency-p95: …`. */
function titled(flag: string, metrics: ReadonlySet<string>): string {
  const subjects = /^[\w-]+(?:, [\w-]+)*(?=:? )/.exec(flag)?.[0] ?? ''
  const names = subjects.split(', ')
  if (!names.every((name) => metrics.has(name))) return flag
  return `${names.map(metricTitle).join(', ')}${flag.slice(subjects.length)}`
}

function lineOf(rows: readonly FindingRow[]): FlagLine {
  const whole = rows.find(({ segment }) => segment === null)
  const parts = rows.filter((row) => row !== whole)
  const first = whole ?? rows[0]
  const seen =
    first?.estimate == null
      ? (first?.because ?? '')
      : `${first.estimate}, from ${first.production} to ${first.candidate}`
  const names = parts
    .slice(0, mostNamed)
    .map(({ segment, estimate }) => `${segment}${estimate === null ? '' : ` (${estimate})`}`)
  const left = parts.length - names.length
  const named = [...names, ...(left > 0 ? [`${left} more`] : [])].join(', ')
  const where = parts.length === 0 ? '' : `; ${whole ? 'also in' : 'in'} ${counted(parts.length, 'segment')}: ${named}`
  return { title: first?.title ?? null, words: sentence(`${seen}${where}.`) }
}
