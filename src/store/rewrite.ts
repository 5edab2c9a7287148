// A store written anew without what goes, in place of the old one: DuckDB's files do not shrink, and nothing is half removed.

import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { whileCopying } from './copying.ts'
import { type Database, openDatabase } from './database.ts'
import { rowsAtOnce } from './records.ts'
import { ageAll, type Removal, removedWords } from './removal.ts'
import { literal } from './snapshot-tables.ts'
import { syncToDisk } from './sync-to-disk.ts'

/** A store beside the old one, which is whole until `put`. */
export interface Rewritten {
  readonly bytes: number
  /** Puts it in the old one's place. The store must be closed then, and nothing written to it before. */
  readonly put: () => Promise<void>
  readonly discard: () => void
}

interface Rewriting {
  readonly what: Removal
  readonly removedAt: string
}

/** Fault: STORE_UNWRITABLE where there is no space for a second one. */
export async function rewriteStore(db: Database, given: string, { what, removedAt }: Rewriting): Promise<Rewritten> {
  // A link stays one.
  const path = realpathSync(given)
  const fresh = `${path}.rewritten`
  const discard = () => {
    for (const file of [fresh, `${fresh}.wal`]) rmSync(file, { force: true })
  }
  discard()
  try {
    // Its tables are those of the migrations, with their keys and compression.
    const made = await openDatabase(fresh)
    made.close()
    // It holds what the old one holds: nobody else may read it either.
    chmodSync(fresh, statSync(path).mode)
    await db.run(`ATTACH ${literal(fresh)} AS fresh`)
    try {
      await copyAll(db, what, removedAt)
      await db.run('CHECKPOINT fresh')
    } finally {
      await db.run('DETACH fresh')
    }
    syncToDisk(fresh)
  } catch (error) {
    discard()
    throw error
  }
  const put = async () => {
    // What is in the write-ahead log would be read into whatever has the store's name.
    await db.run('CHECKPOINT')
    if (existsSync(`${path}.wal`)) throw new Error('the store still has a write-ahead log')
    renameSync(fresh, path)
    syncToDisk(dirname(path))
  }
  return { bytes: statSync(fresh).size, put, discard }
}

/** Written by the migrations themselves. */
const seeded = new Set(['schema_version', 'comparison', 'absence'])

async function copyAll(db: Database, what: Removal, removedAt: string): Promise<void> {
  await goneTables(db, what)
  const rows = await db.all(
    `SELECT table_name AS name FROM duckdb_tables()
     WHERE database_name = current_database() AND NOT temporary AND NOT internal ORDER BY table_oid`,
  )
  const [texts] = await db.all(
    `SELECT coalesce(greatest((SELECT avg(strlen(body) + coalesce(strlen(recorded), 0)) FROM record),
       (SELECT avg(coalesce(strlen(text), 0) + coalesce(strlen(tool_calls), 0)) FROM attempt)), 0) AS bytes`,
  )
  await whileCopying(db, rowsAtOnce * Number(texts?.['bytes']), async () => {
    for (const name of rows.map((row) => String(row['name']))) {
      if (seeded.has(name)) continue
      if (name === 'verdict') {
        await copyVerdicts(db)
        continue
      }
      await db.run(`INSERT INTO fresh.${name} BY NAME ${thinned[name] ?? `SELECT * FROM ${name}`}`)
    }
  })
  for (const each of ['texts', 'attempts'])
    await db.run(
      `INSERT INTO fresh.removed SELECT run_id, '${each}', $1::TIMESTAMP FROM gone_${each}
       WHERE run_id NOT IN (SELECT run_id FROM removed WHERE what = '${each}')`,
      [removedAt],
    )
}

/** A verdict with many segments is large, and a year of them at once is more than the memory that there is; to read one of them DuckDB unpacks some thousand. */
const verdictsAtOnce = 16

async function copyVerdicts(db: Database): Promise<void> {
  const runs = (await db.all('SELECT run_id FROM verdict')).map((row) => String(row['run_id']))
  for (let from = 0; from < runs.length; from += verdictsAtOnce) {
    const some = runs.slice(from, from + verdictsAtOnce)
    const places = some.map((_, index) => `$${index + 1}`).join(', ')
    await db.run(`INSERT INTO fresh.verdict BY NAME SELECT * FROM verdict WHERE run_id IN (${places})`, some)
  }
}

/** Temporary tables of what goes: `gone_texts` and `gone_attempts` of runs, `gone_body` and `gone_record` of records. */
async function goneTables(db: Database, { textsBefore, attemptsBefore }: Removal): Promise<void> {
  await ageAll(db)
  await db.run(`
    CREATE OR REPLACE TEMP TABLE gone_texts AS SELECT run_id FROM run_age WHERE ${before(textsBefore)};
    CREATE OR REPLACE TEMP TABLE gone_attempts AS SELECT run_id FROM run_age WHERE ${before(attemptsBefore)};
    CREATE OR REPLACE TEMP TABLE gone_body AS SELECT id FROM record_age WHERE ${before(textsBefore)};
    CREATE OR REPLACE TEMP TABLE gone_record AS SELECT id FROM record_age WHERE NOT is_in_run AND ${before(attemptsBefore)}`)
}

function before(at: string | null): string {
  return at === null ? 'false' : `needed_at < ${literal(at)}::TIMESTAMP`
}

const withoutAttempts = (name: string) => `SELECT * FROM ${name} WHERE run_id NOT IN (FROM gone_attempts)`
const unless = (table: string, key: string, column: string, otherwise = 'NULL') =>
  `CASE WHEN ${key} IN (FROM ${table}) THEN ${otherwise} ELSE ${column} END AS ${column}`

const thinned: Readonly<Record<string, string>> = {
  attempt: `SELECT * REPLACE (${['text', 'tool_calls', 'detail'].map((column) => unless('gone_texts', 'run_id', column)).join(', ')})
    FROM attempt WHERE run_id NOT IN (FROM gone_attempts)`,
  record: `SELECT * REPLACE (${unless('gone_body', 'id', 'body', "'{}'::JSON")}, ${unless('gone_body', 'id', 'recorded')},
      ${unless('gone_body', 'id', 'fidelity', "'metadata-only'")}, ${unless('gone_body', 'id', 'fidelity_reason', `'${removedWords}'`)})
    FROM record WHERE id NOT IN (FROM gone_record)`,
  judge_answer: `SELECT * REPLACE (${unless('gone_texts', 'run_id', 'answer', "''")})
    FROM judge_answer WHERE run_id NOT IN (FROM gone_attempts)`,
  measure_value: withoutAttempts('measure_value'),
  pair_list: withoutAttempts('pair_list'),
  pair_row: withoutAttempts('pair_row'),
  batch: withoutAttempts('batch'),
  batch_call: withoutAttempts('batch_call'),
  // Numbered by a sequence, which goes on behind them.
  privacy: 'SELECT ingested_at, is_on, replaced, records FROM privacy ORDER BY ordinal',
}
