// What may go, by the settings: a list of removals, each more than the one before, until the store is small enough.

import type { Instant } from '../../core/types.ts'
import type { HeldRun, Removal, Weight } from '../../store/removal.ts'
import type { Config } from '../config/schema.ts'

const dayMs = 86_400_000

export function isRetentionOn({ retention }: Pick<Config, 'retention'>): boolean {
  return Object.values(retention).some((value) => value !== undefined)
}

/** By age, then for the size alone: texts of one run after the other, then all of one after the other. */
export function removalsOf(
  { retention }: Pick<Config, 'retention'>,
  runs: readonly HeldRun[],
  nowMs: number,
): Removal[] {
  const { textsDays, attemptsDays, maxStoreMb } = retention
  const attemptsBefore = daysBefore(nowMs, attemptsDays)
  // Without its attempts a run has no texts.
  const byAge = { textsBefore: later(daysBefore(nowMs, textsDays), attemptsBefore), attemptsBefore }
  if (maxStoreMb === undefined) return [byAge]
  const goes = runs.filter(({ isKept }) => !isKept).map(({ startedAt }) => justAfter(startedAt))
  // Records that the newest judged run has passed over, too.
  const newest = runs.findLast(({ isKept }) => isKept)?.startedAt ?? null
  // A clock that was set may have the newest begin before others.
  const passedOver = later(newest, goes.at(-1) ?? null)
  const texts = [...goes, ...(passedOver === null ? [] : [passedOver])].map((at) => ({
    textsBefore: later(at, byAge.textsBefore),
    attemptsBefore,
  }))
  const last = texts.at(-1)?.textsBefore ?? byAge.textsBefore
  const attempts = goes.map((at) => ({ textsBefore: last, attemptsBefore: later(at, attemptsBefore) }))
  return [byAge, ...texts, ...attempts]
}

/** Runs begun before then lose their reports; null: none do. */
export function reportsBefore({ retention }: Pick<Config, 'retention'>, nowMs: number): Instant | null {
  return daysBefore(nowMs, retention.reportsDays)
}

function daysBefore(nowMs: number, days: number | undefined): Instant | null {
  return days === undefined ? null : new Date(nowMs - days * dayMs).toISOString()
}

function justAfter(at: Instant): Instant {
  return new Date(Date.parse(at) + 1).toISOString()
}

function later(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other
  return one > other ? one : other
}

/** What goes, counted: runs that lose their texts, and those that lose all that was stored of their pairs. */
export interface Gone {
  readonly textsOfRuns: number
  readonly textsOfRecords: number
  readonly attemptsOfRuns: number
}

export interface Toll {
  readonly gone: Gone
  /** Of what the store holds by weight: about how much of its size. */
  readonly share: number
}

export function tollOf({ textsBefore, attemptsBefore }: Removal, weights: readonly Weight[]): Toll {
  const limits = { texts: textsBefore, attempts: attemptsBefore }
  const gone = weights.filter(({ what, at }) => at < (limits[what] ?? ''))
  const count = (what: Weight['what'], of: Weight['of']) =>
    gone.filter((part) => part.what === what && part.of === of).reduce((sum, part) => sum + part.count, 0)
  const all = bytesOf(weights)
  return {
    gone: {
      textsOfRuns: count('texts', 'runs'),
      textsOfRecords: count('texts', 'records'),
      attemptsOfRuns: count('attempts', 'runs'),
    },
    share: all === 0 ? 0 : bytesOf(gone) / all,
  }
}

function bytesOf(parts: readonly Weight[]): number {
  return parts.reduce((sum, part) => sum + part.bytes, 0)
}
