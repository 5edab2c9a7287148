// The second reference of `ingest`: DuckDB's own reader of JSON lines, which counts the objects and reads nothing in them.

import { DuckDBInstance } from '@duckdb/node-api'

const [log = ''] = process.argv.slice(2)
const startedAt = performance.now()
const connection = await (await DuckDBInstance.create()).connect()
const counts = 'count(json) AS good, count(*) - count(json) AS bad'
const result = await connection.run(`SELECT ${counts} FROM read_ndjson_objects($1, ignore_errors = true)`, [log])
const [row] = await result.getRowObjectsJS()
const seconds = (performance.now() - startedAt) / 1000
process.stdout.write(JSON.stringify({ good: Number(row?.['good']), bad: Number(row?.['bad']), seconds }))
