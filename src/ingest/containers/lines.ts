// Bytes → numbered lines: an own splitter, because readline knows no byte limits and takes twice as long.

import type { Json } from '../../core/types.ts'
import { createHold } from './hold.ts'

/** A line of a log, or what stands for one: an item of an array, a row. Numbers are 1-based in the decompressed file. */
export type Line =
  | { readonly kind: 'line'; readonly line: number; readonly bytes: Uint8Array }
  /** Longer than the limit: its bytes were let go as they came; `opening` is what was kept of it. */
  | { readonly kind: 'oversize'; readonly line: number; readonly size: number; readonly opening: Uint8Array }
  /** A row of a table: what it says in JSON, and about how many bytes it took. */
  | { readonly kind: 'row'; readonly line: number; readonly json: Json; readonly size: number }
  /** What the file's own structure rules out. */
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string; readonly opening: Uint8Array }

export const defaultMaxLineBytes = 32 * 1024 * 1024

const LF = 0x0a

export interface LineSplitter {
  /** Takes the next bytes and gives the lines that they completed. The lines may share memory with `bytes`. */
  readonly push: (bytes: Uint8Array) => readonly Line[]
  /** At the end of the file: a last line without its line end. */
  readonly end: () => readonly Line[]
  /** The number of the line that is being read. */
  readonly line: () => number
}

/** A splitter for one file. LF and CRLF end a line; a byte order mark is dropped, blank lines are counted and left out. */
export function createLineSplitter(maxLineBytes: number = defaultMaxLineBytes): LineSplitter {
  const hold = createHold(maxLineBytes)
  let line = 1

  const close = (): Line | null => {
    const held = hold.take()
    const bytes = trimmed(held.bytes, line === 1)
    const closed: Line | null = held.isOver
      ? { kind: 'oversize', line, size: held.size, opening: bytes }
      : isBlank(bytes)
        ? null
        : { kind: 'line', line, bytes }
    line += 1
    return closed
  }

  return {
    push: (bytes) => {
      const lines: Line[] = []
      let from = 0
      for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, from)) {
        hold.keep(bytes.subarray(from, at))
        const closed = close()
        if (closed !== null) lines.push(closed)
        from = at + 1
      }
      // A rest is copied: it would keep the whole chunk in memory until its line ends.
      if (from < bytes.length) hold.keep(from === 0 ? bytes : new Uint8Array(bytes.subarray(from)))
      return lines
    },
    end: () => {
      const closed = hold.isEmpty() ? null : close()
      return closed === null ? [] : [closed]
    },
    line: () => line,
  }
}

function trimmed(bytes: Uint8Array, isFirst: boolean): Uint8Array {
  const start = isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length
  return start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end)
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}
