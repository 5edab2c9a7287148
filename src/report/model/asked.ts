// What was asked, of whom, and what became of it: the part of a report that makes a verdict checkable.

import { modelName } from '../../core/model-name.ts'
import type { Arm, Target } from '../../core/types.ts'
import { count, counted, instant, levelWords, percent, span, usd, withoutZeros } from '../format.ts'
import type { CallCounts, ReportInput } from '../input.ts'
import { oneLine, sentence } from '../text.ts'
import { plainWord } from '../words.ts'
import { type Fact, type LeftOutRow, leftOutRows, logFacts } from './asked-log.ts'

export interface AskedModel {
  /** What the arms were and how their calls ended, side by side. */
  readonly arms: readonly ArmFact[]
  readonly groups: readonly FactGroup[]
  /** Why requests and lines of the log could not be used. */
  readonly leftOut: readonly LeftOutRow[]
  readonly excluded: readonly ExcludedRow[]
  /** "31 of 2,000 pairs (1.6 %) do not vote". */
  readonly excludedTotal: string
  /** "31 (1.6 %)". */
  readonly excludedShort: string
  readonly notes: readonly string[]
  /** "$3.10", with a word on batches where there were some; null where no price was given. */
  readonly cost: string | null
}

export interface ArmFact {
  readonly name: string
  readonly production: string
  readonly candidate: string
}

export interface FactGroup {
  readonly title: string
  readonly facts: readonly Fact[]
}

export interface ExcludedRow {
  readonly reason: string
  readonly pairs: string
  readonly share: string
}

export function askedModel(input: ReportInput): AskedModel {
  const { counts } = input
  const excluded = Object.entries(counts.excluded).filter(([, pairs]) => pairs > 0)
  const total = excluded.reduce((sum, [, pairs]) => sum + pairs, 0)
  return {
    arms: armFacts(input),
    groups: [
      { title: 'Data', facts: logFacts(input) },
      { title: 'Replay', facts: replayFacts(input) },
      { title: 'Run', facts: runFacts(input) },
    ],
    leftOut: leftOutRows(input.counts.log),
    excluded: excluded
      .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .map(([reason, pairs]) => ({
        reason: plainWord(reason),
        pairs: count(pairs),
        share: shareOf(pairs, counts.planned),
      })),
    excludedTotal:
      total === 0
        ? 'No pair was excluded.'
        : `${count(total)} of ${count(counts.planned)} planned pairs (${shareOf(total, counts.planned)}) do not vote; ` +
          `more than ${withoutZeros(percent(input.policy.maxExcluded))} would make the run INVALID.`,
    excludedShort: total === 0 ? 'none' : `${count(total)} (${shareOf(total, counts.planned)})`,
    notes: [...remarks(input), ...input.run.notes].map(sentence),
    cost: totalCost(input),
  }
}

/** A larger difference of the arms' hit rates than this, and latencies compare caches rather than models. */
const unlikeCaches = 0.1

/** What a reader must know of this run before its numbers. */
function remarks({ run, effects }: ReportInput): readonly string[] {
  const { replay, stopped } = run
  const found: string[] = []
  if (stopped) found.push(stopped.because)
  if (replay.lane === 'batch')
    found.push('Sent through the batch API: there are no latencies, and rules about them say nothing.')
  if (replay.pace === 'open') {
    const scale = replay.timeScale === 1 ? 'as recorded' : `${replay.timeScale} times as fast as recorded`
    found.push(`Sent in open loop, ${scale}: latency counts from when each request was due, so a queue shows in it.`)
    if (replay.timeScale > 1)
      found.push('Time runs faster than recorded, so prompt caches are hit more often than they would be.')
  }
  const hits = effects.find(({ metric, segment }) => metric === 'cache-hit-rate' && segment === null)
  if (hits && Math.abs(hits.candidate - hits.production) > unlikeCaches) {
    found.push(
      `Latencies are not like for like: ${withoutZeros(percent(hits.production))} of production's input came from its prompt ` +
        `cache, and ${withoutZeros(percent(hits.candidate))} of the candidate's.`,
    )
  }
  return found
}

function row(name: string, of: (arm: Arm) => string): ArmFact {
  return { name, production: of('production'), candidate: of('candidate') }
}

