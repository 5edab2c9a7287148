// Log files for the tests of this room, each test in a folder of its own, and an ingest read to its end.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { unpacked } from '../../src/core/record.ts'
import type { Json, JsonObject, RejectedLine, RequestRecord } from '../../src/core/types.ts'
import type { LogFile } from '../../src/ingest/find.ts'
import { type FileSummary, type IngestOptions, ingest } from '../../src/ingest/ingest.ts'

/** A folder that goes when the tests of the file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shadowgate-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function writeLog(folder: string, name: string, content: string | Uint8Array): LogFile {
  const path = join(folder, name)
  writeFileSync(path, content)
  return { path, name, format: null }
}

export function jsonl(...lines: readonly Json[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

export interface Ingested {
  readonly records: readonly RequestRecord[]
  readonly rejected: readonly RejectedLine[]
  readonly files: readonly FileSummary[]
  /** Everything that was given out, as text. */
  readonly text: string
  readonly batches: readonly number[]
}

export async function readAll(files: readonly LogFile[], options: Partial<IngestOptions> = {}): Promise<Ingested> {
  const records: RequestRecord[] = []
  const rejected: RejectedLine[] = []
  const batches: number[] = []
  const summaries: FileSummary[] = []
  for await (const event of ingest({ files, salt: 'salt', ...options })) {
    if (event.kind === 'summary') summaries.push(...event.files)
    else {
      records.push(...event.records.map(unpacked))
      rejected.push(...event.rejected)
      batches.push(event.records.length + event.rejected.length)
    }
  }
  return { records, rejected, files: summaries, batches, text: JSON.stringify({ records, rejected, summaries }) }
}

export function request(content: string, rest: JsonObject = {}): JsonObject {
  return { model: 'gpt-x', messages: [{ role: 'user', content }], ...rest }
}

export function answer(content: string): JsonObject {
  return { model: 'gpt-x-1', choices: [{ index: 0, message: { content }, finish_reason: 'stop' }] }
}

export function exchange(content: string, rest: JsonObject = {}): JsonObject {
  return { request: request(content), response: answer(`${content}!`), ...rest }
}
