// The one way to DuckDB: opening with its lock, migrating, querying, appending.

import { resolve } from 'node:path'
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api'
import { Fault, thrownMessage } from '../core/fault.ts'
import { TableAppender, writingFault } from './appender.ts'
import { migrations } from './migrations/index.ts'

export type SqlValue = string | number | boolean | bigint | null
export type Row = Readonly<Record<string, SqlValue>>

export interface Database {
  readonly all: (sql: string, values?: readonly SqlValue[]) => Promise<Row[]>
  /** Rows as they come, a chunk at a time, over a connection of their own: a statement beside it would end the stream. */
  readonly stream: (sql: string, values?: readonly SqlValue[]) => AsyncIterable<readonly Row[]>
  /** The same, by columns: for numbers that nobody reads row by row. */
  readonly chunks: (sql: string, values?: readonly SqlValue[]) => AsyncIterable<DuckDBDataChunk>
  readonly run: (sql: string, values?: readonly SqlValue[]) => Promise<void>
  /** All or nothing. */
  readonly transaction: <T>(work: () => Promise<T>) => Promise<T>
  /** Appends on the connection that knows the temporary tables. */
  readonly appender: (table: string) => Promise<TableAppender>
  /** Appends over a connection of its own: its flushes do not wait for queries. */
  readonly ownAppender: (table: string) => Promise<TableAppender>
  readonly close: () => void
}

const settings = {
  // Until the store has said how long its bodies are (records.ts). Without a limit the buffer cache grows to 80 % of the machine's memory.
  memory_limit: '192MB',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  // Texts over 4 KB are compressed from this version on only.
  storage_compatibility_version: 'latest',
}

/**
 * Subtle: a second instance on one path in one process is accepted by DuckDB and silently loses the other's rows, so a
 * path is opened once.
 */
const openPaths = new Set<string>()

/** Opens or creates the file and brings its schema up to date. Faults: STORE_LOCKED, STORE_UNUSABLE. */
export async function openDatabase(path: string): Promise<Database> {
  const key = resolve(path)
  if (openPaths.has(key)) throw new Error(`the store is open already: ${path}`)
  openPaths.add(key)
  const instance = await DuckDBInstance.create(path, settings).catch((error: unknown) => {
    openPaths.delete(key)
    throw openingFault(path, error)
  })
  const connection = await instance.connect()
  const database = wrap({ instance, connection, path }, () => {
    connection.closeSync()
    instance.closeSync()
    openPaths.delete(key)
  })
  try {
    await migrate(database, path)
  } catch (error) {
    database.close()
    throw error instanceof Fault ? error : unusable(path, 'is no store of shadowgate, or was damaged', error)
  }
  return database
}

export function openingFault(path: string, error: unknown): Fault {
  const message = thrownMessage(error)
  const holder = /Conflicting lock is held in (.*?) \(PID (\d+)\)/.exec(message)
  if (holder)
    return new Fault('STORE_LOCKED', `the store is in use by process ${holder[2]} (${holder[1]})`, { place: path })
  // Not the bare word: a corrupt file's message speaks of a "block".
  if (/set lock on file/i.test(message))
    return new Fault('STORE_LOCKED', 'the store is in use by another process', { place: path })
  return unusable(path, "can't be opened", error)
}

export function unusable(path: string, why: string, cause: unknown): Fault {
  const message = thrownMessage(cause)
  return new Fault('STORE_UNUSABLE', `the store ${why}: ${message.split('\n')[0]}`, { place: path, cause })
}

async function migrate(database: Database, path: string): Promise<void> {
  await database.run('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP)')
  const [row] = await database.all('SELECT coalesce(max(version), 0) AS version FROM schema_version')
  const version = Number(row?.['version'])
  const newest = Math.max(...migrations.map((migration) => migration.version))
  if (version > newest) {
    const message = `the store was written by a newer shadowgate (schema ${version}, this one knows ${newest})`
    throw new Fault('STORE_UNUSABLE', message, { place: path, hint: 'update shadowgate, or name another store' })
  }
  for (const migration of migrations.filter((each) => each.version > version)) {
    await database.transaction(async () => {
      await database.run(migration.sql)
      await database.run(`INSERT INTO schema_version VALUES (${migration.version}, now() AT TIME ZONE 'UTC')`)
    })
  }
}

interface Opened {
  readonly instance: DuckDBInstance
  readonly connection: DuckDBConnection
  readonly path: string
}

function wrap({ instance, connection, path }: Opened, close: () => void): Database {
  const result = async (sql: string, values: readonly SqlValue[]) => {
    try {
      return await (values.length === 0 ? connection.run(sql) : connection.run(sql, [...values]))
    } catch (error) {
      throw writingFault(path, error)
    }
  }
  return {
    all: async (sql, values = []) => (await (await result(sql, values)).getRowObjectsJS()) as Row[],
    async *stream(sql, values = []) {
      const own = await instance.connect()
      try {
        const streamed = await own.stream(sql, [...values])
        for await (const rows of streamed.yieldRowObjectJs()) yield rows as Row[]
      } finally {
        own.closeSync()
      }
    },
    async *chunks(sql, values = []) {
      const own = await instance.connect()
      try {
        const streamed = await own.stream(sql, [...values])
        for (let chunk = await streamed.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await streamed.fetchChunk())
          yield chunk
      } finally {
        own.closeSync()
      }
    },
    run: async (sql, values = []) => void (await result(sql, values)),
    transaction: async (work) => {
      await result('BEGIN', [])
      try {
        const outcome = await work()
        await result('COMMIT', [])
        return outcome
      } catch (error) {
        // A COMMIT that failed has rolled back already.
        await connection.run('ROLLBACK').catch(() => {})
        throw error
      }
    },
    appender: async (table) => new TableAppender(await connection.createAppender(table), { path }),
    ownAppender: async (table) => {
      const own = await instance.connect()
      return new TableAppender(await own.createAppender(table), { path, onClose: () => own.closeSync() })
    },
    close,
  }
}
