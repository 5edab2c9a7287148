// What ingests replaced of personal data.

import type { Database } from './database.ts'

export interface PrivacyRow {
  readonly isOn: boolean
  /** Of each kind that was looked for, how much was replaced. */
  readonly replaced: Readonly<Record<string, number>>
  readonly records: number
}

export async function addPrivacy(db: Database, { isOn, replaced, records }: PrivacyRow): Promise<void> {
  await db.run(
    `INSERT INTO privacy (ingested_at, is_on, replaced, records) VALUES (now() AT TIME ZONE 'UTC', $1, $2, $3)`,
    [isOn, JSON.stringify(replaced), records],
  )
}

/** What all ingests of the store did, first to last: whether any kept personal data matters as much as what others took out. */
export async function privacyOf(db: Database): Promise<PrivacyRow[]> {
  const rows = await db.all('SELECT is_on, replaced, records FROM privacy ORDER BY ordinal')
  return rows.map((row) => ({
    isOn: row['is_on'] === true,
    replaced: JSON.parse(String(row['replaced'])),
    records: Number(row['records']),
  }))
}
