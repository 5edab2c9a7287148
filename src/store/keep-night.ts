// Puts beside a verdict what is kept of it for ever, in the same transaction.

import type { Policy, Verdict } from '../core/judgement.ts'
import type { Database } from './database.ts'
import { fromJson, toJson } from './json.ts'

interface Judged {
  readonly policy: Policy
  readonly verdict: Verdict
}

/** In place of what an earlier verdict on the run left. Its calls are counted anew where they are still there. */
export async function keepNight(db: Database, runId: string, { policy, verdict }: Judged): Promise<void> {
  const { reviews: _, ...rules } = policy
  const { held, because, drift, findings } = verdict
  const { records, repeated } = await sharedOf(db, runId)
  await db.run('DELETE FROM kept_finding WHERE run_id = $1', [runId])
  await db.run('INSERT OR REPLACE INTO kept_night VALUES ($1, $2, $3, $4, $5, $6, $7)', [
    runId,
    held,
    because,
    toJson(rules),
    drift === undefined ? null : toJson(drift),
    records,
    repeated,
  ])
  const said = findings.map(({ rule, effect, outcome, isMoot }) => ({ rule, effect, outcome, isMoot }))
  await db.run(insertFindings, [runId, toJson(said)])
  await db.run('DELETE FROM call_sum WHERE run_id = $1 AND run_id IN (SELECT run_id FROM attempt)', [runId])
  await db.run(insertCallSums, [runId])
  await countLaterAnew(db, runId)
}

/** A run that comes late, as one that is imported does, is an earlier night of those that began after it. */
async function countLaterAnew(db: Database, runId: string): Promise<void> {
  const later = await db.all(
    `SELECT run.id FROM kept_night n JOIN run ON run.id = n.run_id
     WHERE run.started_at > (SELECT started_at FROM run WHERE id = $1)`,
    [runId],
  )
  for (const row of later) {
    const { repeated } = await sharedOf(db, String(row['id']))
    await db.run('UPDATE kept_night SET repeated = $2 WHERE run_id = $1', [String(row['id']), repeated])
  }
}

const early = { held: false, because: '', findings: [] } as const

/** For runs that were imported, or judged by a shadowgate that kept nothing yet. */
export async function keepMissing(db: Database): Promise<void> {
  const rows = await db.all('SELECT run_id FROM verdict WHERE run_id NOT IN (SELECT run_id FROM kept_night)')
  for (const row of rows) {
    const runId = String(row['run_id'])
    // One at a time: DuckDB reads a column in vectors, and a thousand verdicts do not fit into its memory.
    const [own] = await db.all('SELECT judgement FROM verdict WHERE run_id = $1', [runId])
    const { policy, verdict } = fromJson(String(own?.['judgement'])) as Judged
    // Early verdicts knew neither of holding nor of every field since.
    const whole = { ...early, ...verdict }
    await db.transaction(() => keepNight(db, runId, { policy, verdict: whole }))
  }
}

async function sharedOf(db: Database, runId: string): Promise<{ records: number; repeated: number }> {
  const unit = 'coalesce(rec.cluster, rr.record_id)'
  const [row] = await db.all(
    `WITH own AS (
       SELECT ${unit} AS unit FROM run_record rr LEFT JOIN record rec ON rec.id = rr.record_id WHERE rr.run_id = $1
     ), earlier AS (
       SELECT run.id FROM run JOIN (SELECT run_id FROM verdict) v ON v.run_id = run.id
       WHERE run.started_at < (SELECT started_at FROM run WHERE id = $1)
     )
     SELECT count(*) AS records, count(*) FILTER (unit IN (
       SELECT ${unit} FROM run_record rr LEFT JOIN record rec ON rec.id = rr.record_id WHERE rr.run_id IN (SELECT id FROM earlier)
     )) AS repeated FROM own`,
    [runId],
  )
  return { records: Number(row?.['records']), repeated: Number(row?.['repeated']) }
}

const number = (path: string) => `(f->>'$.${path}')::DOUBLE`
const whole = (path: string) => `(f->>'$.${path}')::BIGINT`
const text = (path: string) => `f->>'$.${path}'`

const insertFindings = `
INSERT INTO kept_finding
SELECT $1, row_number() OVER (), ${text('rule.metric')}, ${text('rule.segment.key')}, ${text('rule.segment.value')},
  ${number('rule.margin')}, ${text('rule.severity')}, coalesce(${text('rule.mode')}, 'worse'), coalesce(${text('rule.stage')}, 'replay'),
  ${text('rule.better')}, ${text('outcome')}, coalesce((f->>'$.isMoot')::BOOLEAN, false),
  ${text('effect.better')}, ${text('effect.unit')}, ${text('effect.scale')}, ${whole('effect.pairs')}, ${whole('effect.clusters')},
  ${number('effect.production')}, ${number('effect.candidate')}, ${number('effect.estimate')},
  ${number('effect.interval.low')}, ${number('effect.interval.high')}, ${number('effect.interval.level')},
  ${number('effect.noise.estimate')}, ${number('effect.noise.interval.low')}, ${number('effect.noise.interval.high')},
  ${number('effect.noise.interval.level')}, ${whole('effect.noise.pairs')}
FROM (SELECT unnest(json_extract($2::JSON, '$[*]')) AS f)`

const insertCallSums = `
INSERT INTO call_sum
SELECT run_id, arm, count(*), coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0),
  coalesce(sum(cached_input_tokens), 0), coalesce(sum(cache_write_tokens), 0),
  to_json(list_sort(coalesce(list(DISTINCT served_model) FILTER (served_model IS NOT NULL), [])))
FROM attempt WHERE run_id = $1 GROUP BY run_id, arm`
