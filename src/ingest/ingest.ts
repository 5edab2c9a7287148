// Log files → records, in batches, with every line that could not be read.

import type { Readable } from 'node:stream'
import { Fault } from '../core/fault.ts'
import { providers as allProviders } from '../providers/index.ts'
import type { Provider } from '../providers/provider.ts'
import { type Batch, createDesk, type FileSummary, newTally, type Tally } from './desk.ts'
import type { LogFile } from './find.ts'
import { formats as allFormats } from './index.ts'
import { createLineReader } from './line-reader.ts'
import type { LogFormat } from './log-format.ts'
import { createNesting } from './nesting.ts'
import type { PersonalDataOptions } from './personal/personal-data.ts'
import { piecesOf } from './pieces.ts'
import { longestShared, type ReadingThreads, startReading } from './reading-threads.ts'

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
  /** Called after each chunk of a file and at its end. */
  readonly onProgress?: (progress: FileSummary) => void
  /** Called before each chunk, also of a file that is read twice. What it throws ends the ingest. */
  readonly onChunk?: () => void
}

export type { FileSummary } from './desk.ts'

/** Before so much was read, threads would not have started when all is done. */
const shareFromBytes = 8 * 1024 * 1024

/** The summary is the last event: what became of each file, in the order given. */
export type IngestEvent = Batch | { readonly kind: 'summary'; readonly files: readonly FileSummary[] }

/**
 * Reads the files one after the other. Throws LOG_MISSING and LOG_UNREADABLE for a file that cannot be opened,
 * BAD_CONFIG for an unknown format name, and LOG_UNKNOWN at the end where no line of any file was recognised.
 */
export async function* ingest(options: IngestOptions): AsyncGenerator<IngestEvent, void, void> {
  const roster = options.formats ?? allFormats
  const given = options.files.map(({ format }) =>
    typeof format === 'object' && format !== null
      ? format
      : formatNamed(format ?? options.formatName ?? 'auto', roster),
  )
  const isSuperseded = await surveyed(options, given)
  const { salt, providers = allProviders, personalData: sought = { without: [], patterns: [] } } = options
  const preparing = { salt, personalData: sought && { ...sought, salt } }
  const desk = createDesk({ providers, ...preparing, isSuperseded })
  const batchSize = options.batchSize ?? 500
  const tallies: Tally[] = []
  // Threads know the rosters of the house alone.
  const canShare = options.formats === undefined && options.providers === undefined && (options.threads ?? 0) > 0
  let threads: ReadingThreads | null = null
  let read = 0
  try {
    for (const [at, file] of options.files.entries()) {
      const format = given[at] ?? null
      const tally = newTally(file.name, format)
      tallies.push(tally)
      const reader = createLineReader(roster, format)
      const isSurveyed = file.path !== '-'
      const isShared = canShare && isSurveyed && (file.format === null || typeof file.format === 'string')
      /** Everything that other threads still read: lines keep their order. */
      const caughtUp = async function* () {
        for await (const rest of threads?.drain() ?? []) {
          for (const each of rest) {
            desk.takeRead(each, { tally, format: reader.format() })
            if (desk.isFull(batchSize)) yield desk.batch()
          }
        }
      }
      for await (const lines of piecesOf(file.path, options)) {
        options.onChunk?.()
        for (const line of lines) {
          const known = reader.format()
          const isLine = line.kind === 'line' && line.bytes.length <= longestShared
          if (isLine && known !== null && isShared && read > shareFromBytes) {
            threads ??= startReading(options.threads ?? 0, preparing)
            for (const each of await threads.push(line, { file: file.name, format: known.name })) {
              desk.takeRead(each, { tally, format: known })
              if (desk.isFull(batchSize)) yield desk.batch()
            }
          } else {
            if (threads !== null) yield* caughtUp()
            desk.take(line, reader, { tally, isSurveyed })
            if (desk.isFull(batchSize)) yield desk.batch()
          }
          if (line.kind === 'line') read += line.bytes.length
        }
        options.onProgress?.({ ...tally })
      }
      yield* caughtUp()
      tally.format = reader.format()?.name ?? null
      options.onProgress?.({ ...tally })
    }
  } finally {
    await threads?.close()
  }
  for (const _ of desk.rest()) {
    if (desk.isFull(batchSize)) yield desk.batch()
  }
  if (!desk.isEmpty()) yield desk.batch()
  failIfUnknown(tallies, roster, desk.firstReason())
  yield { kind: 'summary', files: tallies }
}

/**
 * Where calls nest, which of them count is known once all of them were seen: files of such formats are read twice. Of
 * others only so much is read here as tells the format.
 */
async function surveyed(options: IngestOptions, given: readonly (LogFormat | null)[]) {
  const nesting = createNesting()
  for (const [at, file] of options.files.entries()) {
    // Standard input comes once, and what certainly does not nest need not be read twice.
    if (file.path === '-' || given[at]?.nests === false) continue
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
