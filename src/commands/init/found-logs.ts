// Which files below a folder are logs that can be read: told by their first lines, and bounded in depth, number and bytes.

import { stat } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import { glob } from 'tinyglobby'
import { createLineReader } from '../../ingest/containers/line-reader.ts'
import { piecesOf } from '../../ingest/containers/pieces.ts'
import { logsInFolder } from '../../ingest/find.ts'
import { formats } from '../../ingest/index.ts'

export interface FoundLog {
  /** Relative to the folder, with forward slashes. */
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  /** A name of the roster; null where no format knows the file's first lines. */
  readonly format: string | null
}

export interface FoundLogs {
  readonly logs: readonly FoundLog[]
  /** Files that look like logs by their names, and that no format knows. */
  readonly unknown: readonly string[]
  /** Files that were not looked into, because there were so many. */
  readonly passedOver: number
}

/** Folders below which nobody keeps logs, or only ours. */
const ignored = ['node_modules', '.git', 'reports', 'dist', 'coverage', 'deploy', '.venv', 'target']
const deepest = 4
const mostFiles = 400
/** A long line or a head that no format knows must not be read to its end. */
const longestLine = 4 * 1024 * 1024
const mostLines = 50
const mostChunks = 8

/** `patterns`: where the user says that they are; else anywhere below. */
export async function findLogFiles(folder: string, patterns: readonly string[] = []): Promise<FoundLogs> {
  const wanted =
    patterns.length > 0
      ? patterns.flatMap((each) => [each, `${each.replace(/\/+$/, '')}/${logsInFolder}`])
      : [logsInFolder]
  const paths = await glob(wanted, {
    cwd: folder,
    deep: deepest,
    ignore: patterns.length > 0 ? [] : ignored.map((name) => `**/${name}/**`),
    followSymbolicLinks: false,
    expandDirectories: false,
  })
  const files = await Promise.all(paths.map(async (path) => ({ path, ...(await sizeOf(folder, path)) })))
  const newestFirst = files
    .filter(({ bytes }) => bytes > 0)
    .toSorted((a, b) => b.modifiedMs - a.modifiedMs || (a.path < b.path ? -1 : 1))
  const sniffed: FoundLog[] = []
  for (const file of newestFirst.slice(0, mostFiles)) {
    sniffed.push({ ...file, format: await formatOf(`${folder}/${file.path}`) })
  }
  return {
    logs: sniffed.filter(({ format }) => format !== null),
    unknown: sniffed.filter(({ format }) => format === null).map(({ path }) => path),
    passedOver: Math.max(0, newestFirst.length - mostFiles),
  }
}

async function sizeOf(folder: string, path: string): Promise<{ bytes: number; modifiedMs: number }> {
  try {
    const { size, mtimeMs } = await stat(`${folder}/${path}`)
    return { bytes: size, modifiedMs: mtimeMs }
  } catch {
    // It went meanwhile, or is a link to nowhere.
    return { bytes: 0, modifiedMs: 0 }
  }
}

async function formatOf(path: string): Promise<string | null> {
  const reader = createLineReader(formats, null)
  let [lines, chunks] = [0, 0]
  try {
    for await (const pieces of piecesOf(path, { maxLineBytes: longestLine })) {
      for (const piece of pieces) {
        if (piece.kind === 'damaged') return null
        reader.read(piece)
        const format = reader.format()
        if (format !== null) return format.name
        lines += 1
        if (lines >= mostLines) return null
      }
      chunks += 1
      if (chunks >= mostChunks) return null
    }
  } catch {
    // A file that can't be opened is none that we could tell anything of.
    return null
  }
  return null
}

/** What `logs` of a config says of these: whole folders where all in them are logs, so that tomorrow's files are meant too. */
export function logEntries({ logs, unknown }: FoundLogs): readonly string[] {
  const entries = new Set<string>()
  for (const { path } of logs) entries.add(entryOf(path, unknown))
  const folders = Map.groupBy([...entries].toSorted(), (entry) => entry.split('/')[0] ?? '')
  const all = [...folders].flatMap(([top, within]) => (within.length > mostEntries ? [top] : within))
  return all.filter((each) => !all.some((other) => other !== each && each.startsWith(`${other}/`)))
}

/** Of one folder; more are the folder as a whole, whose other files are then counted as rejected. */
const mostEntries = 5

function entryOf(path: string, unknown: readonly string[]): string {
  const [top = '', ...rest] = path.split('/')
  if (rest.length === 0) return path
  if (!unknown.some((each) => each.startsWith(`${top}/`))) return top
  const pattern = `${dirname(path)}/*${endingOf(path)}`
  const isClean = !unknown.some((each) => dirname(each) === dirname(path) && endingOf(each) === endingOf(path))
  return isClean ? pattern : path
}

/** `.jsonl.gz` */
function endingOf(path: string): string {
  const last = extname(path)
  return /^\.(?:gz|zst|zstd)$/.test(last) ? `${extname(path.slice(0, -last.length))}${last}` : last
}
