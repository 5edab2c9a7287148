// Nights → alarms, turns and what repetition does to a GO: one walk, in which each night is judged by those before it alone.

import type { Across, Alarm, NightSummary, Turn } from '../../core/across.ts'
import type { Effect } from '../../core/judgement.ts'
import type { Arm } from '../../core/types.ts'
import { arms } from '../../core/types.ts'
import { alarmAlpha, nothingPooled, type Pooled, pool } from '../../stats/across-nights.ts'
import { stepDown } from '../step-down.ts'
import { change, spoken } from '../words.ts'
import { repetitionOf } from './repetition.ts'
import { comparedWith, type Followed, followedIn } from './streams.ts'

/** One night with a false alarm in twenty years. */
export const falseAlarmsPerYear = 0.05
/** Drift, and effects that moved, have half of that each: twenty rules must not dull the one alarm about production. */
const families = 2
const dayMs = 24 * 60 * 60 * 1000

/**
 * Alarms, turns and the repetition of the last night. In each night the tests of a family are corrected together (Holm), at an error
 * rate that `alarmAlpha` gives: so a year has `falseAlarmsPerYear` nights with a false alarm in expectation, at most, however nights
 * hang together. Nights in any order. What was said for one night stays as it is when others follow.
 */
export function acrossNights(summaries: readonly NightSummary[]): Across {
  const nights = summaries.toSorted((a, b) => compare(a.startedAt, b.startedAt) || compare(a.runId, b.runId))
  const walk = beginWalk()
  for (const night of nights) walk.pass(night)
  return {
    alarms: walk.alarms,
    turns: walk.turns,
    repetition: repetitionOf(nights),
    promise: {
      falseAlarmsPerYear,
      because: `Of the nights of a year at most ${falseAlarmsPerYear} have a false alarm in expectation, one in twenty years, whether or not nights share requests.`,
    },
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function beginWalk() {
  const alarms: Alarm[] = []
  const turns: Turn[] = []
  /** Nights of each stream since it last moved. */
  const bases = new Map<string, Pooled>()
  /** Swap and metric, where production was shown to have drifted and not yet to be steady again. */
  const drifted = new Set<string>()
  /** The last night of each swap. */
  const lasts = new Map<string, NightSummary>()
  let overlap = 0
  let before: NightSummary | null = null
  return {
    alarms,
    turns,
    pass: (night: NightSummary) => {
      const alpha = alphaOf(night, before)
      const last = lasts.get(night.swap) ?? null
      if (before !== null) overlap = Math.max(overlap, overlapOf(night))
      // A run that can't be judged shows nothing of the models, whatever its figures are.
      const shown =
        night.decision === 'INVALID'
          ? []
          : [...driftAlarms(night, drifted, alpha), ...movedAlarms(night, { bases, overlap, alpha })]
      const own = [...shown, ...servedAlarms(night, last)]
      alarms.push(...own)
      const turn = last && turnOf(night, last, own)
      if (turn) turns.push(turn)
      lasts.set(night.swap, night)
      before = night
    },
  }
}

/** Of one family. */
function alphaOf(night: NightSummary, before: NightSummary | null): number {
  const days = before === null ? 1 : (Date.parse(night.startedAt) - Date.parse(before.startedAt)) / dayMs
  return alarmAlpha({ perYear: falseAlarmsPerYear / families, days: Math.max(0, days) })
}

/** Share of its records that it has in common with earlier nights. */
function overlapOf({ repeated, records }: NightSummary): number {
  if (repeated === null || records === 0) return 1
  return Math.min(1, repeated / records)
}

function driftAlarms(night: NightSummary, drifted: Set<string>, alpha: number): Alarm[] {
  const findings = night.drift?.findings ?? []
  const isShown = stepDown(
    findings.map(({ p }) => p),
    (tests) => alpha / tests,
  )
  return findings.flatMap((finding, place): Alarm[] => {
    const { metric, outcome, p, because } = finding
    const key = `${night.swap} ${metric}`
    if (isShown[place] !== true) {
      if (outcome === 'pass') drifted.delete(key)
      return []
    }
    if (drifted.has(key)) return []
    drifted.add(key)
    return [{ ...headOf(night), kind: 'drifted', metric, p, because: `Production changed since the log: ${because}` }]
  })
}

interface Following {
  readonly bases: Map<string, Pooled>
  readonly overlap: number
  readonly alpha: number
}

function movedAlarms(night: NightSummary, { bases, overlap, alpha }: Following): Alarm[] {
  const all = followedIn(night).map((now) => {
    const base = bases.get(now.key) ?? nothingPooled
    return { now, base, compared: comparedWith(base, now, overlap) }
  })
  const tested = all.filter(({ compared }) => compared !== null)
  const isShown = stepDown(
    tested.map(({ compared }) => compared?.p ?? 1),
    (tests) => alpha / tests,
  )
  const moved = new Set(tested.filter((_, place) => isShown[place] === true))
  for (const each of all) {
    // A night that gave the alarm was picked for being far off: the next one is the first to compare with.
    bases.set(each.now.key, moved.has(each) ? nothingPooled : pool(each.base, each.now.estimated))
  }
  return tested.flatMap((each): Alarm[] => {
    const { now, base, compared } = each
    if (compared === null || !moved.has(each)) return []
    const to = now.scale === 'ratio' ? Math.exp(now.estimated.estimate) : now.estimated.estimate
    const { from, p } = compared
    const what = { from, to, nights: base.count }
    return [
      {
        ...headOf(night),
        kind: 'moved',
        of: now.of,
        subject: spoken(now.metric, now.segment),
        from,
        to,
        p,
        because: movedWords(now, what),
      },
    ]
  })
}

function movedWords(
  { of, metric, segment, scale }: Followed,
  { from, to, nights }: { readonly from: number; readonly to: number; readonly nights: number },
): string {
  const words = (amount: number) => change({ scale, unit: 'share' } satisfies Pick<Effect, 'scale' | 'unit'>, amount)
  const against = of === 'drift' ? 'of production against its log' : 'of the candidate against production'
  const before = nights === 1 ? 'the night before' : `the ${nights.toLocaleString('en-US')} nights before`
  return `${spoken(metric, segment)} ${against} moved from ${words(from)} in ${before} to ${words(to)}, by more than chance explains: a model changed, or what is asked did.`
}

function servedAlarms(night: NightSummary, last: NightSummary | null): Alarm[] {
  if (last === null) return []
  return arms.flatMap((arm): Alarm[] => {
    const [before, now] = [last.servedModels[arm], night.servedModels[arm]].map((names) => names.toSorted())
    // A server that does not say what it served says nothing of a change either.
    if (!before?.length || !now?.length || before.join('\n') === now.join('\n')) return []
    return [{ ...headOf(night), kind: 'served-model', arm, before, now, because: servedWords(arm, before, now) }]
  })
}

function servedWords(arm: Arm, before: readonly string[], now: readonly string[]): string {
  const name = arm === 'production' ? 'Production' : 'The candidate'
  return `${name} was served by ${now.join(', ')}, and by ${before.join(', ')} the night before.`
}

function headOf({ runId, startedAt }: NightSummary) {
  return { runId, at: startedAt }
}

function turnOf(night: NightSummary, last: NightSummary, alarms: readonly Alarm[]): Turn | null {
  if (night.policy !== last.policy || night.decision === last.decision) return null
  const grounds = alarms.map(({ because }) => because)
  const isShown = grounds.length > 0
  const why = isShown
    ? grounds.join(' ')
    : 'No effect moved by more than chance explains: the swap lies near a margin, or had too few pairs in one of both nights.'
  return {
    runId: night.runId,
    at: night.startedAt,
    from: last.decision,
    to: night.decision,
    isShown,
    because: `${last.decision} → ${night.decision}. ${why}`,
  }
}
