// Runs, and the records that each of them replays.

import type { Decision, Run, Stopped } from '../core/judgement.ts'
import type { Instant, RequestRecord } from '../core/types.ts'
import type { Database, Row } from './database.ts'
import { fromJson, toJson } from './json.ts'
import { instantOf, recordColumns, recordOf } from './records.ts'

/**
 * `planned`: sampled, nothing sent. `running`: begun, and perhaps cut off. `replayed`: every planned call is stored.
 * `reported`: judged, and its reports written: nothing is left to do. Closed without a verdict: `outdated`, too old to be gone on
 * with, since its pairs would be of several days; `superseded`, by a run that was begun on purpose.
 */
export type RunStatus = 'planned' | 'running' | 'replayed' | 'reported' | 'outdated' | 'superseded'

export interface StoredRun {
  readonly run: Run
  readonly status: RunStatus
  /** Of all that decides which requests are sent: an unfinished run is gone on with only where it is the same. */
  readonly fingerprint: string
}

export interface RunRecord {
  readonly recordId: string
  readonly ordinal: number
  /** How often both arms are asked. */
  readonly trials: number
}

/** A planned record as the replay sends it: its body is still text. */
export interface PlannedRequest extends RunRecord {
  readonly api: string
  readonly body: string
  readonly cluster: string | null
  readonly capturedAt: Instant | null
}

export async function createRun(db: Database, stored: StoredRun, records: readonly RunRecord[]): Promise<void> {
  await db.transaction(async () => {
    const { run } = stored
    await db.run('INSERT INTO run VALUES ($1, $2::TIMESTAMP, NULL, $3, $4, $5, NULL)', [
      run.id,
      run.startedAt,
      stored.status,
      stored.fingerprint,
      toJson(run),
    ])
    await db.run('INSERT INTO draw SELECT coalesce(max(number), 0) + 1, $1 FROM draw', [run.id])
    const appender = await db.appender('run_record')
    for (const each of records) {
      appender.text(run.id).integer(each.ordinal).text(each.recordId).integer(each.trials).endRow()
    }
    appender.close()
  })
}

export async function setRunStatus(
  db: Database,
  runId: string,
  status: RunStatus,
  finishedAt: string | null,
): Promise<void> {
  const sql = 'UPDATE run SET status = $2, finished_at = coalesce($3::TIMESTAMP, finished_at) WHERE id = $1'
  await db.run(sql, [runId, status, finishedAt])
}

/**
 * A machine's clock can be turned back, so runs go by the order in which they were drawn here. What was imported, or drawn by an old
 * version, has no place in it and comes before, by its times.
 */
const drawnRuns = 'run LEFT JOIN draw ON draw.run_id = run.id'
const newestFirst = 'draw.number DESC NULLS LAST, started_at DESC, run.id DESC'

/** The run of that id, else the newest; null where there is none. */
export async function findRun(db: Database, runId: string | null): Promise<StoredRun | null> {
  const select = `SELECT ${runColumns} FROM ${drawnRuns}`
  const [row] =
    runId === null
      ? await db.all(`${select} ORDER BY ${newestFirst} LIMIT 1`)
      : await db.all(`${select} WHERE id = $1`, [runId])
  return row ? storedRunOf(row) : null
}

/** The newest run that has measures; null where there is none. */
export async function findMeasuredRun(db: Database): Promise<StoredRun | null> {
  const [row] = await db.all(
    `SELECT ${runColumns} FROM ${drawnRuns} WHERE EXISTS (SELECT 1 FROM measure_value m WHERE m.run_id = run.id)
     ORDER BY ${newestFirst} LIMIT 1`,
  )
  return row ? storedRunOf(row) : null
}

/** Ids of the runs that were judged, newest first; all, or those before the run of that id. */
export async function judgedRuns(db: Database, before: string | null): Promise<string[]> {
  const rows = await db.all(
    `SELECT run.id, v.run_id IS NOT NULL AS is_judged FROM ${drawnRuns} LEFT JOIN verdict v ON v.run_id = run.id
     ORDER BY ${newestFirst}`,
  )
  const from = before === null ? 0 : rows.findIndex((row) => row['id'] === before) + 1
  return rows.slice(from).flatMap((row) => (row['is_judged'] === true ? [String(row['id'])] : []))
}