function armFacts(input: ReportInput): readonly ArmFact[] {
  const target = (arm: Arm) => input.run.targets[arm]
  const calls = (key: keyof CallCounts) => (arm: Arm) => count(input.counts.calls[arm][key])
  return [
    row('Model asked for', (arm) => modelName(target(arm))),
    row('Model served', (arm) => input.counts.servedModels[arm].map(oneLine).join(', ') || 'not reported'),
    row('Host', (arm) => hostOf(target(arm).baseUrl)),
    row('API', (arm) => oneLine(target(arm).api)),
    row('Overrides', (arm) => overridesOf(target(arm))),
    row('Concurrency, at most', (arm) => count(target(arm).concurrency)),
    row('Calls, retries included', calls('calls')),
    row('Retries', calls('retries')),
    row('Answered', calls('reply')),
    row('Rejected by the API', calls('rejected')),
    row('Broken', calls('broken')),
    row('Timed out', calls('timeout')),
    row('Cost', (arm) => costWords(input.counts.costUsd[arm])),
  ]
}

function replayFacts(input: ReportInput): readonly Fact[] {
  const { run, counts, policy, verdict } = input
  const took = run.finishedAt === null ? null : span(Date.parse(run.finishedAt) - Date.parse(run.startedAt))
  return [
    { name: 'Pairs', value: `${count(counts.pairs)} of ${count(counts.planned)} planned` },
    { name: 'Asked twice', value: `${counted(counts.noisePairs, 'pair')}, for the noise floor` },
    { name: 'Pace', value: paceWords(run.replay) },
    { name: 'Judged', value: looksWords(input) },
    { name: 'Confidence', value: `${levelWords(policy.level)} for each one-sided limit` },
    ...(verdict.drift === undefined ? [] : [{ name: 'Production and its log', value: oneLine(verdict.drift.because) }]),
    { name: 'Cost of both arms', value: totalCost(input) ?? 'no price given' },
    { name: 'Started', value: instant(run.startedAt) },
    { name: 'Finished', value: run.finishedAt === null ? 'not finished' : `${instant(run.finishedAt)} (${took})` },
  ]
}

function runFacts({ run, generatedAt }: ReportInput): readonly Fact[] {
  const { shadowgate, node, duckdb } = run.versions
  return [
    { name: 'Run', value: oneLine(run.id) },
    { name: 'Seed', value: String(run.seed) },
    { name: 'Report written', value: instant(generatedAt) },
    { name: 'Versions', value: `shadowgate ${shadowgate}, Node ${node}, DuckDB ${duckdb}` },
  ]
}

/** Whether it was looked at along the way, and where it ended before its plan did. */
function looksWords({ run, verdict, counts }: ReportInput): string {
  const taken = verdict.looks.length
  if (run.stopped?.why === 'cost-limit') return `after ${counted(counts.pairs, 'pair')}: the limit of cost was reached`
  if (run.stopped?.why === 'time-limit') return `after ${counted(counts.pairs, 'pair')}: the limit of time was reached`
  if (taken === 0) return 'once, at the end'
  if (run.stopped === null) return `at ${counted(taken, 'look')} along the way`
  // What that saved stands in the notes: only the replay knew what it cost, and what was already under way.
  return `at look ${count(taken)}, after ${count(run.stopped.records ?? counts.pairs)} of ${counted(run.dataset.records, 'pair')}, and ended there`
}

function paceWords({ lane, pace, timeScale, salted }: ReportInput['run']['replay']): string {
  const way =
    lane === 'batch'
      ? 'batch API: at half the price, and without latencies'
      : pace === 'open'
        ? `open loop, time × ${timeScale}`
        : 'closed loop'
  return `${way}; ${salted ? 'a prompt cache for each arm and trial' : 'prompt caches shared'}`
}

/** What a target changes in every request, in words. */
export function overridesOf({ overrides: fields, rename = {} }: Target): string {
  const renamed = Object.entries(rename).map(([from, to]) => `${from} as ${to}`)
  const set = Object.keys(fields).length === 0 ? [] : [JSON.stringify(fields)]
  return oneLine([...renamed, ...set].join(', ')) || 'none'
}

/** Host and port only: a path or user info may say more than a report should. */
export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : 'not a URL'
}

function shareOf(part: number, whole: number): string {
  return whole === 0 ? '—' : percent(part / whole)
}

function costWords(cost: number | null): string {
  return cost === null ? 'no price given' : usd(cost)
}

function totalCost({ counts: { costUsd }, run }: ReportInput): string | null {
  if (costUsd.production === null && costUsd.candidate === null) return null
  const cost = usd((costUsd.production ?? 0) + (costUsd.candidate ?? 0))
  return run.replay.lane === 'batch' ? `${cost}, at half the price (batches)` : cost
}
