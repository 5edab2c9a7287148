// What lines become on their way to the store: the batch in hand, the halves that wait, and the counts of each file.

import { withoutSecrets } from '../core/secrets.ts'
import type { RecordId, RejectedLine, RequestRecord } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import { excerptOf } from './excerpt.ts'
import { createJoin, type Joined } from './join.ts'
import type { LineReader } from './line-reader.ts'
import type { Line } from './lines.ts'
import type { LogEntry, LogFormat } from './log-format.ts'
import { recordOf } from './record.ts'

export interface Batch {
  readonly kind: 'batch'
  readonly records: readonly RequestRecord[]
  readonly rejected: readonly RejectedLine[]
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
}

export type Tally = { -readonly [Count in keyof FileSummary]: FileSummary[Count] }

/** A line, or the place where a damaged file ends. */
export type Piece = Line | { readonly kind: 'damaged'; readonly line: number; readonly reason: string }

/** A batch also ends when its lines reach this many bytes: 500 long requests would fill the memory. */
const batchBytes = 8 * 1024 * 1024

export function newTally(file: string, format: LogFormat | null): Tally {
  return { file, format: format?.name ?? null, lines: 0, records: 0, rejected: 0, recurring: 0, keysRemoved: 0 }
}

/** What the lines of all files become: the batch in hand, and the halves that wait. */
export function createDesk(providers: readonly Provider[], salt: string) {
  const join = createJoin<Tally>()
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
    joined.origin.records += 1
    joined.origin.keysRemoved += joined.keys
    if (/-\d+$/.test(joined.record.id)) joined.origin.recurring += 1
    records.push(joined.record)
  }

  const taker = (reader: LineReader, origin: Tally) => {
    const occurrences = new Map<RecordId, number>()
    const takeEntry = (entry: LogEntry, piece: Line) => {
      const rejectionFor = (reason: string) => ({
        file: origin.file,
        line: piece.line,
        // A format may quote the line.
        reason: withoutSecrets(reason).text,
        excerpt: excerptOf(piece.kind === 'line' ? piece.bytes : piece.opening),
      })
      if (entry.kind === 'rejected') return reject(origin, rejectionFor(entry.reason))
      if (entry.kind === 'half' && entry.side === 'reply') {
        const rejection = rejectionFor('an answer whose request is in none of the files')
        return settle(join.addReply(entry.key, { part: entry.part, rejection, origin }))
      }
      const source = { file: origin.file, line: piece.line, format: reader.format()?.name ?? '' }
      const exchange = entry.kind === 'half' ? entry.part : entry.exchange
      const recorded = recordOf(exchange, { source, salt, providers, occurrences })
      if ('rejected' in recorded) return reject(origin, rejectionFor(recorded.rejected))
      const request = { ...recorded, origin }
      return settle(entry.kind === 'half' ? join.addRequest(entry.key, request) : { kind: 'record', ...request })
    }
    return (piece: Piece) => {
      if (piece.kind === 'damaged') {
        return reject(origin, { file: origin.file, line: piece.line, reason: piece.reason, excerpt: '' })
      }
      origin.lines += 1
      bytes += piece.kind === 'line' ? piece.bytes.length : piece.opening.length
      for (const entry of reader.read(piece)) takeEntry(entry, piece)
    }
  }

  return {
    taker,
    settle,
    rest: () => join.rest(),
    isFull: (size: number) => records.length + rejected.length >= size || bytes >= batchBytes,
    /** Why the first line that was rejected was. */
    firstReason: () => firstReason,
    isEmpty: () => records.length + rejected.length === 0,
    batch: (): Batch => {
      const event = { kind: 'batch', records, rejected } as const
      records = []
      rejected = []
      bytes = 0
      return event
    },
  }
}
