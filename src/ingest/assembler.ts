// What lines become on their way to a batch: halves wait for each other, rows are glued, recurring requests are numbered.

import { packed } from '../core/record.ts'
import type { PackedRecord, RecordId, RejectedLine } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import type { Batching } from './batch.ts'
import type { LineReader } from './containers/line-reader.ts'
import type { Piece } from './containers/pieces.ts'
import { createGlue, type Glued } from './glue.ts'
import { createJoin, type Joined } from './join.ts'
import type { LogFormat, Place } from './log-format.ts'
import { supersededWithin } from './nesting.ts'
import { createOccurrences, type Occurrences } from './occurrences.ts'
import { createPrepare, type Origin, type Prepared, type PrepareOptions, startOf } from './prepare.ts'
import { redactions, type Taken } from './redact.ts'
import { countLeftOut, countRecord, countTaken, type Tally } from './tally.ts'

export interface AssemblerOptions extends PrepareOptions {
  readonly providers: readonly Provider[]
  /** Whether the call at this place is another one's outside. */
  readonly isSuperseded: (place: Place) => boolean
  /** Takes what is whole. */
  readonly batching: Batching
}

/** A file whose lines are assembled. */
export interface Filed {
  readonly tally: Tally
  readonly format: LogFormat | null
}

export function createAssembler({ providers, isSuperseded, batching, ...options }: AssemblerOptions) {
  const prepare = createPrepare(providers, options)
  const join = createJoin<Tally>(providers, redactions(options.personalData))
  const glue = createGlue<Filed>()
  const occurrencesIn = new Map<Tally, Occurrences>()
  let firstReason: string | null = null

  const reject = (tally: Tally, rejection: RejectedLine) => {
    firstReason ??= rejection.reason
    tally.rejected += 1
    batching.addRejected(rejection)
  }
  /** How often the request stood in the file before. */
  const recurrences = (tally: Tally, request: RecordId): number => {
    const occurrences = occurrencesIn.get(tally) ?? createOccurrences()
    occurrencesIn.set(tally, occurrences)
    return occurrences.count(request)
  }
  const keep = (tally: Tally, record: PackedRecord, taken: Taken) => {
    countRecord(tally, record, taken)
    batching.addRecord(record)
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
      return countLeftOut(tally, entry.kind === 'left-out' ? entry.reason : outside)
    }
    if (entry.kind === 'opinion') {
      batching.addOpinion(entry.opinion)
      return countTaken(tally, entry.taken)
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
      batching.addBytes(start.share * entries.length)
      for (const entry of entries) takeOne(prepare(entry, start, originOf(filed)), filed, isOuter)
    },
    /** A line that another thread has read. */
    takeRead: (entries: readonly Prepared[], filed: Filed): void => {
      filed.tally.lines += 1
      for (const entry of entries) {
        if (entry.kind === 'record') batching.addBytes(entry.record.body.length)
        takeOne(entry, filed)
      }
    },
    /** At the end of all files: what waited comes one by one. */
    *rest(): Generator<void, void, void> {
      for (const each of glue.rest()) yield takeGlued(each)
      for (const each of join.rest()) yield settle(each)
    },
    /** Why the first line that was rejected was. */
    firstReason: () => firstReason,
  }
}

/** What is said of an agent's call around its model's. */
const outside = 'a call around others of its trace'

function originOf({ tally, format }: Filed): Origin {
  return { file: tally.file, format: format?.name ?? '' }
}
