// Captured requests and the lines that could not be read, as rows.

import { packed } from '../core/record.ts'
import type { Fidelity, PackedRecord, RecordId, RejectedLine, RequestRecord } from '../core/types.ts'
import type { TableAppender } from './appender.ts'
import type { Database, Row } from './database.ts'

/** What is known of a record without its body. */
export interface RecordOutline {
  readonly id: RecordId
  readonly api: string
  readonly cluster: string | null
  readonly segments: Readonly<Record<string, string>>
  readonly fidelity: Fidelity
  readonly capturedAt: string | null
  /** How many runs had been drawn when it came in. */
  readonly drawnBefore: number
}

/** Adds what is new and says how many that were: a record's id is its content, so the same log adds nothing twice. */
export async function addRecords(db: Database, records: readonly (PackedRecord | RequestRecord)[]): Promise<number> {
  const known = await knownIds(db, records)
  const unknown = new Map<RecordId, PackedRecord>()
  for (const record of records)
    if (!known.has(record.id)) unknown.set(record.id, isPacked(record) ? record : packed(record))
  if (unknown.size === 0) return 0
  const fresh = [...unknown.values()]
  await makeRoomFor(db, fresh)
  const [drawn] = await db.all('SELECT coalesce(max(number), 0) AS number FROM draw')
  const appender = await db.appender('record')
  for (const record of fresh) append(appender, record, Number(drawn?.['number']))
  appender.close()
  return fresh.length
}

function isPacked(record: PackedRecord | RequestRecord): record is PackedRecord {
  return typeof record.body === 'string'
}

async function knownIds(db: Database, records: readonly { readonly id: RecordId }[]): Promise<ReadonlySet<string>> {
  if (records.length === 0) return new Set()
  await db.run('CREATE OR REPLACE TEMP TABLE incoming_id (id VARCHAR)')
  const appender = await db.appender('incoming_id')
  for (const { id } of records) appender.text(id).endRow()
  appender.close()
  const rows = await db.all('SELECT id FROM record SEMI JOIN incoming_id USING (id)')
  return new Set(rows.map((row) => String(row['id'])))
}

function append(appender: TableAppender, record: PackedRecord, drawnBefore: number): void {
  appender.text(record.id).text(record.api).text(record.body).instant(record.capturedAt).text(record.recorded)
  appender.text(record.recordedTiming).text(record.feedback).text(record.cluster).text(record.segments)
  appender.text(record.fidelity).text(record.source.file).integer(record.source.line).text(record.source.format)
  appender.text(record.recordedUsage).text(record.recordedError).text(record.fidelityReason)
  appender.text(record.callId).text(record.traceId).integer(drawnBefore).endRow()
}

/** DuckDB works on so many rows at a time. */
export const rowsAtOnce = 2048

/** So few, and their mean is nobody's: what they are together has to do. */
const fewBodies = 32

async function makeRoomFor(db: Database, records: readonly PackedRecord[]): Promise<void> {
  await makeRoom(db, { records: records.length, chars: records.reduce((sum, { body }) => sum + body.length, 0) })
}

/** A query holds a few rounds of rows at once: where bodies are long, that is more than a store is given otherwise. */
export async function makeRoom(
  db: Database,
  { records, chars }: { readonly records: number; readonly chars: number },
): Promise<void> {
  const atOnce = Math.round(chars * Math.max(1, records < fewBodies ? 1 : rowsAtOnce / records))
  const [row] = await db.all("SELECT value FROM meta WHERE key = 'body-chars'")
  if (atOnce <= Number(row?.['value'] ?? 0)) return
  await db.run("INSERT OR REPLACE INTO meta VALUES ('body-chars', $1)", [String(atOnce)])
  await useRoom(db)
}

const defaultMb = 192
const mostMb = 4096
/** Adding takes little: no query holds more than the names of a batch. */
const addingMb = 64
const adding = new WeakSet<Database>()

const browsingMb = 64
const browsing = new WeakSet<Database>()
const roomy = new WeakSet<Database>()

/**
 * Work that reads a few pairs at a time, for somebody who goes on to do so. What DuckDB would keep for the next ones takes more memory
 * than reading it again is worth; where texts are too long for so little, it gets what it has otherwise from then on.
 */
export async function whileBrowsing<T>(db: Database, work: () => Promise<T>): Promise<T> {
  if (!browsing.has(db) && !roomy.has(db)) {
    browsing.add(db)
    // Two threads read a pair no sooner, hold twice as much, and take time from whoever draws.
    await db.run('SET threads = 1')
    await useRoom(db)
  }
  try {
    return await work()
  } catch (error) {
    if (!browsing.has(db) || !/Out of Memory/i.test(String(error))) throw error
    browsing.delete(db)
    roomy.add(db)
    await useRoom(db)
    return work()
  }
}

/** Gives the store the memory that its bodies take: 192 MB, and more where a round of rows is long. */
export async function useRoom(db: Database): Promise<void> {
  const [row] = await db.all("SELECT value FROM meta WHERE key = 'body-chars'")
  const chars = Number(row?.['value'] ?? 0)
  const leastMb = adding.has(db) ? addingMb : browsing.has(db) ? browsingMb : defaultMb
  const mb = Math.min(mostMb, Math.max(leastMb, Math.round((4 * chars) / 1e6)))
  await db.run(`SET memory_limit = '${mb}MB'`)
}

/** For a scan over much that is looked at once: what DuckDB would keep of it in memory, nobody asks for again. */
const scanningMb = 64