/** How many records two runs have in common. */
export async function sharedRecords(db: Database, one: string, other: string): Promise<number> {
  const [row] = await db.all(
    `SELECT count(*) AS shared FROM run_record a JOIN run_record b ON b.record_id = a.record_id
     WHERE a.run_id = $1 AND b.run_id = $2`,
    [one, other],
  )
  return Number(row?.['shared'])
}

const unfinished = `'planned', 'running', 'replayed'`

/** The newest run that was not brought to its end, would send the same requests and began after `since`; else null. */
export async function findUnfinishedRun(db: Database, fingerprint: string, since: string): Promise<StoredRun | null> {
  const [row] = await db.all(
    `SELECT ${runColumns} FROM ${drawnRuns}
     WHERE status IN (${unfinished}) AND fingerprint = $1 AND started_at >= $2::TIMESTAMP ORDER BY ${newestFirst} LIMIT 1`,
    [fingerprint, since],
  )
  return row ? storedRunOf(row) : null
}

/** Closes what nobody will go on with, and gives the ids: runs begun before these instants, by their lane. */
export async function closeOutdatedRuns(
  db: Database,
  before: Readonly<Record<'live' | 'batch', string>>,
): Promise<string[]> {
  const rows = await db.all(
    `UPDATE run SET status = 'outdated' WHERE status IN (${unfinished}) AND started_at <
       CASE WHEN manifest->>'$.replay.lane' = 'batch' THEN $1::TIMESTAMP ELSE $2::TIMESTAMP END RETURNING id`,
    [before.batch, before.live],
  )
  return rows.map((row) => String(row['id']))
}

/** The same for the runs that would send what this one sends. */
export async function closeSupersededRuns(db: Database, { run, fingerprint }: StoredRun): Promise<void> {
  const sql = `UPDATE run SET status = 'superseded' WHERE status IN (${unfinished}) AND fingerprint = $1 AND id <> $2`
  await db.run(sql, [fingerprint, run.id])
}

/** What the run was to send, in its order, read as it is needed: a page at a time, since a sort holds every body that it sorts. */
export async function* plannedRequests(db: Database, runId: string): AsyncIterable<PlannedRequest> {
  for (const { from, to } of await pagesOfPlan(db, runId)) {
    const rows = db.stream(
      `SELECT rr.ordinal, rr.record_id, rr.trials, r.api, r.body, r.cluster, epoch_ms(r.captured_at) AS captured_ms
       FROM run_record rr JOIN record r ON r.id = rr.record_id
       WHERE rr.run_id = $1 AND rr.ordinal >= $2 AND rr.ordinal < $3 ORDER BY rr.ordinal`,
      [runId, from, to],
    )
    for await (const chunk of rows) for (const row of chunk) yield plannedOf(row)
  }
}

function plannedOf(row: Row): PlannedRequest {
  return {
    ordinal: Number(row['ordinal']),
    recordId: String(row['record_id']),
    trials: Number(row['trials']),
    api: String(row['api']),
    body: String(row['body']),
    cluster: row['cluster'] === null ? null : String(row['cluster']),
    capturedAt: instantOf(row['captured_ms'] ?? null),
  }
}

interface Page {
  readonly from: number
  readonly to: number
}

/** Larger pages are held in memory, smaller ones are more of them, and each reads all records anew. */
const pageBytes = 16_000_000
/** Places are weighed so many at a time. */
const blockSize = 128

/** A run's places, cut where the bodies of a page would be too much. */
async function pagesOfPlan(db: Database, runId: string): Promise<Page[]> {
  // The bodies are weighed before the join, which would hash them whole.
  const blocks = await db.all(
    `SELECT rr.ordinal // ${blockSize} AS block, sum(r.bytes) AS bytes
     FROM run_record rr JOIN (SELECT id, strlen(body) AS bytes FROM record) r ON r.id = rr.record_id
     WHERE rr.run_id = $1 GROUP BY block ORDER BY block`,
    [runId],
  )
  const pages: Page[] = []
  let page: Page & { bytes: number } = { from: 0, to: 0, bytes: 0 }
  for (const block of blocks) {
    const [from, bytes] = [Number(block['block']) * blockSize, Number(block['bytes'])]
    if (page.bytes > 0 && page.bytes + bytes > pageBytes) {
      pages.push(page)
      page = { from, to: from, bytes: 0 }
    }
    page = { from: page.from, to: from + blockSize, bytes: page.bytes + bytes }
  }
  return [...pages, page]
}

