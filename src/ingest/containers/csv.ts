// A table in CSV → its rows as JSON: what stands in each column, as text.
// Rows are told apart here, because csv-parse's stream miscounts lines (CRLF inside quotes), reads bad UTF-8 as good, and gives
// up at a row that is too long; the cells are its work.

import { parse } from 'csv-parse/sync'
import { createHold } from './hold.ts'
import { defaultMaxLineBytes, type Line, type LineSplitter } from './lines.ts'

const [LF, CR, SPACE, QUOTE] = [0x0a, 0x0d, 0x20, 0x22]

/** A splitter for one file. A row has the number of the line where it starts; an empty cell is a field that is not there. */
export function createRowSplitter(delimiter: string, maxRowBytes: number = defaultMaxLineBytes): LineSplitter {
  const separator = delimiter.charCodeAt(0)
  const hold = createHold(maxRowBytes)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let names: readonly string[] | null = null
  let line = 1
  let startLine = 1
  let isQuoted = false
  /** Whether the next byte begins a cell: only there does a quote open one. A doubled quote opens its cell again. */
  let isCellStart = true
  let wasClosed = false

  const close = (): Line | null => {
    const { bytes, size, isOver } = hold.take()
    const broken = (reason: string): Line => ({
      kind: 'broken',
      line: startLine,
      reason,
      opening: bytes.subarray(0, 2048),
    })
    if (isOver) return { kind: 'oversize', line: startLine, size, opening: bytes }
    if (bytes.every((byte) => byte === SPACE || byte === CR)) return null
    const cells = cellsOf(bytes, { delimiter, decoder })
    if (typeof cells === 'string') return broken(cells)
    if (names === null) {
      names = cells.map((name) => name.trim())
      const twice = names.find((name, at) => name !== '' && names?.indexOf(name) !== at)
      return twice === undefined ? null : broken('a header that names a column twice: the last one is read')
    }
    if (cells.length !== names.length) return broken(`a row of ${cells.length} cells under a header of ${names.length}`)
    const pairs = names.map((name, at) => [name, cells[at] ?? ''] as const)
    const json = Object.fromEntries(pairs.filter(([name, cell]) => name !== '' && cell !== ''))
    return { kind: 'row', line: startLine, json, size }
  }

  const push = (bytes: Uint8Array): readonly Line[] => {
    const lines: Line[] = []
    let from = 0
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0
      if (byte === LF) line += 1
      if (isQuoted) {
        isQuoted = byte !== QUOTE
        wasClosed = byte === QUOTE
        continue
      }
      isQuoted = byte === QUOTE && (isCellStart || wasClosed)
      wasClosed = false
      isCellStart = byte === separator || byte === LF
      if (byte !== LF) continue
      hold.keep(bytes.subarray(from, at))
      const closed = close()
      if (closed !== null) lines.push(closed)
      from = at + 1
      startLine = line
    }
    if (from < bytes.length) hold.keep(from === 0 ? bytes : new Uint8Array(bytes.subarray(from)))
    return lines
  }
  const end = (): readonly Line[] => {
    const closed = hold.isEmpty() ? null : close()
    return closed === null ? [] : [closed]
  }
  return { push, end, line: () => startLine }
}

/** The cells of a row, or what is wrong with it. */
function cellsOf(
  bytes: Uint8Array,
  { delimiter, decoder }: { readonly delimiter: string; readonly decoder: TextDecoder },
): readonly string[] | string {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return 'not UTF-8'
  }
  try {
    const rows: readonly string[][] = parse(text.replace(/\r$/, ''), {
      delimiter,
      record_delimiter: '\n',
      // Tables with tabs often have JSON in their cells as it stands; a comma would part it.
      relax_quotes: delimiter === '\t',
    })
    return rows[0] ?? []
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return reasons[code] ?? `no row of a table: ${code}`
  }
}

/** csv-parse quotes the row in its messages; what is quoted may be anybody's name or key. */
const reasons: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that is not closed before the file ends',
  CSV_INVALID_CLOSING_QUOTE: 'something behind the closing quote of a cell',
  INVALID_OPENING_QUOTE: 'a quote in the middle of a cell',
}
