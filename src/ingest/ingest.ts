// Log files → records, in batches, with every line that could not be read.

import type { Readable } from 'node:stream'
import { Fault } from '../core/fault.ts'
import { providers as allProviders } from '../providers/index.ts'
import type { Provider } from '../providers/provider.ts'
import { createAssembler } from './assembler.ts'
import { type Batch, type Batching, createBatching } from './batch.ts'
import { createLineReader, type LineReader } from './containers/line-reader.ts'
import { piecesOf } from './containers/pieces.ts'
import type { LogFile } from './find.ts'
import { formats as allFormats } from './index.ts'
import type { LogFormat } from './log-format.ts'
import { createNesting } from './nesting.ts'
import type { PersonalDataOptions } from './personal/personal-data.ts'
import type { PrepareOptions } from './prepare.ts'
import { createSharing } from './sharing.ts'
import { type FileSummary, newTally, type Tally } from './tally.ts'

/** What is read, and what is kept of it. */
export interface IngestOptions {
  readonly files: readonly LogFile[]
  /** Mixed into the hashes of users and conversations. The same salt gives the same clusters. */
  readonly salt: string
  /** Which personal data is replaced: all kinds if not given; null keeps it. */
  readonly personalData?: Omit<PersonalDataOptions, 'salt'> | null
  readonly formats?: readonly LogFormat[]
  readonly providers?: readonly Provider[]
  /** For files that name none of their own: a name of the roster, or `auto`. */
  readonly formatName?: string
  /** A longer line is rejected. Bytes, 32 MB if not given. */
  readonly maxLineBytes?: number
  /** Records and rejected lines of one event at most, 500 if not given. */
  readonly batchSize?: number
  /** Threads beside this one that read lines; none if not given. They start once a log is long enough to be worth it. */
  readonly threads?: number
  readonly stdin?: Readable
  /** Called before each chunk of a file, and may throw to end the ingest: some bring no event for long. */
  readonly onChunk?: () => void
  /** Called after each chunk of a file and at its end. */
  readonly onProgress?: (progress: FileSummary) => void
}

export type { FileSummary } from './tally.ts'

/** The summary is the last event: what became of each file, in the order given. */
export type IngestEvent = Batch | { readonly kind: 'summary'; readonly files: readonly FileSummary[] }

/**
 * Reads the files one after the other. Throws LOG_MISSING and LOG_UNREADABLE for a file that cannot be opened,
 * BAD_CONFIG for an unknown format name, and LOG_UNKNOWN at the end where no line of any file was recognised.
 */
export async function* ingest(options: IngestOptions): AsyncGenerator<IngestEvent, void, void> {
  const roster = options.formats ?? allFormats
  const given = options.files.map((file) => formatGiven(file, options.formatName, roster))
  const preparing = preparingBy(options)
  const isSuperseded = await surveyed(options, given)
  const batching = createBatching()
  const providers = options.providers ?? allProviders
  const assembler = createAssembler({ providers, ...preparing, isSuperseded, batching })
  const sharing = createSharing({ threads: threadsFor(options), preparing })
  const tallies: Tally[] = []
  try {
    for (const [at, file] of options.files.entries()) {
      const tally = newTally(file.name, given[at] ?? null)
      tallies.push(tally)
      const reader = createLineReader(roster, given[at] ?? null)
      yield* batchesOf(file, { options, assembler, batching, sharing, tally, reader })
    }
  } finally {
    await sharing.close()
  }
  for (const _ of assembler.rest()) {
    if (batching.isFull(batchSizeOf(options))) yield batching.take()
  }
  if (!batching.isEmpty()) yield batching.take()
  failIfUnknown(tallies, roster, assembler.firstReason())
  yield { kind: 'summary', files: tallies }
}

interface Reading {
  readonly options: IngestOptions
  readonly assembler: ReturnType<typeof createAssembler>
  readonly batching: Batching
  readonly sharing: ReturnType<typeof createSharing>
  readonly tally: Tally
  readonly reader: LineReader
}

