// A look at a store that changes nothing in it: which schema it has.

import { DuckDBInstance } from '@duckdb/node-api'
import { openingFault, unusable } from './database.ts'
import { migrations } from './migrations/index.ts'

export interface SchemaVersions {
  readonly version: number
  /** The one that this version of shadowgate writes. */
  readonly newest: number
}

/** Faults: STORE_LOCKED, STORE_UNUSABLE. */
export async function peekSchema(path: string): Promise<SchemaVersions> {
  const newest = Math.max(...migrations.map(({ version }) => version))
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' }).catch((error: unknown) => {
    throw openingFault(path, error)
  })
  try {
    const connection = await instance.connect()
    const result = await connection.run('SELECT coalesce(max(version), 0) AS version FROM schema_version')
    const [row] = await result.getRowObjectsJS()
    connection.closeSync()
    return { version: Number(row?.['version']), newest }
  } catch (error) {
    throw unusable(path, 'is no store of shadowgate, or was damaged', error)
  } finally {
    instance.closeSync()
  }
}
