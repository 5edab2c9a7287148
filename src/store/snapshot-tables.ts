// What a snapshot of a run is made of: which rows of which tables, and how they get into a store.

/** A table of a snapshot; its file is `<name>.parquet`. */
export interface SnapshotTable {
  readonly name: string
  /** What of the store belongs to a run; `run` is its id as an SQL literal. */
  readonly select: (run: string) => string
  /** Whether every row is of this run alone: such rows are added as they are, and compared where the run is there already. */
  readonly isOfRun: boolean
  /** Adds the rows of `incoming`, which has the columns of `select`. */
  readonly insert: (incoming: string) => string
}

/** The migration that changed last what a snapshot holds: others are not read. */
export const snapshotSchema = 9

/** Columns that may change after a run was judged: users' words still come in, and reports are written again. */
export const passing: Readonly<Record<string, readonly string[]>> = { record: ['feedback'], run: ['status'] }

const whole = (name: string): SnapshotTable => ({
  name,
  select: (run) => `SELECT * FROM ${name} WHERE run_id = ${run}`,
  isOfRun: true,
  insert: (incoming) => `INSERT INTO ${name} BY NAME SELECT * FROM ${incoming}`,
})

const recordsOf = (run: string) => `(SELECT record_id FROM run_record WHERE run_id = ${run})`

/** In the order in which they are read. */
export const snapshotTables: readonly SnapshotTable[] = [
  {
    name: 'run',
    // What is read of a run calls it by the name in its manifest.
    select: (run) => `SELECT * FROM run WHERE id = ${run} AND (manifest->>'$.id') = id`,
    isOfRun: true,
    // Its reports may not be written here: it is nothing for `run` to bring home, all the same.
    insert: (incoming) => `INSERT INTO run BY NAME SELECT * REPLACE ('reported' AS status) FROM ${incoming}`,
  },
  {
    name: 'record',
    // When it came in is of each store alone.
    select: (run) => `SELECT * EXCLUDE (drawn_before) FROM record WHERE id IN ${recordsOf(run)}`,
    isOfRun: false,
    insert: (incoming) =>
      `INSERT INTO record BY NAME SELECT * FROM ${incoming} WHERE id NOT IN (SELECT id FROM record)`,
  },
  whole('run_record'),
  whole('attempt'),
  {
    name: 'measure',
    select: (run) => `SELECT * FROM measure WHERE run_id = ${run}`,
    isOfRun: true,
    // Numbers of metrics are each store's own. A name that this shadowgate does not know has none, which no column takes.
    insert: (incoming) => `
      INSERT INTO metric SELECT (SELECT coalesce(max(id), -1) FROM metric) + row_number() OVER (ORDER BY metric), metric
        FROM (SELECT DISTINCT metric FROM ${incoming} WHERE metric NOT IN (SELECT name FROM metric));
      INSERT INTO measure_value
        SELECT i.run_id, i.ordinal, c.id, n.id, i.version, coalesce(i.production, 'NaN'),
          coalesce(i.production_weight, 'NaN'), coalesce(i.candidate, 'NaN'), coalesce(i.candidate_weight, 'NaN'),
          CASE WHEN i.absent IS NULL THEN 255 ELSE a.id END
        FROM ${incoming} i LEFT JOIN comparison c ON c.name = i.comparison JOIN metric n ON n.name = i.metric
        LEFT JOIN absence a ON a.name = i.absent`,
  },
  whole('judge_answer'),
  whole('verdict'),
  whole('batch'),
  whole('batch_call'),
  {
    // Those that stand with one call: a word about a trace of several would find but one of them in a store of this run alone.
    name: 'opinion',
    select: (run) => `SELECT * FROM opinion
      WHERE about IN (SELECT call_id FROM record WHERE id IN ${recordsOf(run)})
        OR about IN (SELECT trace_id FROM record WHERE id IN ${recordsOf(run)} AND trace_id IN
          (SELECT trace_id FROM record WHERE trace_id IS NOT NULL GROUP BY trace_id HAVING count(*) = 1))`,
    isOfRun: false,
    insert: (incoming) => `INSERT OR IGNORE INTO opinion BY NAME SELECT * FROM ${incoming}`,
  },
  {
    // Of all ingests: nothing says which of them brought a record.
    name: 'privacy',
    select: () => 'SELECT ingested_at, is_on, replaced, records FROM privacy ORDER BY ordinal',
    isOfRun: false,
    insert: (incoming) => `INSERT INTO privacy BY NAME SELECT i.* FROM ${incoming} i
      WHERE NOT EXISTS (SELECT 1 FROM privacy p WHERE p.ingested_at = i.ingested_at AND p.replaced::TEXT = i.replaced::TEXT)`,
  },
  {
    name: 'rejected_line',
    select: () => 'SELECT * FROM rejected_line',
    isOfRun: false,
    insert: (incoming) => `INSERT OR IGNORE INTO rejected_line BY NAME SELECT * FROM ${incoming}`,
  },
]

/** As SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
