// What lines become on their way to the store: the batch in hand, the halves that wait, and the counts of each file.

import { withoutSecrets } from '../core/secrets.ts'
import type { Opinion, RecordId, RejectedLine, RequestRecord } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import { excerptOf } from './excerpt.ts'
import { createGlue, type Glued } from './glue.ts'
import { createJoin, type Joined } from './join.ts'
import type { LineReader } from './line-reader.ts'
import type { Line } from './lines.ts'
import type { LogEntry, LogFormat, Place } from './log-format.ts'
import { supersededWithin } from './nesting.ts'
import { cleanedFeedback, recordOf } from './record.ts'
import { startRedaction } from './redact.ts'

export interface Batch {
  readonly kind: 'batch'
  readonly records: readonly RequestRecord[]
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
  /** Lines in order that are no call of a chat model. */
  readonly leftOut: number
  /** Why records cannot be replayed, and how many for each reason. */
  readonly incomplete: Readonly<Record<string, number>>
}

/** What an excerpt is made of. */
const openingBytes = 2048

export type Tally = { -readonly [Count in keyof FileSummary]: FileSummary[Count] }

/** A line, or the place where a damaged file ends. */
export type Piece = Line | { readonly kind: 'damaged'; readonly line: number; readonly reason: string }

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
    leftOut: 0,
    incomplete: {},
  }
}

/** What holds for all entries of a line. */
interface Context {
  readonly isOuter: (place: Place) => boolean
  /** What one of them has of the line. */
  readonly bytes: number
}

export interface DeskOptions {
  readonly providers: readonly Provider[]
  readonly salt: string
  /** Whether the call at this place is another one's outside. */
  readonly isSuperseded: (place: Place) => boolean
}

/** What the lines of all files become: the batch in hand, and the halves that wait. */
export function createDesk({ providers, salt, isSuperseded }: DeskOptions) {
  const join = createJoin<Tally>()
  const glue = createGlue<Tally>()
  let opinions: Opinion[] = []
  let records: RequestRecord[] = []
  let rejected: RejectedLine[] = []
  let bytes = 0

  let firstReason: string | null = null

  const reject = (tally: Tally, rejection: RejectedLine) => {
    firstReason ??= rejection.reason
    tally.rejected += 1
    rejected.push(rejection)
  }
  const settle = (joined: Joined<Tally> | null) => {
    if (joined === null) return
    if (joined.kind === 'rejected') {
      reject(joined.origin, joined.rejection)
      return
    }
    const { origin, record } = joined
    origin.records += 1
    origin.keysRemoved += joined.keys
    if (/-\d+$/.test(record.id)) origin.recurring += 1
    if (record.fidelity !== 'full') {
      const reason = record.fidelityReason ?? record.fidelity
      origin.incomplete = { ...origin.incomplete, [reason]: (origin.incomplete[reason] ?? 0) + 1 }
    }
    records.push(record)
  }
  const occurrencesIn = new Map<Tally, Map<RecordId, number>>()

  const takeEntry = (
    entry: LogEntry,
    piece: Line,
    format: LogFormat | null,
    origin: Tally,
    { isOuter, bytes: share }: Context,
  ): void => {
    const rejectionFor = (reason: string) => ({
      file: origin.file,
      line: piece.line,
      // A format may quote the line.
      reason: withoutSecrets(reason).text,
      excerpt: excerptOf(openingOf(piece)),
    })
    if (entry.kind === 'rejected') return reject(origin, rejectionFor(entry.reason))
    if (entry.kind === 'left-out' || (entry.place !== undefined && isOuter(entry.place))) {
      origin.leftOut += 1
      return
    }
    if (entry.kind === 'opinion') {
      opinions.push({
        about: withoutSecrets(entry.about).text,
        feedback: cleanedFeedback(entry.feedback, startRedaction()),
      })
      return
    }
    if (entry.kind === 'row') {
      if (format === null) throw new Error('rows come of a format')
      const first = { kind: 'line', line: piece.line, bytes: openingOf(piece).slice() } as const
      const full = glue.add({ ...entry, format, origin, piece: first, bytes: share })
      if (full === null) return reject(origin, rejectionFor('a row of a call whose other rows came long before'))
      return full.forEach(takeGlued)
    }
    if (entry.kind === 'half' && entry.side === 'reply') {
      const rejection = rejectionFor('an answer whose request is in none of the files')
      return settle(join.addReply(entry.key, { part: entry.part, rejection, origin }))
    }
    const occurrences = occurrencesIn.get(origin) ?? new Map<RecordId, number>()
    occurrencesIn.set(origin, occurrences)
    const source = { file: origin.file, line: piece.line, format: format?.name ?? '' }
    const exchange = entry.kind === 'half' ? entry.part : entry.exchange
    const recorded = recordOf(exchange, { source, salt, providers, occurrences })
    if ('rejected' in recorded) return reject(origin, rejectionFor(recorded.rejected))
    const request = { ...recorded, origin }
    return settle(entry.kind === 'half' ? join.addRequest(entry.key, request) : { kind: 'record', ...request })
  }
  const takeGlued = ({ format, rows, piece, origin }: Glued<Tally>) => {
    const entry = format.assemble?.(rows) ?? { kind: 'rejected', reason: 'its format glues no rows' }
    takeEntry(entry, piece, format, origin, { isOuter: isSuperseded, bytes: 0 })
  }

  /** Of a file that was not surveyed, the calls around others are known in each line alone. */
  const taker = (reader: LineReader, origin: Tally, isSurveyed: boolean) => (piece: Piece) => {
    if (piece.kind === 'damaged') {
      return reject(origin, { file: origin.file, line: piece.line, reason: piece.reason, excerpt: '' })
    }
    origin.lines += 1
    bytes += sizeOf(piece)
    const entries = reader.read(piece)
    const format = reader.format()
    const isOuter = isSurveyed ? isSuperseded : supersededWithin(entries, format)
    const context = { isOuter, bytes: sizeOf(piece) / entries.length }
    for (const entry of entries) takeEntry(entry, piece, format, origin, context)
  }

  return {
    taker,
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

function openingOf(piece: Line): Uint8Array {
  return piece.kind === 'line' ? piece.bytes.subarray(0, openingBytes) : piece.opening
}

function sizeOf(piece: Line): number {
  return piece.kind === 'line' ? piece.bytes.length : piece.opening.length
}
