// The history in words: what the index page says, each number rounded once. The table in the terminal is made of the same.

import type { Arm, Instant } from '../../core/types.ts'
import { count, counted, day, duration, fileSize, minute, span, usd } from '../format.ts'
import { oneLine, sentence } from '../text.ts'
import { decisionMark, type Mark, nightMarks } from '../words.ts'
import type { History, HistoryNight, JudgedPart } from './history.ts'
import { type Trend, trendsOf } from './trend.ts'

export interface HistoryModel {
  /** null where no night was judged yet. */
  readonly head: HistoryHead | null
  /** The newest first. */
  readonly swaps: readonly SwapHistory[]
  /** Every night, the newest first. */
  readonly nights: readonly NightRow[]
  /** Nights that should have been, one sentence each, the newest first. */
  readonly gaps: readonly string[]
  readonly alarms: readonly { readonly at: string; readonly runId: string; readonly because: string }[]
  /** How seldom alarms are false, and what many nights do to a GO. */
  readonly bounds: readonly string[]
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  readonly generatedAt: string
  readonly version: string
}

export interface HistoryHead {
  readonly mark: Mark
  readonly tone: string
  readonly models: Readonly<Record<Arm, string>>
  /** "GO since 2026-11-12 02:30 UTC, in 11 nights." */
  readonly since: string
  readonly because: string
  readonly runId: string | null
  /** Whether production still answered as its log has it; null where nobody asked. */
  readonly drift: { readonly hasDrifted: boolean; readonly because: string } | null
  /** Why the newest night is not the one that this is about; null where it is. */
  readonly trouble: string | null
}

export interface SwapHistory {
  readonly models: Readonly<Record<Arm, string>>
  /** "58 nights judged: 51 GO, 4 NO-GO, 3 INCONCLUSIVE". */
  readonly tally: string
  readonly trends: readonly Trend[]
  /** In limits: what the pictures of all trends have in common. */
  readonly reach: readonly [low: number, high: number]
  readonly served: readonly ServedRow[]
}

/** Which models answered, from when to when; the newest first. */
export interface ServedRow {
  readonly arm: Arm
  readonly served: string
  readonly from: string
  readonly to: string
  readonly nights: string
}

export interface NightRow {
  readonly at: Instant
  readonly when: string
  readonly mark: Mark
  readonly tone: string
  readonly runId: string | null
  readonly swap: string | null
  /** The verdict's or the failure's reason. */
  readonly because: string
  readonly code: string | null
  readonly pairs: string | null
  readonly cost: string | null
  readonly took: string | null
  readonly status: string | null
  readonly isJudged: boolean
  /** Neither judged nor without anything new. */
  readonly isTrouble: boolean
  readonly changes: readonly string[]
}

/** Of swaps that are not the newest. */
const mostSwaps = 6

export function historyModel(history: History): HistoryModel {
  const { nights, gaps, alarms, promise, repetition, generatedAt, version } = history
  const swaps = swapsOf(nights)
  return {
    head: headOf(nights, swaps[0] ?? []),
    swaps: swaps.slice(0, mostSwaps).map(swapHistory),
    nights: nights.map(nightRow).toReversed(),
    gaps: gaps.map(gapWords).toReversed(),
    alarms: alarms
      .map(({ at, runId, because }) => ({ at: minute(at), runId, because: sentence(oneLine(because)) }))
      .toReversed(),
    bounds: [promise, ...(repetition === null ? [] : [repetition.because])].map(sentence),
    facts: factsOf(history),
    generatedAt: minute(generatedAt),
    version,
  }
}

type Judged = HistoryNight & { readonly judged: JudgedPart }

/** The judged nights of each swap in their order; the swap of the newest night first. */
function swapsOf(nights: readonly HistoryNight[]): Judged[][] {
  const judged = nights.filter((night): night is Judged => night.judged !== null)
  const bySwap = [...Map.groupBy(judged, ({ judged: { models } }) => JSON.stringify(models)).values()]
  const newest = (own: readonly Judged[]) => own.at(-1)?.at ?? ''
  return bySwap.toSorted((a, b) => (newest(a) < newest(b) ? 1 : -1))
}

function toneOf({ decision, held }: JudgedPart): string {
  return held ? 'inconclusive' : decision.toLowerCase()
}

function headOf(nights: readonly HistoryNight[], own: readonly Judged[]): HistoryHead | null {
  const last = own.at(-1)
  if (last === undefined) return null
  const mark = decisionMark(last.judged)
  const turned = own.findLastIndex(({ judged }) => decisionMark(judged).word !== mark.word)
  const since = own[turned + 1] ?? last
  const { drift } = last.judged
  const streak = own.length - turned - 1
  const often = streak === 1 ? 'for one night' : `in ${counted(streak, 'night')} on end`
  return {
    mark,
    tone: toneOf(last.judged),
    models: last.judged.models,
    since: `${mark.word} since ${minute(since.at)}, ${often}.`,
    because: sentence(oneLine(last.because)),
    runId: last.runId,
    drift: drift && { hasDrifted: drift.outcome === 'drifted', because: sentence(oneLine(drift.because)) },
    trouble: troubleOf(nights.at(-1)),
  }
}