/** The batches that one file fills; what is left of the last one waits for the next file. */
async function* batchesOf(
  file: LogFile,
  { options, assembler, batching, sharing, tally, reader }: Reading,
): AsyncGenerator<Batch> {
  const batchSize = batchSizeOf(options)
  const isSurveyed = canReadTwice(file)
  // A map of the user's own is unknown to the threads; what is told of standard input stands within a line alone.
  const isShared = isSurveyed && (file.format === null || typeof file.format === 'string')
  /** All that other threads still read: lines keep their order. */
  const caughtUp = async function* (): AsyncGenerator<Batch> {
    for await (const lines of sharing.drain()) {
      for (const line of lines) {
        assembler.takeRead(line, { tally, format: reader.format() })
        if (batching.isFull(batchSize)) yield batching.take()
      }
    }
  }
  for await (const pieces of piecesOf(file.path, options)) {
    options.onChunk?.()
    for (const piece of pieces) {
      const format = reader.format()
      const isLine = isShared && piece.kind !== 'damaged'
      const shared = isLine ? sharing.push(piece, file.name, format?.name ?? null) : null
      if (shared === null) {
        yield* caughtUp()
        assembler.take(piece, reader, { tally, isSurveyed })
        if (batching.isFull(batchSize)) yield batching.take()
        continue
      }
      for (const line of await shared) {
        assembler.takeRead(line, { tally, format })
        if (batching.isFull(batchSize)) yield batching.take()
      }
    }
    options.onProgress?.({ ...tally })
  }
  yield* caughtUp()
  tally.format = reader.format()?.name ?? null
  options.onProgress?.({ ...tally })
}

function batchSizeOf({ batchSize }: IngestOptions): number {
  return batchSize ?? 500
}

function preparingBy({ salt, personalData = { without: [], patterns: [] } }: IngestOptions): PrepareOptions {
  return { salt, personalData: personalData && { ...personalData, salt } }
}

/** Threads know the rosters of the house alone. */
function threadsFor({ formats, providers, threads }: IngestOptions): number {
  return formats === undefined && providers === undefined ? (threads ?? 0) : 0
}

/** Standard input comes once. */
function canReadTwice({ path }: LogFile): boolean {
  return path !== '-'
}

/**
 * Where calls nest, which of them count is known once all of them were seen: files of such formats are read twice. Of
 * others only so much is read here as tells the format.
 */
async function surveyed(options: IngestOptions, given: readonly (LogFormat | null)[]) {
  const nesting = createNesting()
  for (const [at, file] of options.files.entries()) {
    // What certainly does not nest need not be read twice.
    if (!canReadTwice(file) || given[at]?.nests === false) continue
    const reader = createLineReader(options.formats ?? allFormats, given[at] ?? null)
    for await (const lines of piecesOf(file.path, options)) {
      options.onChunk?.()
      for (const line of lines) {
        if (line.kind === 'damaged') continue
        for (const entry of reader.read(line)) nesting.add(entry, reader.format())
      }
      if (reader.format()?.nests === false) break
    }
  }
  return nesting.superseded()
}

/** A file's own format, else the one for all; null finds out. */
function formatGiven({ format }: LogFile, named: string | undefined, roster: readonly LogFormat[]): LogFormat | null {
  return typeof format === 'object' && format !== null ? format : formatNamed(format ?? named ?? 'auto', roster)
}

function formatNamed(name: string, roster: readonly LogFormat[]): LogFormat | null {
  if (name === 'auto') return null
  const format = roster.find((each) => each.name === name)
  if (format !== undefined) return format
  throw new Fault('BAD_CONFIG', `no log format called "${name}"; there is auto, ${namesOf(roster)}`)
}

function namesOf(roster: readonly LogFormat[]): string {
  return roster.map((each) => each.name).join(', ')
}

function failIfUnknown(tallies: readonly Tally[], roster: readonly LogFormat[], reason: string | null): void {
  const read = tallies.filter((tally) => tally.lines + tally.rejected > 0)
  const [first] = read
  if (first === undefined || read.some((tally) => tally.format !== null)) return
  const message = `no log format recognises a line of it; there is ${namesOf(roster)}`
  throw new Fault('LOG_UNKNOWN', reason === null ? message : `${message}. The first line: ${reason}`, {
    place: read.length === 1 ? first.file : `${first.file} and ${read.length - 1} more`,
  })
}
