// The thread that reads lines: chunks of them in, what each holds out. Started by `reading-threads.ts`.

import { parentPort, workerData } from 'node:worker_threads'
import { providers } from '../providers/index.ts'
import { createLineReader, type LineReader } from './containers/line-reader.ts'
import { formats } from './index.ts'
import { createPrepare, type Prepared, type PrepareOptions, startOf } from './prepare.ts'
import { addTo, type Columns, emptyColumns } from './record-columns.ts'

/** Lines of one file, one behind the other in `bytes`. */
export interface Chunk {
  readonly bytes: Uint8Array
  /** Where in `bytes` each line ends. */
  readonly ends: Uint32Array
  /** Its number in the file. */
  readonly numbers: Float64Array
  readonly file: string
  readonly format: string
}

/** What each line of a chunk holds, in order; of a line with one record and nothing else, the record's fields in columns. */
export interface Read {
  readonly entries: readonly (readonly Prepared[] | null)[]
  /** For each null of `entries`, in order: the fields of its record, one list for each field. */
  readonly columns: Columns
  readonly taken: readonly ([number, Readonly<Record<string, number>>] | null)[]
}

const port = parentPort
if (port === null) throw new Error('this file is started as a thread')
const options: PrepareOptions = workerData
const prepare = createPrepare(providers, options)
const readers = new Map<string, LineReader>()

port.on('message', (chunk: Chunk) => {
  port.postMessage(readChunk(chunk))
})

function readChunk({ bytes, ends, numbers, file, format }: Chunk): Read {
  const reader = readers.get(format) ?? createLineReader(formats, formats.find(({ name }) => name === format) ?? null)
  readers.set(format, reader)
  const origin = { file, format }
  const columns = emptyColumns()
  const taken: ([number, Readonly<Record<string, number>>] | null)[] = []
  const entries: (readonly Prepared[] | null)[] = []
  let from = 0
  for (const [place, end] of ends.entries()) {
    const line = { kind: 'line', line: numbers[place] ?? 0, bytes: bytes.subarray(from, end) } as const
    from = end
    const read = reader.read(line)
    const start = startOf(line, read.length)
    const prepared = read.map((entry) => prepare(entry, start, origin))
    const [only, ...more] = prepared
    if (only?.kind !== 'record' || more.length > 0 || only.place !== undefined) {
      entries.push(prepared)
      continue
    }
    entries.push(null)
    addTo(columns, only.record)
    const { keys, personal } = only.taken
    taken.push(keys === 0 && Object.keys(personal).length === 0 ? null : [keys, personal])
  }
  return { entries, columns, taken }
}
