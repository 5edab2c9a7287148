// What a game day came to, as JSON and in words.

import { type FaultOrder, faultNamed } from '../../../canary/faults/faults.ts'
import type { Rule } from '../../../core/judgement.ts'
import { count, counted, duration, percent } from '../../../report/format.ts'
import type { DrillResult, Sight } from './meter.ts'

export interface Drilled {
  readonly order: FaultOrder
  /** Rules of the config that may see it. */
  readonly rules: readonly Pick<Rule, 'metric' | 'severity'>[]
  /** Whether a rule that blocks is about it, or a guard. */
  readonly mustBeCaught: boolean
  readonly result: Omit<DrillResult, 'share'>
}

export interface DrillReport {
  readonly schema: 'shadowgate.drill/1'
  readonly kind: 'rehearsal' | 'live'
  readonly seed: number | null
  /** What was not as with users, in sentences. */
  readonly compressed: readonly string[]
  /** Nothing was spoilt; null where there was no such drill. */
  readonly control: DrillResult | null
  readonly drills: readonly Drilled[]
  /** Whether all that must be caught was, and the control was not. */
  readonly isPassed: boolean
  /** The verdict, in sentences. */
  readonly verdict: readonly string[]
}

/** The rules that may see a fault. A fault of which the proxy itself knows is a guard's matter whatever the rules say. */
export function drilled(order: FaultOrder, rules: readonly Rule[], result: Drilled['result']): Drilled {
  const { touches, isPlain } = faultNamed(order.fault)
  const about = rules.filter(({ metric }) => touches.includes(metric))
  return {
    order,
    rules: about.map(({ metric, severity }) => ({ metric, severity })),
    mustBeCaught: isPlain || about.some(({ severity }) => severity === 'block'),
    result,
  }
}

export function reportOf(of: Pick<DrillReport, 'kind' | 'seed' | 'compressed' | 'control' | 'drills'>): DrillReport {
  const { control, drills } = of
  const isPassed =
    (control?.caught ?? null) === null && drills.every(({ mustBeCaught, result }) => !mustBeCaught || result.caught)
  return { schema: 'shadowgate.drill/1', ...of, isPassed, verdict: verdictOf(control, drills) }
}

function verdictOf(control: DrillResult | null, drills: readonly Drilled[]): readonly string[] {
  const due = drills.filter(({ mustBeCaught }) => mustBeCaught)
  const caught = due.filter(({ result }) => result.caught)
  return [
    ...(due.length > 0
      ? [`The canary would have caught ${count(caught.length)} of ${counted(due.length, 'fault')}.`]
      : []),
    ...due.filter(({ result }) => !result.caught).map(missedSentence),
    ...drills.filter(({ mustBeCaught }) => !mustBeCaught).map(besideSentence),
    ...(control === null ? [] : [controlSentence(control)]),
  ]
}

function missedSentence({ order, result }: Drilled): string {
  if (result.requests === 0) return `${named(order)} met no request: nobody asked the candidate, and nothing is shown.`
  return `${named(order)} was not caught within ${counted(result.requests, 'request')} of the candidate.`
}

function besideSentence({ order, rules, result }: Drilled): string {
  const list = rules.map(({ metric, severity }) => `${metric} is ${severity}`).join(', ')
  const why = rules.length === 0 ? 'no rule is about it' : `no rule about it blocks (${list})`
  return `${named(order)}: ${why}; ${endOf(result)}.`
}

function endOf({ caught, noticed, requests }: Drilled['result']): string {
  if (caught) return `it was rolled back all the same, by ${caught.by}`
  if (noticed) return `${noticed.by} saw it after ${counted(noticed.afterRequests, 'request')} and held nothing up`
  return `nothing saw it within ${counted(requests, 'request')}`
}

function controlSentence({ caught, requests, share }: DrillResult): string {
  if (caught) return `Without any fault it was rolled back, by ${caught.by}: a false alarm. ${caught.because}`
  return `Without any fault it was not rolled back within ${counted(requests, 'request')}, and stood at ${percent(share)} of users.`
}

function named({ fault, share }: FaultOrder): string {
  return `"${faultNamed(fault).title}" in ${share === 1 ? 'all answers' : `${percent(share)} of answers`}`
}

/** For people. */
export function drillText(report: DrillReport): string {
  const head = ['fault', 'answers', 'rolled back by', 'after', 'of the candidate', 'users met it', 'saved']
  const rows = report.drills.map(rowOf)
  const control = report.control === null ? [] : [['(none)', '', ...resultCells(report.control)]]
  const because = report.drills.flatMap(({ order, result }) =>
    result.caught ? [`  ${named(order)}: ${result.caught.because}`] : [],
  )
  return [
    ...table([head, ...rows, ...control]),
    '',
    ...(because.length === 0 ? [] : ['Why each was rolled back:', ...because, '']),
    ...report.compressed,
    '',
    ...report.verdict,
  ].join('\n')
}

function rowOf({ order: { fault, share }, result }: Drilled): readonly string[] {
  return [faultNamed(fault).title, share === 1 ? 'all' : percent(share), ...resultCells(result)]
}

function resultCells({ caught, requests, usersHit, usersSaved }: Drilled['result']): readonly string[] {
  const sight: Sight | null = caught
  return [
    sight?.by ?? 'not',
    sight === null ? '' : duration(sight.afterMs),
    counted(sight?.afterRequests ?? requests, 'request'),
    count(usersHit),
    count(usersSaved),
  ]
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
