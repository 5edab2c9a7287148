// Lines that tools logged, as recorded in `specimens/`, and what an ingest makes of lines.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject, RequestRecord } from '../../src/core/types.ts'
import { jsonl, readAll, writeLog } from './files.ts'

export function specimen(name: string, folder = join(import.meta.dirname, 'specimens')): JsonObject {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'))
}

export interface Read {
  readonly records: readonly RequestRecord[]
  /** Why the other lines were rejected. */
  readonly reasons: readonly string[]
  readonly format: string | null
  /** Everything that was given out, as text. */
  readonly text: string
}

/** The lines as one file in that folder, read. */
export async function readLines(folder: string, ...lines: readonly JsonObject[]): Promise<Read> {
  const { records, rejected, files, text } = await readAll([writeLog(folder, 'log.jsonl', jsonl(...lines))])
  return { records, reasons: rejected.map(({ reason }) => reason), format: files[0]?.format ?? null, text }
}
