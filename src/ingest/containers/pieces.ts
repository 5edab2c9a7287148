// A log file → its lines, whatever holds them: JSON lines, other JSON, CSV or Parquet, by content and never by name.

import { open as openFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { containerOf } from './container.ts'
import { createRowSplitter } from './csv.ts'
import { createValueSplitter } from './json-values.ts'
import { createLineSplitter, defaultMaxLineBytes, type Line, type LineSplitter } from './lines.ts'
import { DamagedFile, open } from './open.ts'
import { rowsOfParquet } from './parquet.ts'

/** A line, or the place where a damaged file ends. */
export type Piece = Line | { readonly kind: 'damaged'; readonly line: number; readonly reason: string }

export interface PieceOptions {
  /** A longer line, item or row is rejected. */
  readonly maxLineBytes?: number | undefined
  readonly stdin?: Readable | undefined
}

const parquetMagic = Buffer.from('PAR1')

/** Throws LOG_MISSING and LOG_UNREADABLE where the file cannot be opened; what is wrong inside it comes as a piece. */
export async function* piecesOf(path: string, options: PieceOptions): AsyncGenerator<readonly Piece[], void, void> {
  let splitter: LineSplitter | null = null
  try {
    const bytes = open(path, options.stdin)
    const start = await startOf(bytes, options.maxLineBytes ?? defaultMaxLineBytes)
    if (parquetMagic.equals(start.bytes.subarray(0, 4))) {
      await bytes.return()
      await requirePlainFile(path)
      yield* rowsOfParquet(path)
      return
    }
    splitter = splitterFor(start, options.maxLineBytes)
    yield splitter.push(start.bytes)
    if (start.failure !== null) throw start.failure
    for await (const more of bytes) yield splitter.push(more)
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error
    // What came of the line in which the file breaks is no line.
    yield [{ kind: 'damaged', line: splitter?.line() ?? 1, reason: error.message }]
    return
  }
  yield splitter.end()
}

interface Start {
  readonly bytes: Uint8Array
  readonly isAll: boolean
  /** Where the file breaks within it. */
  readonly failure: DamagedFile | null
}

/** As much of the file as tells what it is: its first line and a little more. */
async function startOf(bytes: AsyncGenerator<Uint8Array, void, void>, maxBytes: number): Promise<Start> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const next = await bytes.next()
      if (next.done === true) return { bytes: Buffer.concat(parts), isAll: true, failure: null }
      parts.push(next.value)
      size += next.value.length
      // The start of a long line is put together once, when its end has come.
      const isTold = size > maxBytes || parts.length === 1 || next.value.includes(0x0a)
      const start = isTold ? joined(parts) : null
      if (start === null) continue
      if (parquetMagic.equals(start.subarray(0, 4)) || size > maxBytes || containerOf(start, false) !== null) {
        return { bytes: start, isAll: false, failure: null }
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error
    return { bytes: Buffer.concat(parts), isAll: true, failure: error }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only, ...more] = parts
  return only !== undefined && more.length === 0 ? only : Buffer.concat(parts)
}

function splitterFor({ bytes, isAll }: Start, maxBytes: number | undefined): LineSplitter {
  const container = containerOf(bytes, isAll)
  if (container?.kind === 'unclear') throw new DamagedFile(`the file is ${container.reason}`)
  if (container?.kind === 'values') return createValueSplitter(maxBytes)
  if (container?.kind === 'csv') return createRowSplitter(container.delimiter, maxBytes)
  return createLineSplitter(maxBytes)
}

/** A Parquet file is read from its end: neither a pipe nor a compressed stream has one to begin with. */
async function requirePlainFile(path: string): Promise<void> {
  if (path === '-') {
    throw new DamagedFile('standard input is a Parquet file, which is read from its end: name the file in `logs`')
  }
  const handle = await openFile(path, 'r')
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    if (parquetMagic.equals(buffer)) return
  } finally {
    await handle.close()
  }
  throw new DamagedFile('the file is a Parquet file that was compressed as a whole: unpack it first')
}
