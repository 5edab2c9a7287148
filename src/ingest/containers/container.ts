// What a log file is, by its first bytes: JSON lines, other JSON, or a table in CSV.

import { parse as parseCsv } from 'csv-parse/sync'
import { parseJson } from '../../providers/shape.ts'
import { createNest } from './nest.ts'

export type Container =
  | { readonly kind: 'lines' }
  | { readonly kind: 'values' }
  | { readonly kind: 'csv'; readonly delimiter: string }
  | { readonly kind: 'unclear'; readonly reason: string }

const [LF, TAB] = [0x0a, 0x09]
const [OPEN_OBJECT, OPEN_LIST, CLOSE_LIST, COMMA] = [0x7b, 0x5b, 0x5d, 0x2c]
const delimiters = [',', ';', '\t'] as const

/** What begins so; null where more of it is needed. `isAll`: there is no more. JSON lines are what nothing else is. */
export function containerOf(start: Uint8Array, isAll: boolean): Container | null {
  const from = firstNotBlank(start, start[0] === 0xef ? 3 : 0)
  const lineEnd = start.indexOf(LF, from)
  const after = lineEnd === -1 ? start.length : firstNotBlank(start, lineEnd)
  const next = start.indexOf(LF, after)
  // An array may be one line, of any length.
  const isToldList = firstNotBlank(start, from + 1) < start.length || isAll
  if (start[from] === OPEN_LIST && isToldList) return { kind: isListOfRecords(start, from) ? 'values' : 'lines' }
  // Of what follows the first line as much is needed as tells whether a table's cells begin with JSON.
  if (!isAll && (lineEnd === -1 || (next === -1 && start.length - after < 8))) return null
  const end = lineEnd === -1 ? start.length : lineEnd
  if (start[from] === OPEN_OBJECT) {
    if (!goesOn(start, { from, end, after })) return { kind: 'lines' }
    return start[after] === OPEN_OBJECT ? listOrLines(start, { after, next, isAll }) : { kind: 'values' }
  }
  const header = textOf(start.subarray(from, end)).replace(/\r$/, '')
  if (start[after] === OPEN_OBJECT) {
    // JSON as it stands may be a row's first cell where tabs part the cells: no writer of JSON lines puts tabs between names.
    if (next === -1 && !isAll) return null
    const isParted = header.includes('\t') && start.subarray(after, next === -1 ? start.length : next).includes(TAB)
    if (!isParted) return { kind: 'lines' }
  }
  return tableOf(header, textOf(start.subarray(after, after + 8)))
}

/** `[INFO] …` is a line of another log, and no array. */
function isListOfRecords(start: Uint8Array, from: number): boolean {
  const first = start[firstNotBlank(start, from + 1)]
  return first === undefined || '{["]'.includes(String.fromCharCode(first))
}

/** Whether the object that begins the file ends in a later line, or has another one behind it in its own. */
function goesOn(start: Uint8Array, { from, end, after }: { from: number; end: number; after: number }): boolean {
  const nest = createNest()
  for (let at = from; at < end; at += 1) {
    const step = nest.take(start[at] ?? 0)
    if (step === 'closed') return start[firstNotBlank(start.subarray(0, end), at + 1)] === OPEN_OBJECT && at + 1 < end
    if (step !== 'open') return false
  }
  // A line that was cut is followed by one that begins anew, which cannot be its next part.
  return !nest.isInString() && end < start.length && nest.take(start[after] ?? 0) === 'open'
}

/** A line that was cut behind `[` looks like the head of a list, whose items stand a line each: they have commas. */
function listOrLines(
  start: Uint8Array,
  { after, next, isAll }: { readonly after: number; readonly next: number; readonly isAll: boolean },
): Container | null {
  const third = next === -1 ? start.length : firstNotBlank(start, next)
  if (third === start.length && !isAll) return null
  const second = textOf(start.subarray(after, next === -1 ? start.length : next))
  const isLine = parseJson(second) !== undefined && start[third] !== COMMA && start[third] !== CLOSE_LIST
  return { kind: isLine ? 'lines' : 'values' }
}

/** What may be the name of a column, with the other separators in it. Numbers, times and JSON are none. */
const columnName = /^[\p{L}_$@][\p{L}\p{N} _.:/()[\]$@,;\t-]{0,120}$/u

function tableOf(header: string, after: string): Container {
  const fitting = delimiters.filter((delimiter) => {
    const names = namesOf(header, delimiter)
    return names !== null && names.length > 1
  })
  const [delimiter] = fitting
  if (delimiter === undefined) {
    // Of a table with one column, the first cell tells: in JSON lines no quote is doubled.
    const isColumn = /^"[{[]\s*(?:""|[{[])/.test(after) && namesOf(header, ',') !== null
    return isColumn ? { kind: 'csv', delimiter: ',' } : { kind: 'lines' }
  }
  if (fitting.length === 1) return { kind: 'csv', delimiter }
  const shown = fitting.map((each) => (each === '\t' ? 'tabs' : `"${each}"`)).join(' and ')
  return { kind: 'unclear', reason: `a table whose columns may be parted by ${shown}: name its columns without them` }
}

/** The names in a table's header; null where it is none. Where an index was written, its column has no name. */
function namesOf(header: string, delimiter: string): readonly string[] | null {
  try {
    const rows: string[][] = parseCsv(header, { delimiter, record_delimiter: '\n' })
    const names = rows[0] ?? []
    return names.every((name, at) => columnName.test(name.trim()) || (at === 0 && name === '')) ? names : null
  } catch {
    return null
  }
}

function firstNotBlank(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && [0x20, 0x09, 0x0a, 0x0d].includes(bytes[at] ?? 0)) at += 1
  return at
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
