// The lines of one file → entries: UTF-8, JSON, and the format that the file turns out to be in.

import type { Json } from '../core/types.ts'
import { recognise } from './index.ts'
import type { Line } from './lines.ts'
import type { LogEntry, LogFormat } from './log-format.ts'

export interface LineReader {
  readonly read: (line: Line) => readonly LogEntry[]
  /** The format that the file is in, once a line has told it. */
  readonly format: () => LogFormat | null
  /** True where the file is JSON but no JSON lines: what follows the first line cannot be read. */
  readonly isWholeFile: () => boolean
}

/**
 * A reader for one file. With `format` null, the first line that a format recognises settles it for the file: lines
 * before it are rejected, and so are later lines that are not of it.
 */
export function createLineReader(roster: readonly LogFormat[], given: LogFormat | null): LineReader {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let format = given
  let isFirst = true
  let isWholeFile = false

  const read = (line: Line): readonly LogEntry[] => {
    const wasFirst = isFirst
    isFirst = false
    if (line.kind === 'oversize') return rejected(`longer than the limit: ${line.size} bytes`)
    const text = decoded(decoder, line.bytes)
    if (text === null) return rejected('not UTF-8')
    const parsed = parse(text)
    const wholeFile = wasFirst ? wholeFileReason(text, parsed) : null
    if (wholeFile !== null && (parsed.json === undefined || recognise([parsed.json], roster) === null)) {
      isWholeFile = true
      return rejected(wholeFile)
    }
    if (parsed.json === undefined) return rejected(`not JSON: ${parsed.reason}`)
    format ??= recognise([parsed.json], roster)
    return format === null ? rejected('no format recognises it') : format.read(parsed.json)
  }
  return { read, format: () => format, isWholeFile: () => isWholeFile }
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
  const message = error instanceof Error ? error.message : String(error)
  return message
    .replace(/, (?:\.{3})?"[\s\S]*$/, '')
    .replace(/ \(line 1 column \d+\)$/, '')
    .slice(0, 120)
}

/** JSON that spans the file: an array of records, or an object printed over many lines. */
function wholeFileReason(text: string, parsed: Parsed): string | null {
  const start = text.trim()
  if (Array.isArray(parsed.json) || (start.startsWith('[') && parsed.json === undefined)) {
    return 'the file is one JSON array, which is not read yet: write its items one a line (jq -c ".[]")'
  }
  return start === '{' ? 'the file is JSON over several lines, which is not read yet: write one a line (jq -c .)' : null
}
