// Verdicts, with all that a report needs to be written again.

import type { Decision, Effect, Policy, Verdict } from '../core/judgement.ts'
import type { Database } from './database.ts'
import { fromJson, toJson } from './json.ts'
import { keepNight } from './keep-night.ts'
import { judgedRuns } from './runs.ts'

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

/** What the newest judged run before this one decided, or the newest of all; null where there is none. */
export async function decisionBefore(
  db: Database,
  before: string | null,
): Promise<{ runId: string; decision: Decision; held: boolean } | null> {
  const [runId] = await judgedRuns(db, before)
  const judgement = runId === undefined ? null : await judgementOf(db, runId)
  if (runId === undefined || judgement === null) return null
  return { runId, decision: judgement.verdict.decision, held: judgement.verdict.held }
}
