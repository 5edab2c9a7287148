// What judges said of pairs.

import type { JudgedPair, Preference } from '../core/judged.ts'
import { type Arm, arms } from '../core/types.ts'
import type { Database } from './database.ts'

/** One answer of a judge. */
export interface JudgeAnswer {
  readonly ordinal: number
  readonly judge: string
  readonly shownFirst: Arm
  /** null where the answer says nothing, or none came. */
  readonly preferred: Preference | null
  /** Its opening, or what went wrong. */
  readonly answer: string
  readonly inputTokens: number | null
  readonly outputTokens: number | null
}

/** In place of one that said nothing. */
export async function saveJudgeAnswer(db: Database, runId: string, given: JudgeAnswer): Promise<void> {
  const { ordinal, judge, shownFirst, preferred, answer, inputTokens, outputTokens } = given
  await db.run('INSERT OR REPLACE INTO judge_answer VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
    runId,
    ordinal,
    judge,
    shownFirst,
    preferred,
    answer,
    inputTokens,
    outputTokens,
  ])
}

/** By the record's place in the run: all pairs that this judge was asked about. */
export async function judgedPairs(db: Database, runId: string, judge: string): Promise<Map<number, JudgedPair>> {
  const rows = await db.all(
    'SELECT ordinal, shown_first, preferred FROM judge_answer WHERE run_id = $1 AND judge = $2 ORDER BY ordinal',
    [runId, judge],
  )
  const byOrdinal = Map.groupBy(rows, ({ ordinal }) => Number(ordinal))
  return new Map([...byOrdinal].map(([ordinal, own]) => [ordinal, pairIn(own)]))
}

function pairIn(rows: readonly Readonly<Record<string, unknown>>[]): JudgedPair {
  const shown = (arm: Arm) => preferenceIn(rows.find((row) => row['shown_first'] === arm)?.['preferred'])
  return { production: shown('production'), candidate: shown('candidate') }
}

function preferenceIn(value: unknown): Preference | null {
  return [...arms, 'tie' as const].find((each) => each === value) ?? null
}
