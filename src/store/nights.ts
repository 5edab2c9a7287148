// Every judged night in a few queries: what came out, what it had in common with those before it, and who answered.

import type { Policy, Run, Verdict } from '../core/judgement.ts'
import type { Arm } from '../core/types.ts'
import type { Database } from './database.ts'
import { fromJson } from './json.ts'

export interface StoredNight {
  readonly run: Run
  readonly policy: Policy
  readonly verdict: Verdict
  /** Planned, and how many of those are of a conversation (else: request) that an earlier judged night had as well. */
  readonly records: number
  readonly repeated: number
  /** Empty where the API does not say, or the attempts were removed. */
  readonly servedModels: Readonly<Record<Arm, readonly string[]>>
}

/** In the order in which they began. */
export async function judgedNights(db: Database): Promise<StoredNight[]> {
  const rows = await db.all(
    `WITH seen AS (
       SELECT rr.run_id, r.started_at,
         min(r.started_at) OVER (PARTITION BY coalesce(rec.cluster, rr.record_id)) AS first_at
       FROM run_record rr JOIN run r ON r.id = rr.run_id JOIN verdict v ON v.run_id = rr.run_id
       LEFT JOIN record rec ON rec.id = rr.record_id
     ), counted AS (
       SELECT run_id, count(*) AS records, count(*) FILTER (first_at < started_at) AS repeated FROM seen GROUP BY run_id
     ), served AS (
       SELECT run_id, list_sort(list(DISTINCT served_model) FILTER (arm = 'production')) AS production,
         list_sort(list(DISTINCT served_model) FILTER (arm = 'candidate')) AS candidate
       FROM attempt WHERE served_model IS NOT NULL GROUP BY run_id
     )
     SELECT r.manifest, v.judgement->'$.policy' AS policy, v.judgement->'$.verdict' AS verdict, c.records, c.repeated, to_json(s.production) AS production, to_json(s.candidate) AS candidate
     FROM run r JOIN verdict v ON v.run_id = r.id LEFT JOIN counted c ON c.run_id = r.id LEFT JOIN served s ON s.run_id = r.id
     ORDER BY r.started_at, r.id`,
  )
  return rows.map((row) => ({
    run: fromJson(String(row['manifest'])) as Run,
    policy: fromJson(String(row['policy'])) as Policy,
    verdict: fromJson(String(row['verdict'])) as Verdict,
    records: Number(row['records'] ?? 0),
    repeated: Number(row['repeated'] ?? 0),
    servedModels: { production: namesIn(row['production']), candidate: namesIn(row['candidate']) },
  }))
}

function namesIn(text: unknown): readonly string[] {
  return typeof text !== 'string' ? [] : ((JSON.parse(text) as readonly string[] | null) ?? [])
}
