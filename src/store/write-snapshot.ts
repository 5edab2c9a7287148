// A run as Parquet files: all that its verdict can be computed from again.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { whileCopying } from './copying.ts'
import type { Database } from './database.ts'
import { rowsAtOnce } from './records.ts'
import { literal, snapshotTables } from './snapshot-tables.ts'

/** A file of a snapshot; `table` is null for the views. */
export interface WrittenFile {
  readonly name: string
  readonly table: string | null
  readonly rows: number | null
}

/** Writes into a folder that is there and empty. `onTable` is told before each. */
export async function writeSnapshot(
  db: Database,
  runId: string,
  { folder, onTable }: { readonly folder: string; readonly onTable: (name: string) => void },
): Promise<WrittenFile[]> {
  const run = literal(runId)
  const files: WrittenFile[] = []
  await whileCopying(db, await textsAtOnce(db, run), async () => {
    for (const { name, select } of snapshotTables) {
      onTable(name)
      const file = `${name}.parquet`
      // Small groups: each is held whole, here and by whoever reads it.
      const [row] = await db.all(
        `COPY (${select(run)}) TO ${literal(join(folder, file))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowsAtOnce})`,
      )
      files.push({ name: file, table: name, rows: Number(row?.['Count']) })
    }
  })
  await writeFile(join(folder, viewsFile), await viewsOver(db))
  return [...files, { name: viewsFile, table: null, rows: null }]
}

const viewsFile = 'views.sql'

/** The store's own views, over the files: `duckdb -init views.sql` in the folder. */
async function viewsOver(db: Database): Promise<string> {
  const tables = snapshotTables.map(({ name }) => `CREATE VIEW ${name} AS FROM '${name}.parquet';`)
  const named = new Set(snapshotTables.map(({ name }) => name))
  const views = await db.all(
    'SELECT view_name AS name, sql FROM duckdb_views() WHERE NOT internal AND NOT temporary ORDER BY view_oid',
  )
  const own = views.filter(({ name }) => !named.has(String(name))).map(({ sql }) => String(sql).trim())
  return ['-- In this folder: duckdb -init views.sql', ...tables, ...own, ''].join('\n')
}

/** How long the texts of a round of rows are, in bytes. */
async function textsAtOnce(db: Database, run: string): Promise<number> {
  const [row] = await db.all(
    `SELECT coalesce(greatest(
       (SELECT avg(strlen(body) + coalesce(strlen(recorded), 0)) FROM record
        WHERE id IN (SELECT record_id FROM run_record WHERE run_id = ${run})),
       (SELECT avg(coalesce(strlen(text), 0) + coalesce(strlen(tool_calls), 0)) FROM attempt WHERE run_id = ${run})), 0) AS bytes`,
  )
  return rowsAtOnce * Number(row?.['bytes'])
}