const troubles = {
  'nothing-new': 'brought nothing new',
  failed: 'came to no verdict',
  'cut-off': 'was cut off',
  running: 'is under way',
} as const

function troubleOf(newest: HistoryNight | undefined): string | null {
  if (newest === undefined || newest.kind === 'judged') return null
  return sentence(oneLine(`The night of ${minute(newest.at)} ${troubles[newest.kind]}: ${newest.because}`))
}

function swapHistory(nights: readonly Judged[]): SwapHistory {
  const models = nights.at(-1)?.judged.models ?? { production: '', candidate: '' }
  const marks = Map.groupBy(nights, ({ judged }) => decisionMark(judged).word)
  const counts = [...marks]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([word, own]) => `${count(own.length)} ${word}`)
  const trends = trendsOf(nights)
  return {
    models,
    tally: `${counted(nights.length, 'night')} judged: ${counts.join(', ')}`,
    trends,
    reach: reachOf(trends),
    served: (['production', 'candidate'] as const).flatMap((arm) => servedRows(nights, arm)),
  }
}

/** As far as estimates go, and always both sides of the limit; what intervals do beyond that is cut off. */
function reachOf(trends: readonly Trend[]): SwapHistory['reach'] {
  const estimates = trends.flatMap(({ columns }) => columns.map(({ estimate }) => estimate)).filter(Number.isFinite)
  const [low, high] = [Math.min(-1, ...estimates), Math.max(1.2, ...estimates)]
  return [Math.max(-3, low - 0.5), Math.min(9, high + 0.5)]
}

function servedRows(nights: readonly Judged[], arm: Arm): ServedRow[] {
  const spells: { served: string; from: Instant; to: Instant; nights: number }[] = []
  for (const { at, judged } of nights) {
    const served = judged.servedModels[arm].map(oneLine).join(', ') || 'not reported'
    const last = spells.at(-1)
    if (last?.served === served) Object.assign(last, { to: at, nights: last.nights + 1 })
    else spells.push({ served, from: at, to: at, nights: 1 })
  }
  return spells
    .map(({ served, from, to, nights: own }) => ({ arm, served, from: day(from), to: day(to), nights: count(own) }))
    .toReversed()
}

export function nightRow(night: HistoryNight): NightRow {
  const { at, kind, judged, runId, swap, because, code, tookMs, status } = night
  return {
    at,
    when: minute(at),
    mark: judged !== null ? decisionMark(judged) : nightMarks[kind === 'judged' ? 'failed' : kind],
    tone: judged !== null ? toneOf(judged) : kind === 'nothing-new' || kind === 'running' ? 'quiet' : 'invalid',
    runId,
    swap: swap === null ? null : oneLine(swap),
    because: sentence(oneLine(because)),
    code,
    pairs: judged?.pairs == null ? null : counted(judged.pairs, 'pair'),
    cost: judged?.costUsd == null ? null : usd(judged.costUsd),
    took: tookMs === null ? null : tookMs < 1000 ? duration(tookMs) : span(tookMs),
    status: status === null ? null : String(status),
    isJudged: judged !== null,
    isTrouble: judged === null && (kind === 'failed' || kind === 'cut-off'),
    changes: judged?.changes ?? [],
  }
}

export function gapWords({ after, before, missing }: History['gaps'][number]): string {
  const nights = missing === 1 ? 'One night is' : `${count(missing)} nights are`
  return `${nights} missing between ${minute(after)} and ${minute(before)}: no journal and no run tell of any.`
}

function factsOf({ nights, left, storeBytes }: History): HistoryModel['facts'] {
  const costs = nights.flatMap(({ judged }) => judged?.costUsd ?? [])
  const recent = costs.slice(-30)
  const total = recent.reduce((sum, cost) => sum + cost, 0)
  return [
    {
      name: 'Nights',
      value: `${count(nights.length)}${left > 0 ? `, and ${count(left)} older ones in the store` : ''}`,
    },
    { name: 'Without a verdict', value: count(nights.filter((night) => nightRow(night).isTrouble).length) },
    ...(recent.length === 0
      ? []
      : [
          {
            name: `Cost, ${recent.length === 1 ? 'the last night' : `the last ${count(recent.length)} nights`}`,
            value: `${usd(total)}${recent.length > 1 ? `, ${usd(total / recent.length)} a night` : ''}`,
          },
        ]),
    { name: 'Store', value: fileSize(storeBytes) },
  ]
}
