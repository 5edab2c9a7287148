// Verdicts, with all that a report needs to be written again.

import type { Decision, Effect, Policy, Verdict } from '../core/judgement.ts'
import type { Database } from './database.ts'
import { fromJson, toJson } from './json.ts'
import { keepNight } from './keep-night.ts'

export interface Judgement {
  readonly policy: Policy
  readonly effects: readonly Effect[]
  readonly verdict: Verdict
}

export async function saveJudgement(
  db: Database,
  runId: string,
  judgement: Judgement,
  decidedAt: string,
): Promise<void> {
  await db.transaction(async () => {
    await db.run('INSERT OR REPLACE INTO verdict VALUES ($1, $2::TIMESTAMP, $3, $4)', [
      runId,
      decidedAt,
      judgement.verdict.decision,
      judgementText(judgement),
    ])
    await keepNight(db, runId, judgement)
  })
}

/** As it is stored: the same judgement gives the same text. */
export function judgementText(judgement: Judgement): string {
  return toJson(judgement)
}

export async function judgementOf(db: Database, runId: string): Promise<Judgement | null> {
  const [row] = await db.all('SELECT judgement FROM verdict WHERE run_id = $1', [runId])
  return row ? (fromJson(String(row['judgement'])) as Judgement) : null
}

/** What the newest judged run that began before this one decided; null where there is none. */
export async function decisionBefore(
  db: Database,
  startedAt: string,
): Promise<{ runId: string; decision: Decision; held: boolean } | null> {
  const [row] = await db.all(
    `SELECT r.id FROM run r JOIN verdict v ON v.run_id = r.id
     WHERE r.started_at < $1::TIMESTAMP ORDER BY r.started_at DESC, r.id DESC LIMIT 1`,
    [startedAt],
  )
  const runId = row === undefined ? null : String(row['id'])
  // Its verdict alone: sorted with their texts, those of a year do not fit into DuckDB's memory.
  const judgement = runId === null ? null : await judgementOf(db, runId)
  if (runId === null || judgement === null) return null
  return { runId, decision: judgement.verdict.decision, held: judgement.verdict.held }
}
