// What people thought of answers, where the log keeps that apart from the calls: joined by the names of call and trace.

import type { Feedback, Opinion } from '../core/types.ts'
import type { Database, Row } from './database.ts'

/** Keeps opinions until a record of their name comes. The last word of a name about a call counts. */
export async function addOpinions(db: Database, opinions: readonly Opinion[]): Promise<void> {
  if (opinions.length === 0) return
  await db.run('CREATE OR REPLACE TEMP TABLE incoming_opinion AS SELECT * FROM opinion LIMIT 0')
  const appender = await db.appender('incoming_opinion')
  for (const { about, feedback } of opinions) {
    appender.text(about).text(feedback.name).double(feedback.value).text(feedback.comment).endRow()
  }
  appender.close()
  await db.run(
    `INSERT OR REPLACE INTO opinion SELECT * FROM incoming_opinion
     QUALIFY row_number() OVER (PARTITION BY about, name ORDER BY rowid DESC) = 1`,
  )
}

export interface OpinionCounts {
  readonly all: number
  /** About one call that the store has. */
  readonly joined: number
  /** About a trace that has several. */
  readonly ambiguous: number
}

export async function countOpinions(db: Database): Promise<OpinionCounts> {
  const [row] = await db.all(
    `WITH calls AS (
       SELECT about, min(calls) AS calls FROM (
         SELECT call_id AS about, 1 AS calls FROM record WHERE call_id IS NOT NULL
         UNION ALL SELECT trace_id, count(*) FROM record WHERE trace_id IS NOT NULL GROUP BY trace_id
       ) GROUP BY about
     )
     SELECT count(*) AS all_of_them, count(*) FILTER (calls = 1) AS joined, count(*) FILTER (calls > 1) AS ambiguous
     FROM opinion LEFT JOIN calls USING (about)`,
  )
  const count = (name: string) => Number(row?.[name] ?? 0)
  return { all: count('all_of_them'), joined: count('joined'), ambiguous: count('ambiguous') }
}

/** What is worked on at once: all of a million would take more memory than a store is given. */
const recordsAtOnce = 10_000

/**
 * Writes what is known of each call into its record, and says how many records that changed. A word about a trace is one
 * about its call where the trace has but one.
 */
export async function joinOpinions(db: Database): Promise<number> {
  await db.run(
    `CREATE OR REPLACE TEMP TABLE named AS
       SELECT id, call_id AS about FROM record WHERE call_id IN (SELECT about FROM opinion)
       UNION
       SELECT min(id), trace_id FROM record WHERE trace_id IN (SELECT about FROM opinion)
       GROUP BY trace_id HAVING count(*) = 1`,
  )
  const [row] = await db.all('SELECT count(*) AS n FROM named')
  const parts = Math.ceil(Number(row?.['n']) / recordsAtOnce)
  let changed = 0
  for (let part = 0; part < parts; part += 1) changed += await joinPart(db, part, parts)
  await db.run('DROP TABLE named')
  return changed
}

/** A statement for each part; one for each record took two milliseconds of it. */
async function joinPart(db: Database, part: number, parts: number): Promise<number> {
  const rows = await db.all(
    `SELECT r.id, any_value(r.feedback) AS feedback,
       to_json(list({name: o.name, value: o.value, comment: o.comment} ORDER BY o.about, o.name)) AS opinions
     FROM (SELECT * FROM named WHERE hash(id) % $2::UBIGINT = $1::UBIGINT) n
     JOIN opinion o USING (about) JOIN record r ON r.id = n.id GROUP BY r.id`,
    [part, parts],
  )
  const told = rows
    .map((each) => ({ id: String(each['id']), before: String(each['feedback']), feedback: mergedOf(each) }))
    .filter(({ before, feedback }) => feedback !== before)
  await db.run('CREATE OR REPLACE TEMP TABLE told (id VARCHAR, feedback VARCHAR)')
  const appender = await db.appender('told')
  for (const { id, feedback } of told) appender.text(id).text(feedback).endRow()
  appender.close()
  await db.run('UPDATE record SET feedback = told.feedback FROM told WHERE record.id = told.id')
  await db.run('DROP TABLE told')
  return told.length
}

function mergedOf(row: Row): string {
  const known: readonly Feedback[] = JSON.parse(String(row['feedback']))
  const told: readonly Feedback[] = JSON.parse(String(row['opinions']))
  const names = new Set(told.map(({ name }) => name))
  return JSON.stringify([...known.filter(({ name }) => !names.has(name)), ...told])
}
