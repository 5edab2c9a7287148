// The lines of one file → entries: UTF-8, JSON, and the format that the file turns out to be in.

import { thrownMessage } from '../../core/fault.ts'
import type { Json } from '../../core/types.ts'
import { arrayAt, isObject } from '../../providers/shape.ts'
import { recognise } from '../index.ts'
import type { LogEntry, LogFormat } from '../log-format.ts'
import type { Line } from './lines.ts'

export interface LineReader {
  readonly read: (line: Line) => readonly LogEntry[]
  /** The format that the file is in, once a line has told it. */
  readonly format: () => LogFormat | null
}

/**
 * A reader for one file. With `format` null, the first line that a format recognises settles it for the file: lines
 * before it are rejected, and so are later lines that are not of it.
 */
export function createLineReader(roster: readonly LogFormat[], given: LogFormat | null): LineReader {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let format = given

  const entriesOf = (json: Json): readonly LogEntry[] => {
    format ??= recognise([json], roster)
    const page = pageOf(json)
    return page === null || format?.recognises(json) === true ? ownEntriesOf(json) : page.flatMap(ownEntriesOf)
  }
  const ownEntriesOf = (json: Json): readonly LogEntry[] => {
    format ??= recognise([json], roster)
    if (format === null) return rejected('no format recognises it')
    const entries = format.read(json)
    const isOther = entries.every((entry) => entry.kind === 'rejected') && !format.recognises(json)
    const other = isOther ? recognise([json], roster) : null
    return other === null ? entries : entries.map((entry) => withFormat(entry, { is: other, file: format }))
  }
  const read = (line: Line): readonly LogEntry[] => {
    if (line.kind === 'oversize') return rejected(`longer than the limit: ${line.size} bytes`)
    if (line.kind === 'broken') return rejected(line.reason)
    if (line.kind === 'row') return entriesOf(line.json)
    const text = decoded(decoder, line.bytes)
    if (text === null) return rejected('not UTF-8')
    const parsed = parse(text)
    return parsed.json === undefined ? rejected(`not JSON: ${parsed.reason}`) : entriesOf(parsed.json)
  }
  return { read, format: () => format }
}

/** The records of a page as APIs hand out lists: an object with its records in `data`. */
function pageOf(json: Json): readonly Json[] | null {
  const page = arrayAt(json, 'data')
  return page.length > 0 && page.every(isObject) ? page : null
}

/** Two formats in one file are told by name: somebody has put two logs together. */
function withFormat(
  entry: LogEntry,
  { is, file }: { readonly is: LogFormat; readonly file: LogFormat | null },
): LogEntry {
  if (entry.kind !== 'rejected') return entry
  return { ...entry, reason: `${entry.reason}; ${is.name} would read it, but the file is ${file?.name ?? 'another'}'s` }
}

function rejected(reason: string): readonly LogEntry[] {
  return [{ kind: 'rejected', reason }]
}

function decoded(decoder: TextDecoder, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

type Parsed = { readonly json: Json } | { readonly json: undefined; readonly reason: string }

function parse(text: string): Parsed {
  try {
    return { json: JSON.parse(text) }
  } catch (error) {
    return { json: undefined, reason: syntaxReason(error) }
  }
}

/** V8 quotes the text in its message; what is quoted may be anybody's name or key, so it goes. */
function syntaxReason(error: unknown): string {
  const message = thrownMessage(error)
  return message
    .replace(/, (?:\.{3})?"[\s\S]*$/, '')
    .replace(/ \(line 1 column \d+\)$/, '')
    .slice(0, 120)
}
