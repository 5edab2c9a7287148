// How whole the records are that a log gave: what a report says of its data.

import type { Fidelity } from '../core/types.ts'
import type { Database } from './database.ts'

/** Records that are alike in how much of their request was kept. */
export interface Wholeness {
  readonly fidelity: Fidelity
  /** Why not all of it; null where it is whole, and where the log did not say. */
  readonly reason: string | null
  readonly records: number
}

/** Of all records of the store, the most frequent first. */
export async function wholeness(db: Database): Promise<Wholeness[]> {
  // Of a whole record the reason says only what was replaced in it.
  const rows = await db.all(
    `SELECT fidelity, CASE WHEN fidelity = 'full' THEN NULL ELSE fidelity_reason END AS why, count(*) AS records
     FROM record GROUP BY ALL ORDER BY records DESC, fidelity, why`,
  )
  return rows.map((row) => ({
    fidelity: row['fidelity'] as Fidelity,
    reason: (row['why'] ?? null) === null ? null : String(row['why']),
    records: Number(row['records']),
  }))
}
