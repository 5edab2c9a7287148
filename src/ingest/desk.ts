// What lines become on their way to the store: the batch in hand, the halves that wait, and the counts of each file.

import { packed } from '../core/record.ts'
import type { Opinion, PackedRecord, RecordId, RejectedLine } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import type { LineReader } from './containers/line-reader.ts'
import type { Piece } from './containers/pieces.ts'
import { createGlue, type Glued } from './glue.ts'
import { createJoin, type Joined } from './join.ts'
import type { LogFormat, Place } from './log-format.ts'
import { supersededWithin } from './nesting.ts'
import { createOccurrences, type Occurrences } from './occurrences.ts'
import { createPrepare, type Origin, type Prepared, type PrepareOptions, startOf } from './prepare.ts'
import { personalCount, redactions, type Taken, takenTogether } from './redact.ts'

export interface Batch {
  readonly kind: 'batch'
  readonly records: readonly PackedRecord[]
  readonly rejected: readonly RejectedLine[]
  /** What people thought of calls: joined to records by the names of call and trace. */
  readonly opinions: readonly Opinion[]
}

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

/** A batch also ends when its lines reach this many bytes: 500 long requests would fill the memory. */
const batchBytes = 8 * 1024 * 1024

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

export interface DeskOptions extends PrepareOptions {
  readonly providers: readonly Provider[]
  /** Whether the call at this place is another one's outside. */
  readonly isSuperseded: (place: Place) => boolean
}

/** A file whose lines come to the desk. */
export interface Filed {
  readonly tally: Tally
  readonly format: LogFormat | null
}

