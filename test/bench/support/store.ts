// Reads tables out of a store that a run has left.

import { DuckDBInstance } from '@duckdb/node-api'

/** Rows of a query, with plain values; nothing else may hold the store. */
export async function queryStore<T>(path: string, sql: string): Promise<T[]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJS() as T[]
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
