// A snapshot's Parquet files into a store: all of them or nothing.

import { Fault, thrownMessage } from '../core/fault.ts'
import { whileCopying } from './copying.ts'
import type { Database, Row } from './database.ts'
import { makeRoom } from './records.ts'
import { requireShapes } from './snapshot-shape.ts'
import { literal, passing, type SnapshotTable, snapshotTables } from './snapshot-tables.ts'

/** A folder whose files are what their manifest says. */
export interface Snapshot {
  readonly runId: string
  /** By table. */
  readonly tables: ReadonlyMap<string, { readonly path: string; readonly rows: number }>
}

interface Incoming extends SnapshotTable {
  readonly path: string
  readonly rows: number
  readonly columns: readonly string[]
}

/**
 * Adds the run, or says that it is there already and the same. Faults: SNAPSHOT_UNREADABLE, which names the file;
 * SNAPSHOT_DIFFERS where the store holds another run of that name, or a record that is not the same.
 */
export async function readSnapshot(
  db: Database,
  snapshot: Snapshot,
  onTable: (name: string) => void,
): Promise<'added' | 'same'> {
  const tables: Incoming[] = []
  for (const table of snapshotTables) tables.push(await incomingOf(db, table, snapshot))
  return whileCopying(db, await textsAtOnce(db, tables), async () => {
    await sameRecords(db, tables)
    const isThere = (await db.all('SELECT 1 FROM run WHERE id = $1', [snapshot.runId])).length > 0
    if (isThere) {
      for (const table of tables.filter(({ isOfRun }) => isOfRun)) await sameRows(db, table, snapshot.runId)
      return 'same'
    }
    await db.transaction(async () => {
      for (const table of tables) {
        onTable(table.name)
        await guarded(table, () => db.run(table.insert(viewOf(table))))
        if (table.isOfRun) await requireAll(db, table, snapshot.runId)
      }
      await requireShapes(db, snapshot.runId, (name) => snapshot.tables.get(name)?.path ?? '')
      const [row] = await db.all('SELECT count(*) AS records, sum(length(body)) AS chars FROM snapshot_record')
      await makeRoom(db, { records: Number(row?.['records']), chars: Number(row?.['chars']) })
    })
    return 'added'
  })
}

const viewOf = ({ name }: SnapshotTable) => `snapshot_${name}`

/** A view of the file under `snapshot_<table>`. */
async function incomingOf(db: Database, table: SnapshotTable, { runId, tables }: Snapshot): Promise<Incoming> {
  const file = tables.get(table.name)
  if (file === undefined) {
    const message = `the manifest names no file for table ${table.name}`
    throw new Fault('SNAPSHOT_UNREADABLE', message, { place: 'manifest.json' })
  }
  const described = await db.all(`DESCRIBE ${table.select(literal(runId))}`)
  const columns = described.map((row) => String(row['column_name']))
  const incoming = { ...table, ...file, columns }
  return guarded(incoming, async () => {
    await db.run(
      `CREATE OR REPLACE TEMP VIEW ${viewOf(table)} AS SELECT ${columns.join(', ')} FROM read_parquet(${literal(withoutGlob(file.path))})`,
    )
    const [row] = await db.all(`SELECT count(*) AS n FROM ${viewOf(table)}`)
    if (Number(row?.['n']) === file.rows) return incoming
    throw new Error(`it holds ${row?.['n']} rows, and its manifest says ${file.rows}`)
  })
}

/** What is wrong with a file names it. */
async function guarded<T>({ path }: { readonly path: string }, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Fault) throw error
    const message = thrownMessage(error).split('\n')[0] ?? ''
    throw new Fault('SNAPSHOT_UNREADABLE', `the file can't be taken over: ${message}`, { place: path, cause: error })
  }
}

/** DuckDB takes these characters of a file's name for a pattern. */
function withoutGlob(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]')
}

/** Rows that one of the inserts left out are rows of another run. */
async function requireAll(db: Database, table: Incoming, runId: string): Promise<void> {
  const [row] = await db.all(`SELECT count(*) AS n FROM (${table.select(literal(runId))})`)
  const expected = table.name === 'run' ? 1 : table.rows
  if (Number(row?.['n']) === expected) return
  const message = `of ${expected} rows of table ${table.name} ${row?.['n']} are of run ${runId}`
  throw new Fault('SNAPSHOT_UNREADABLE', message, { place: table.path })
}

const lasting = ({ name, columns }: Incoming) => columns.filter((column) => !passing[name]?.includes(column))

/** A sum over all rows, in whatever order: it needs no memory. */
async function digestOf(db: Database, from: string, columns: readonly string[]): Promise<Row | undefined> {
  const [row] = await db.all(
    `SELECT count(*) AS n, sum(md5_number_lower(t::VARCHAR))::VARCHAR AS low, sum(md5_number_upper(t::VARCHAR))::VARCHAR AS high
     FROM (SELECT ${columns.join(', ')} FROM ${from}) t`,
  )
  return row
}

async function sameRows(db: Database, table: Incoming, runId: string): Promise<void> {
  const columns = lasting(table)
  const here = await digestOf(db, `(${table.select(literal(runId))})`, columns)
  const there = await digestOf(db, viewOf(table), columns)
  if (here?.['n'] === there?.['n'] && here?.['low'] === there?.['low'] && here?.['high'] === there?.['high']) return
  const message = `run ${runId} is in the store already, and its table ${table.name} is another`
  throw new Fault('SNAPSHOT_DIFFERS', message, { place: table.path })
}

/** A record's name is its request's: what else is known of it decides verdicts too. */
async function sameRecords(db: Database, tables: readonly Incoming[]): Promise<void> {
  const table = tables.find(({ name }) => name === 'record')
  if (table === undefined) return
  const columns = lasting(table).join(', ')
  const digests = (from: string) => `(SELECT id, md5(t::VARCHAR) AS digest FROM (SELECT ${columns} FROM ${from}) t)`
  const known = `record WHERE id IN (SELECT id FROM ${viewOf(table)})`
  const [other] = await guarded(table, () =>
    db.all(
      `SELECT here.id FROM ${digests(known)} here JOIN ${digests(viewOf(table))} there USING (id)
       WHERE here.digest <> there.digest ORDER BY here.id LIMIT 1`,
    ),
  )
  if (other === undefined) return
  const id = String(other['id'])
  const rowOf = async (from: string) => (await db.all(`SELECT ${columns} FROM ${from} WHERE id = $1`, [id]))[0]
  const [here, there] = [await rowOf('record'), await rowOf(viewOf(table))]
  const names = lasting(table).filter((name) => String(here?.[name]) !== String(there?.[name]))
  const message = `record ${id} is in the store already, with another ${names.join(', ')}`
  throw new Fault('SNAPSHOT_DIFFERS', message, { place: table.path })
}

/** The largest group of rows, uncompressed, as the files' own footers have it. */
async function textsAtOnce(db: Database, tables: readonly Incoming[]): Promise<number> {
  let most = 0
  for (const { path } of tables) {
    const [row] = await db.all(
      `SELECT coalesce(max(bytes), 0) AS bytes FROM (SELECT sum(total_uncompressed_size) AS bytes
       FROM parquet_metadata(${literal(withoutGlob(path))}) GROUP BY row_group_id)`,
    )
    most = Math.max(most, Number(row?.['bytes']))
  }
  return most
}
