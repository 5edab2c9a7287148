// Bytes → numbered lines: an own splitter, because readline knows no byte limits and takes twice as long.

/** A line of a log. Numbers are 1-based in the decompressed file, blank lines counted. */
export type Line =
  | { readonly kind: 'line'; readonly line: number; readonly bytes: Uint8Array }
  /** Longer than the limit: its bytes were let go as they came; `opening` is what was kept of it. */
  | { readonly kind: 'oversize'; readonly line: number; readonly size: number; readonly opening: Uint8Array }

export const defaultMaxLineBytes = 32 * 1024 * 1024

const LF = 0x0a
const openingBytes = 2048

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
  let line = 1
  let parts: Uint8Array[] = []
  let size = 0

  const keep = (part: Uint8Array) => {
    // Past the limit nothing more is held than the opening, whatever comes before the line end.
    if (size <= maxLineBytes && size + part.length > maxLineBytes) {
      parts = [Buffer.concat([...parts, part.subarray(0, openingBytes)]).subarray(0, openingBytes)]
    } else if (size <= maxLineBytes) parts.push(part)
    size += part.length
  }
  const close = (): Line | null => {
    const [only, ...more] = parts
    const whole = only === undefined || more.length > 0 ? Buffer.concat(parts) : only
    const bytes = trimmed(whole, line === 1)
    const closed: Line | null =
      size > maxLineBytes
        ? { kind: 'oversize', line, size, opening: bytes }
        : isBlank(bytes)
          ? null
          : { kind: 'line', line, bytes }
    line += 1
    parts = []
    size = 0
    return closed
  }

  return {
    push: (bytes) => {
      const lines: Line[] = []
      let from = 0
      for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, from)) {
        keep(bytes.subarray(from, at))
        const closed = close()
        if (closed !== null) lines.push(closed)
        from = at + 1
      }
      // A rest is copied: it would keep the whole chunk in memory until its line ends.
      if (from < bytes.length) keep(from === 0 ? bytes : new Uint8Array(bytes.subarray(from)))
      return lines
    },
    end: () => {
      const closed = size === 0 ? null : close()
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
