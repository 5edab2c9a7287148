// The router's log on the disk: cut into files between lines, none of them lost or split, and bounded as a whole.

import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { lineIn } from '../../../canary/served/log-line.ts'
import { thrownMessage } from '../../../core/fault.ts'

export interface LogLimits {
  /** A file that would grow beyond is put aside first. */
  readonly maxBytes: number
  /** And one whose first line is as old. */
  readonly maxAgeMs: number
  /** Files that were put aside, at most: the oldest goes. */
  readonly keep: number
}

export interface LogFileOptions {
  readonly path: string
  readonly limits: LogLimits
  /** Epoch milliseconds. */
  readonly now: () => number
  /** When lines begin to be lost, and when they no longer are. */
  readonly onTrouble: (message: string) => void
}

export interface LogFile {
  /** Whole lines, each with its line feed. Gives how many of them were lost, as on a full disk. */
  readonly append: (lines: readonly string[]) => number
  readonly close: () => void
}

/** Nothing is made before the first line. */
export function openLog({ path, limits, now, onTrouble }: LogFileOptions): LogFile {
  let open: OpenLog | null = null
  let lost = 0

  /** The file that has the name now: others may have moved it away, or emptied it. */
  function current(bytes: number): OpenLog {
    if (open !== null && !isAt(path, open.file)) {
      closeSync(open.file)
      open = null
    }
    open ??= openedAt(path)
    const { size } = fstatSync(open.file)
    if (size === 0) open = { file: open.file, begunMs: now() }
    else if (size + bytes > limits.maxBytes || now() - open.begunMs >= limits.maxAgeMs) {
      closeSync(open.file)
      open = null
      putAside(path, limits.keep)
      open = { ...openedAt(path), begunMs: now() }
    }
    return open
  }

  return {
    append: (lines) => {
      let written = 0
      try {
        for (const bytes of fitting(lines, limits.maxBytes)) {
          const { file } = current(bytes.reduce((sum, { length }) => sum + length, 0))
          const wrote = writeLines(file, bytes)
          written += wrote.lines
          if (wrote.error !== null) throw wrote.error
        }
        if (lost > 0) onTrouble(`the log is written again; ${lost.toLocaleString('en-US')} lines of it were lost`)
        lost = 0
      } catch (error) {
        const why = thrownMessage(error)
        if (lost === 0) onTrouble(`the log can't be written, and what is served now is missing in it: ${why}`)
        lost += lines.length - written
      }
      return lines.length - written
    },
    close: () => {
      if (open !== null) closeSync(open.file)
      open = null
    },
  }
}

/** So many at once that a file holds them; a longer line has one of its own. */
function fitting(lines: readonly string[], maxBytes: number): Buffer[][] {
  const groups: Buffer[][] = []
  let room = 0
  for (const line of lines) {
    const bytes = Buffer.from(line)
    if (bytes.length > room) {
      groups.push([])
      room = maxBytes
    }
    groups.at(-1)?.push(bytes)
    room -= bytes.length
  }
  return groups
}

/** The log's files, the oldest first, whoever put them aside; packed ones are left out. */
export function logFiles(path: string): string[] {
  const [folder, stem, ending] = [dirname(path), basename(path, extname(path)), extname(path)]
  const names = namesIn(folder).filter(
    (name) => name.startsWith(stem) && name.slice(stem.length).includes(ending) && !/\.(?:gz|zst|xz|bz2)$/.test(name),
  )
  return names
    .map((name) => ({ file: join(folder, name), isLast: name === basename(path) }))
    .flatMap((each) => {
      const changedMs = statSync(each.file, { throwIfNoEntry: false })?.mtimeMs
      return changedMs === undefined ? [] : [{ ...each, changedMs }]
    })
    .toSorted((a, b) => Number(a.isLast) - Number(b.isLast) || a.changedMs - b.changedMs || (a.file < b.file ? -1 : 1))
    .map(({ file }) => file)
}

interface OpenLog {
  readonly file: number
  readonly begunMs: number
}

function openedAt(path: string): OpenLog {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'a+', 0o600)
  const { size, mtimeMs } = fstatSync(file)
  const last = Buffer.alloc(1)
  // A kill may have cut a line off: what is added next begins one of its own.
  if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a) writeSync(file, '\n')
  return { file, begunMs: firstLineMs(file) ?? mtimeMs }
}

/** When the first line was served; null where that is not near the beginning. */
function firstLineMs(file: number): number | null {
  const head = Buffer.alloc(4096)
  const text = head.subarray(0, readSync(file, head, 0, head.length, 0)).toString('utf8')
  const at = lineIn(text.split('\n', 1)[0] ?? '')?.at ?? /"at":"([^"]{1,40})"/.exec(text)?.[1]
  const ms = Date.parse(at ?? '')
  return Number.isNaN(ms) ? null : ms
}

function isAt(path: string, file: number): boolean {
  const there = statSync(path, { throwIfNoEntry: false })
  const own = fstatSync(file)
  return there !== undefined && there.ino === own.ino && there.dev === own.dev
}

/** As many as there was room for; of the first one for which there was none, nothing stays. */
function writeLines(file: number, lines: readonly Buffer[]): { lines: number; error: unknown } {
  const { size } = fstatSync(file)
  const all = Buffer.concat(lines)
  let bytes = 0
  try {
    while (bytes < all.length) bytes += writeSync(file, all, bytes)
    return { lines: lines.length, error: null }
  } catch (error) {
    let [whole, count] = [0, 0]
    for (const { length } of lines) {
      if (whole + length > bytes) break
      whole += length
      count++
    }
    ftruncateSync(file, size + whole)
    return { lines: count, error }
  }
}

/** `canary.requests.jsonl` → `canary.requests.000001.jsonl`: by number, since clocks go back, and with the ending that a glob asks for. */
function putAside(path: string, keep: number): void {
  const [folder, ending] = [dirname(path), extname(path)]
  const stem = `${basename(path, ending)}.`
  const numbers = namesIn(folder)
    .filter((name) => name.startsWith(stem) && name.endsWith(ending))
    .map((name) => name.slice(stem.length, name.length - ending.length))
    .filter((number) => /^\d{6,}$/.test(number))
    .toSorted((a, b) => Number(a) - Number(b))
  const next = String(Number(numbers.at(-1) ?? 0) + 1).padStart(6, '0')
  renameSync(path, join(folder, stem + next + ending))
  for (const number of [...numbers, next].slice(0, -keep || undefined)) {
    rmSync(join(folder, stem + number + ending), { force: true })
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
