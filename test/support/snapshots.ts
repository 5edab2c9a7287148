// Snapshots of tests: a run that was judged, written as files, and their folder without its hashes.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Snapshot } from '../../src/store/read-snapshot.ts'
import type { Store } from '../../src/store/store.ts'

const counts = 'counts.json'

/** Writes the run, and its rows beside it. */
export async function writeRun(store: Store, runId: string, folder: string): Promise<Snapshot> {
  const files = await store.writeSnapshot(runId, { folder, onTable: () => {} })
  const rows = files.flatMap(({ table, rows: count }) => (table === null ? [] : [[table, count]]))
  writeFileSync(join(folder, counts), JSON.stringify({ runId, rows }))
  return snapshotIn(folder)
}

/** What `writeRun` wrote there. */
export function snapshotIn(folder: string): Snapshot {
  const { runId, rows }: { runId: string; rows: [string, number][] } = JSON.parse(
    readFileSync(join(folder, counts), 'utf8'),
  )
  return {
    runId,
    tables: new Map(rows.map(([table, count]) => [table, { path: join(folder, `${table}.parquet`), rows: count }])),
  }
}
