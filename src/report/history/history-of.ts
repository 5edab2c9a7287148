// From what is kept of judged runs and what the journal tells of nights to one history, in which each night stands once.

import type { Across } from '../../core/across.ts'
import type { KeptNight } from '../../core/kept-night.ts'
import { modelName, swapWords } from '../../core/model-name.ts'
import type { Night } from '../../core/night.ts'
import type { JournalNight } from '../../core/nights.ts'
import { costUsd } from '../../core/price.ts'
import { arms, type Instant } from '../../core/types.ts'
import { gapsOf } from './gaps.ts'
import { type History, type HistoryNight, historySchemaId, type JudgedPart } from './history.ts'
import { changesSince } from './night-changes.ts'

export interface HistoryInput {
  /** In the order in which they began, with the findings of the rules for all records. */
  readonly kept: readonly KeptNight[]
  /** Judged nights older than those. */
  readonly left: number
  readonly journal: readonly JournalNight[]
  readonly across: Across
  readonly storeBytes: number
  readonly version: string
  readonly now: Instant
}

export function historyOf(input: HistoryInput): History {
  const { kept, left, journal, across, storeBytes, version, now } = input
  const judged = new Map(judgedParts(input).map((part, place) => [kept[place]?.run.id ?? '', part]))
  // A run that was brought home by a later night is that night's.
  const homes = new Map(journal.flatMap((night) => (night.came?.kind === 'judged' ? [[night.came.runId, night]] : [])))
  const told = journal.map((night) => {
    const runId = night.came?.runId ?? night.runId
    return journalNight(night, runId !== null && homes.get(runId) === night ? (judged.get(runId) ?? null) : null)
  })
  const untold = kept.filter(({ run }) => !homes.has(run.id)).map((night) => keptNight(night, judged.get(night.run.id)))
  const oldest = left > 0 ? (kept[0]?.run.startedAt ?? '') : ''
  const nights = [...told, ...untold].filter(({ at }) => at >= oldest).toSorted((a, b) => compare(a.at, b.at))
  return {
    schema: historySchemaId,
    generatedAt: now,
    version,
    storeBytes,
    left,
    nights,
    gaps: gapsOf(
      nights.map(({ at }) => at),
      now,
    ),
    alarms: across.alarms,
    promise: across.promise.because,
    repetition: across.repetition,
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** In the order of `kept`. */
function judgedParts({ kept, across }: HistoryInput): JudgedPart[] {
  const lasts = new Map<string, KeptNight>()
  const alarms = Map.groupBy(across.alarms, ({ runId }) => runId)
  return kept.map((night) => {
    const before = lasts.get(swapOf(night))
    lasts.set(swapOf(night), night)
    return judgedPart(night, before === undefined ? [] : changesSince(before, night, alarms.get(night.run.id) ?? []))
  })
}

function swapOf({ run: { targets } }: KeptNight): string {
  return swapWords(targets)
}

function judgedPart(night: KeptNight, changes: readonly string[]): JudgedPart {
  const { run, verdict, servedModels } = night
  const { decision, held, findings, drift } = verdict
  const { production, candidate } = run.targets
  return {
    decision,
    held,
    pairs: findings.reduce<number | null>(
      (most, { effect }) => (effect ? Math.max(most ?? 0, effect.pairs) : most),
      null,
    ),
    costUsd: costOf(night),
    models: { production: modelName(production), candidate: modelName(candidate) },
    servedModels,
    drift: drift === undefined ? null : { outcome: drift.outcome, because: drift.because },
    findings,
    changes,
  }
}

/** As far as prices are known. */
function costOf({ run, calls }: KeptNight): number | null {
  const costs = arms.flatMap((arm) => {
    const [sum, price] = [calls[arm], run.targets[arm].pricePerMillion]
    return sum && price ? [costUsd(sum.usage, price)] : []
  })
  return costs.length === 0 ? null : costs.reduce((total, cost) => total + cost, 0)
}

function keptNight(night: KeptNight, judged: JudgedPart | undefined): HistoryNight {
  return {
    at: night.run.startedAt,
    kind: 'judged',
    swap: swapOf(night),
    runId: night.run.id,
    status: null,
    code: null,
    because: night.verdict.because,
    tookMs: null,
    judged: judged ?? null,
  }
}

function journalNight(night: JournalNight, judged: JudgedPart | null): HistoryNight {
  const { begunAt: at, came } = night
  const runId = came?.runId ?? night.runId
  const common = { at, swap: came?.swap ?? null, runId, status: came?.status ?? null, code: null, judged: null }
  if (night.state === 'running') return { ...common, kind: 'running', because: stageWords(night), tookMs: null }
  if (night.state === 'cut-off') {
    return { ...common, kind: 'cut-off', because: night.closed?.because ?? stageWords(night), tookMs: null }
  }
  if (came === null) {
    return { ...common, kind: 'failed', because: 'It ended in a way that a later shadowgate wrote.', tookMs: null }
  }
  // A clock that was turned back in the night says nothing of how long it took.
  const tookMs = Math.max(0, Date.parse(came.finishedAt) - Date.parse(came.startedAt))
  const code = came.kind === 'failed' ? came.code : null
  return { ...common, kind: came.kind, because: came.because, code, tookMs, judged: judgedOf(came, judged) }
}

/** The journal counted the pairs; where the store lost the verdict, it still has the decision. */
function judgedOf(came: Night, judged: JudgedPart | null): JudgedPart | null {
  if (came.kind !== 'judged') return null
  const { decision, held, pairs, costUsd: cost, swap } = came
  if (judged !== null) return { ...judged, pairs }
  const [production = swap, candidate = ''] = swap.split(' → ')
  const none = { production: [], candidate: [] }
  const nothing = { servedModels: none, drift: null, findings: [], changes: [] }
  return { decision, held, pairs, costUsd: cost, models: { production, candidate }, ...nothing }
}

function stageWords({ stage, process: { pid, host } }: JournalNight): string {
  return `Process ${pid} on ${host}${stage === null ? ' has begun.' : ` is at the stage ${stage}.`}`
}
