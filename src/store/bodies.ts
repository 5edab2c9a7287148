// The bodies of all records that can be replayed, without what else is known of them.

import type { JsonObject, RecordId } from '../core/types.ts'
import type { Database } from './database.ts'

export interface RecordBody {
  readonly id: RecordId
  readonly api: string
  readonly body: JsonObject
}

/** Of the records that the log kept whole, a chunk at a time. */
export async function* wholeBodies(db: Database): AsyncGenerator<RecordBody> {
  for await (const chunk of db.stream("SELECT id, api, body FROM record WHERE fidelity = 'full' ORDER BY id")) {
    for (const { id, api, body } of chunk) yield { id: String(id), api: String(api), body: JSON.parse(String(body)) }
  }
}

/** The body of one record; null where there is none. */
export async function bodyOf(db: Database, id: RecordId): Promise<JsonObject | null> {
  const [row] = await db.all('SELECT body FROM record WHERE id = $1', [id])
  return row === undefined ? null : JSON.parse(String(row['body']))
}

/** Records of which the log lost a part: no replay asks them. */
export async function countBroken(db: Database): Promise<number> {
  const [row] = await db.all("SELECT count(*) AS count FROM record WHERE fidelity <> 'full'")
  return Number(row?.['count'])
}