/** Work that reads whole columns, and no bodies. */
export async function whileScanning<T>(db: Database, work: () => Promise<T>): Promise<T> {
  await db.run(`SET memory_limit = '${scanningMb}MB'`)
  try {
    return await work()
  } finally {
    await useRoom(db)
  }
}

/**
 * Work that adds many records. A checkpoint writes the last group of rows anew, all of it, up to 120,000 rows: at every
 * 16 MB, as DuckDB has it, that took most of an ingest's time. What is in the write-ahead log until then survives a kill.
 */
export async function whileAdding<T>(db: Database, work: () => Promise<T>): Promise<T> {
  await db.run("SET checkpoint_threshold = '160MB'")
  adding.add(db)
  await useRoom(db)
  try {
    return await work()
  } finally {
    adding.delete(db)
    await useRoom(db)
    await db.run('RESET checkpoint_threshold')
  }
}

/** Holds lines back: until an ingest has ended, nobody knows whether it was one. On disk where they are many. */
export async function holdRejectedLines(db: Database, lines: readonly RejectedLine[]): Promise<void> {
  if (lines.length === 0) return
  await db.run('CREATE TEMP TABLE IF NOT EXISTS held_line AS SELECT * FROM rejected_line LIMIT 0')
  const appender = await db.appender('held_line')
  for (const line of lines) appender.text(line.file).integer(line.line).text(line.reason).text(line.excerpt).endRow()
  appender.close()
}

/**
 * Keeps the lines that were held: the last word of a line counts. `readAnew`: files that were read to their end, whose
 * other lines are good by now, as a last line is that was half written when it was read first.
 */
export async function keepRejectedLines(db: Database, readAnew: readonly string[]): Promise<void> {
  await db.run('CREATE TEMP TABLE IF NOT EXISTS held_line AS SELECT * FROM rejected_line LIMIT 0')
  await db.run(
    `DELETE FROM rejected_line WHERE file IN (SELECT unnest(from_json($1, '["VARCHAR"]')))
     AND (file, line) NOT IN (SELECT (file, line) FROM held_line)`,
    [JSON.stringify(readAnew)],
  )
  await db.run(
    `INSERT OR REPLACE INTO rejected_line SELECT * FROM held_line
     QUALIFY row_number() OVER (PARTITION BY file, line ORDER BY rowid DESC) = 1`,
  )
  await db.run('DROP TABLE held_line')
}

export async function recordOutlines(db: Database): Promise<RecordOutline[]> {
  const rows = await db.all(
    'SELECT id, api, cluster, segments, fidelity, epoch_ms(captured_at) AS at, drawn_before FROM record ORDER BY id',
  )
  return rows.map((row) => ({
    id: String(row['id']),
    api: String(row['api']),
    cluster: row['cluster'] === null ? null : String(row['cluster']),
    segments: JSON.parse(String(row['segments'])),
    fidelity: row['fidelity'] as Fidelity,
    capturedAt: instantOf(row['at'] ?? null),
    drawnBefore: Number(row['drawn_before']),
  }))
}

export async function rejectedLines(
  db: Database,
): Promise<{ count: number; reasons: { reason: string; count: number; where: string }[] }> {
  const rows = await db.all(
    `SELECT reason, count(*) AS count, min(file || ':' || line) AS where_first FROM rejected_line GROUP BY reason ORDER BY count DESC, reason`,
  )
  const reasons = rows.map((row) => ({
    reason: String(row['reason']),
    count: Number(row['count']),
    where: String(row['where_first']),
  }))
  return { count: reasons.reduce((sum, each) => sum + each.count, 0), reasons }
}

/** The columns of a record as `recordOf` reads them. */
export const recordColumns =
  'r.id, r.api, r.body, epoch_ms(r.captured_at) AS captured_ms, r.recorded, r.recorded_timing, r.feedback, r.cluster, r.segments, r.fidelity, r.source_file, r.source_line, r.format, r.recorded_usage, r.recorded_error, r.fidelity_reason, r.call_id, r.trace_id'

export function recordOf(row: Row): RequestRecord {
  return {
    id: String(row['id']),
    api: String(row['api']),
    body: JSON.parse(String(row['body'])),
    capturedAt: instantOf(row['captured_ms'] ?? null),
    recorded: jsonOf(row['recorded']) as RequestRecord['recorded'],
    recordedTiming: jsonOf(row['recorded_timing']) as RequestRecord['recordedTiming'],
    recordedUsage: jsonOf(row['recorded_usage']) as RequestRecord['recordedUsage'],
    recordedError: jsonOf(row['recorded_error']) as RequestRecord['recordedError'],
    feedback: JSON.parse(String(row['feedback'])),
    cluster: row['cluster'] === null ? null : String(row['cluster']),
    segments: JSON.parse(String(row['segments'])),
    fidelity: row['fidelity'] as Fidelity,
    fidelityReason: textIn(row, 'fidelity_reason'),
    callId: textIn(row, 'call_id'),
    traceId: textIn(row, 'trace_id'),
    source: { file: String(row['source_file']), line: Number(row['source_line']), format: String(row['format']) },
  }
}

function textIn(row: Row, name: string): string | null {
  const value = row[name] ?? null
  return value === null ? null : String(value)
}

function jsonOf(value: Row[string] | undefined): unknown {
  return value === null || value === undefined ? null : JSON.parse(String(value))
}

export function instantOf(ms: Row[string]): string | null {
  return ms === null ? null : new Date(Number(ms)).toISOString()
}