export function createDesk({ providers, isSuperseded, ...options }: DeskOptions) {
  const prepare = createPrepare(providers, options)
  const join = createJoin<Tally>(providers, redactions(options.personalData))
  const glue = createGlue<Filed>()
  const occurrencesIn = new Map<Tally, Occurrences>()
  let opinions: Opinion[] = []
  let records: PackedRecord[] = []
  let rejected: RejectedLine[] = []
  let bytes = 0

  let firstReason: string | null = null

  const note = (tally: Tally, taken: Taken) => {
    const before = { keys: tally.keysRemoved, personal: tally.personalData }
    const { keys, personal } = takenTogether(before, taken)
    tally.keysRemoved = keys
    tally.personalData = personal
  }
  const reject = (tally: Tally, rejection: RejectedLine) => {
    firstReason ??= rejection.reason
    tally.rejected += 1
    rejected.push(rejection)
  }
  /** How often the request stood in the file before. */
  const recurrences = (tally: Tally, request: RecordId): number => {
    const occurrences = occurrencesIn.get(tally) ?? createOccurrences()
    occurrencesIn.set(tally, occurrences)
    return occurrences.count(request)
  }
  const keep = (tally: Tally, record: PackedRecord, taken: Taken) => {
    tally.records += 1
    if (taken.keys > 0 || personalCount(taken) > 0) note(tally, taken)
    if (personalCount(taken) > 0) tally.personalRecords += 1
    if (record.id.includes('-')) tally.recurring += 1
    if (record.fidelity !== 'full') {
      tally.incomplete = countedIn(tally.incomplete, record.fidelityReason ?? record.fidelity)
    }
    records.push(record)
  }
  const settle = (joined: Joined<Tally> | null) => {
    if (joined === null) return
    if (joined.kind === 'rejected') reject(joined.origin, joined.rejection)
    else keep(joined.origin, packed(joined.record), joined.taken)
  }
  const numbered = <Named extends { readonly id: RecordId }>(tally: Tally, record: Named): Named => {
    const before = recurrences(tally, record.id)
    return before === 0 ? record : { ...record, id: `${record.id}-${before}` }
  }

  const takeOne = (entry: Prepared, filed: Filed, isOuter = isSuperseded): void => {
    const { tally } = filed
    if (entry.kind === 'rejected') return reject(tally, entry.rejection)
    if (entry.kind === 'left-out' || (entry.place !== undefined && isOuter(entry.place))) {
      tally.leftOut += 1
      tally.leftOutAs = countedIn(tally.leftOutAs, entry.kind === 'left-out' ? entry.reason : outside)
      return
    }
    if (entry.kind === 'opinion') {
      opinions.push(entry.opinion)
      return note(tally, entry.taken)
    }
    if (entry.kind === 'row') {
      const full = glue.add({ ...entry, origin: filed })
      if (full === null) {
        const late = { kind: 'rejected', reason: 'a row of a call whose other rows came long before' } as const
        return takeOne(prepare(late, entry.start, originOf(filed)), filed)
      }
      return full.forEach(takeGlued)
    }
    if (entry.kind === 'reply') {
      return settle(join.addReply(entry.key, { part: entry.part, rejection: entry.orphan, origin: tally }))
    }
    if (entry.kind === 'request') {
      const { record, taken } = entry.recorded
      const named = { record: numbered(tally, record), request: record.id, taken, origin: tally }
      return settle(join.addRequest(entry.key, named))
    }
    return keep(tally, numbered(tally, entry.record), entry.taken)
  }
  const takeGlued = ({ rows, start, origin }: Glued<Filed>) => {
    const entry = origin.format?.assemble?.(rows) ?? { kind: 'rejected', reason: 'its format glues no rows' }
    takeOne(prepare(entry, start, originOf(origin)), origin)
  }

  return {
    /** A piece that this thread reads itself. Where a file was not surveyed, a line alone tells which calls are outer ones. */
    take: (piece: Piece, reader: LineReader, { tally, isSurveyed }: { tally: Tally; isSurveyed: boolean }): void => {
      if (piece.kind === 'damaged') {
        return reject(tally, { file: tally.file, line: piece.line, reason: piece.reason, excerpt: '' })
      }
      tally.lines += 1
      const entries = reader.read(piece)
      const filed = { tally, format: reader.format() }
      const isOuter = isSurveyed ? isSuperseded : supersededWithin(entries, filed.format)
      const start = startOf(piece, entries.length)
      bytes += start.share * entries.length
      for (const entry of entries) takeOne(prepare(entry, start, originOf(filed)), filed, isOuter)
    },
    /** A line that another thread has read. */
    takeRead: (entries: readonly Prepared[], filed: Filed): void => {
      filed.tally.lines += 1
      for (const entry of entries) {
        if (entry.kind === 'record') bytes += entry.record.body.length
        takeOne(entry, filed)
      }
    },
    /** At the end of all files: what waited comes one by one. */
    *rest(): Generator<void, void, void> {
      for (const each of glue.rest()) yield takeGlued(each)
      for (const each of join.rest()) yield settle(each)
    },
    isFull: (size: number) => records.length + rejected.length + opinions.length >= size || bytes >= batchBytes,
    /** Why the first line that was rejected was. */
    firstReason: () => firstReason,
    isEmpty: () => records.length + rejected.length + opinions.length === 0,
    batch: (): Batch => {
      const event = { kind: 'batch', records, rejected, opinions } as const
      records = []
      rejected = []
      opinions = []
      bytes = 0
      return event
    },
  }
}

/** What is said of an agent's call around its model's. */
const outside = 'a call around others of its trace'

/** Reasons that are told apart: a log may name each of its spans in one. */
const maxReasons = 50

function countedIn(counts: Readonly<Record<string, number>>, reason: string): Readonly<Record<string, number>> {
  const isNew = !Object.hasOwn(counts, reason) && Object.keys(counts).length >= maxReasons
  const key = isNew ? 'other reasons' : reason
  return { ...counts, [key]: (counts[key] ?? 0) + 1 }
}

function originOf({ tally, format }: Filed): Origin {
  return { file: tally.file, format: format?.name ?? '' }
}
