// Patterns of the config → the log files that there are.

import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { Fault } from '../core/fault.ts'
import { unreadable } from './containers/open.ts'
import type { LogFormat } from './log-format.ts'

/** A file to ingest. */
export interface LogFile {
  /** Absolute, or `-` for stdin. */
  readonly path: string
  /** As shown and stored: relative to the base folder where it is below it. */
  readonly name: string
  /** A name of the `formats` roster, or a format made for it; null finds out. */
  readonly format: string | LogFormat | null
}

/** What is a log in a folder that the config names. */
export const logsInFolder = '**/*.{jsonl,ndjson,json,csv,tsv,parquet,har}{,.gz,.zst,.zstd}'

/**
 * The files that a pattern means: a path, a folder (its logs, at any depth), a glob, or `-` for stdin. `base` is the
 * folder of relative patterns. Sorted by name. Throws LOG_MISSING where nothing matches, LOG_UNREADABLE where a file
 * cannot be opened.
 */
export async function findLogs(
  pattern: string,
  { base, format = null }: { readonly base: string; readonly format?: LogFile['format'] },
): Promise<readonly LogFile[]> {
  if (pattern === '-') return [{ path: '-', name: '-', format }]
  const paths = await pathsOf(pattern, base)
  if (paths.length === 0) throw new Fault('LOG_MISSING', 'no log file matches', { place: pattern })
  await Promise.all(paths.map((path) => checkReadable(path, nameOf(path, base))))
  return paths
    .map((path) => ({ path, name: nameOf(path, base), format }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

/** The files of several patterns, each once: the first pattern that means a file says its format. */
export async function findAllLogs(
  patterns: readonly { readonly path: string; readonly format?: LogFile['format'] }[],
  base: string,
): Promise<readonly LogFile[]> {
  const found = await Promise.all(patterns.map(({ path, format = null }) => findLogs(path, { base, format })))
  const files = new Map<string, LogFile>()
  for (const file of found.flat()) if (!files.has(file.path)) files.set(file.path, file)
  return [...files.values()]
}

async function pathsOf(pattern: string, base: string): Promise<readonly string[]> {
  const path = resolve(base, pattern)
  // A name that exists is that file, also where it has brackets in it.
  const kind = await kindOf(path, pattern)
  if (kind === 'file') return [path]
  if (kind === 'folder') return glob(logsInFolder, { cwd: path, absolute: true })
  return isDynamicPattern(pattern) ? glob(pattern, { cwd: base, absolute: true, expandDirectories: false }) : []
}

async function kindOf(path: string, pattern: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    // A glob such as `logs.jsonl/*` or one longer than a name may be is no path; glob itself says what it matches.
    if (code === 'ENOENT' || (isDynamicPattern(pattern) && (code === 'ENOTDIR' || code === 'ENAMETOOLONG'))) return null
    throw unreadable(pattern, error)
  }
}

async function checkReadable(path: string, name: string): Promise<void> {
  try {
    await access(path, constants.R_OK)
  } catch (error) {
    throw unreadable(name, error)
  }
}

function nameOf(path: string, base: string): string {
  const name = relative(base, path)
  return name === '' || name.startsWith('..') ? path : name
}