/** The records of a run, in its order. */
export async function runIds(db: Database, runId: string): Promise<string[]> {
  const rows = await db.all('SELECT record_id FROM run_record WHERE run_id = $1 ORDER BY ordinal', [runId])
  return rows.map((row) => String(row['record_id']))
}

/** The judged runs of this store by the order in which they were drawn, the newest first. */
export async function judgedDraws(db: Database): Promise<{ stored: StoredRun; decision: Decision; number: number }[]> {
  const rows = await db.all(
    `SELECT ${runColumns}, v.decision, d.number FROM draw d JOIN run ON run.id = d.run_id JOIN verdict v ON v.run_id = run.id
     ORDER BY d.number DESC`,
  )
  return rows.map((row) => ({
    stored: storedRunOf(row),
    decision: row['decision'] as Decision,
    number: Number(row['number']),
  }))
}

/** How much a run is to send, and when its first request was captured. */
export async function planOf(
  db: Database,
  runId: string,
): Promise<{ readonly records: number; readonly calls: number; readonly firstAt: Instant | null }> {
  const [row] = await db.all(
    `SELECT count(*) AS records, coalesce(sum(2 * rr.trials), 0) AS calls, epoch_ms(min(r.captured_at)) AS first_ms
     FROM run_record rr JOIN record r ON r.id = rr.record_id WHERE rr.run_id = $1`,
    [runId],
  )
  return {
    records: Number(row?.['records']),
    calls: Number(row?.['calls']),
    firstAt: instantOf(row?.['first_ms'] ?? null),
  }
}

/** Some records of a run, by their places in it. */
export async function recordsOf(
  db: Database,
  runId: string,
  ordinals: readonly number[],
): Promise<Map<number, RequestRecord>> {
  if (ordinals.length === 0) return new Map()
  const rows = await db.all(
    `SELECT rr.ordinal, ${recordColumns} FROM run_record rr JOIN record r ON r.id = rr.record_id
     WHERE rr.run_id = $1 AND rr.ordinal IN (${ordinals.join(', ')})`,
    [runId],
  )
  return new Map(rows.map((row) => [Number(row['ordinal']), recordOf(row)]))
}

/** The run ended before its plan did, and is judged by what was sent. */
export async function stopRun(db: Database, runId: string, stopped: Stopped): Promise<void> {
  await db.run('UPDATE run SET stopped = $2 WHERE id = $1', [runId, JSON.stringify(stopped)])
}

/** When the last answer of a run came; null where none did. */
export async function lastHeardAt(db: Database, runId: string): Promise<Instant | null> {
  const heard = 'epoch_ms(max(sent_at)) + coalesce(max_by(total_ms, sent_at), 0)'
  const [row] = await db.all(`SELECT round(${heard})::DOUBLE AS heard_ms FROM attempt WHERE run_id = $1`, [runId])
  return instantOf(row?.['heard_ms'] ?? null)
}

const runColumns = 'manifest, status, fingerprint, epoch_ms(finished_at) AS finished_ms, stopped'

function storedRunOf(row: Row): StoredRun {
  const run = fromJson(String(row['manifest'])) as Run
  const stopped = row['stopped'] ?? null
  return {
    run: {
      ...run,
      // Runs of the first schema were sent in the one way that there was.
      replay: run.replay ?? { pace: 'closed', timeScale: 1, lane: 'live', salted: false },
      finishedAt: instantOf(row['finished_ms'] ?? null),
      stopped: stopped === null ? null : JSON.parse(String(stopped)),
    },
    status: row['status'] as RunStatus,
    fingerprint: String(row['fingerprint']),
  }
}
