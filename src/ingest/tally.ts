// The counts of one file of logs: what became of its lines.

import type { PackedRecord } from '../core/types.ts'
import type { LogFormat } from './log-format.ts'
import { personalCount, type Taken, takenTogether } from './redact.ts'

/** Counts of one file. A joined record counts for the file of its request. */
export interface FileSummary {
  readonly file: string
  /** null where no line told it. */
  readonly format: string | null
  /** Lines with something in them. */
  readonly lines: number
  readonly records: number
  readonly rejected: number
  /** Records whose request stood in the file before. */
  readonly recurring: number
  /** Credentials taken out of what was kept. */
  readonly keysRemoved: number
  /** Personal data replaced in records and opinions, by kind. */
  readonly personalData: Readonly<Record<string, number>>
  /** Records in which some was. */
  readonly personalRecords: number
  /** Lines in order that are no call of a chat model. */
  readonly leftOut: number
  /** What they are, and how many of each. */
  readonly leftOutAs: Readonly<Record<string, number>>
  /** Why records cannot be replayed, and how many for each reason. */
  readonly incomplete: Readonly<Record<string, number>>
}

export type Tally = { -readonly [Count in keyof FileSummary]: FileSummary[Count] }

export function newTally(file: string, format: LogFormat | null): Tally {
  return {
    file,
    format: format?.name ?? null,
    lines: 0,
    records: 0,
    rejected: 0,
    recurring: 0,
    keysRemoved: 0,
    personalData: {},
    personalRecords: 0,
    leftOut: 0,
    leftOutAs: {},
    incomplete: {},
  }
}

/** What was taken out of a record or an opinion. */
export function countTaken(tally: Tally, taken: Taken): void {
  const { keys, personal } = takenTogether({ keys: tally.keysRemoved, personal: tally.personalData }, taken)
  tally.keysRemoved = keys
  tally.personalData = personal
}

export function countRecord(tally: Tally, record: PackedRecord, taken: Taken): void {
  tally.records += 1
  if (taken.keys > 0 || personalCount(taken) > 0) countTaken(tally, taken)
  if (personalCount(taken) > 0) tally.personalRecords += 1
  if (record.id.includes('-')) tally.recurring += 1
  if (record.fidelity !== 'full') {
    tally.incomplete = countedIn(tally.incomplete, record.fidelityReason ?? record.fidelity)
  }
}

export function countLeftOut(tally: Tally, reason: string): void {
  tally.leftOut += 1
  tally.leftOutAs = countedIn(tally.leftOutAs, reason)
}

/** Reasons that are told apart: a log may name each of its spans in one. */
const maxReasons = 50

function countedIn(counts: Readonly<Record<string, number>>, reason: string): Readonly<Record<string, number>> {
  const isNew = !Object.hasOwn(counts, reason) && Object.keys(counts).length >= maxReasons
  const key = isNew ? 'other reasons' : reason
  return { ...counts, [key]: (counts[key] ?? 0) + 1 }
}
