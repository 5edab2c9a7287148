// Tables for the tests of this room, written by DuckDB, and what became of a file in short.

import { DuckDBInstance } from '@duckdb/node-api'
import type { LogFile } from '../../src/ingest/find.ts'
import { exchange, readAll, request } from './files.ts'

export async function duck(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

/** SELECTs a call in two columns. */
export const columnsOf = (text: string) =>
  `'${JSON.stringify(request(text))}' AS request, '${JSON.stringify(exchange(text)['response'])}' AS response`

/** The line of each record with what it asks, and each rejected line with its reason. */
export async function outcomeOf(file: LogFile) {
  const { records, rejected } = await readAll([file])
  return {
    records: records.map(({ source, body }) => [source.line, Object(body['messages'])[0]?.content]),
    rejected: rejected.map(({ line, reason }) => [line, reason]),
  }
}
