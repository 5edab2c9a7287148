// The reference of `report`: the same texts out of DuckDB, one gzip of them, and a file. It compares and draws nothing.

import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'

const [store = '', file = '', pairs = '0'] = process.argv.slice(2)
const instance = await DuckDBInstance.create(store, { access_mode: 'READ_ONLY' })
const connection = await instance.connect()
const result = await connection.run(
  `SELECT r.body::VARCHAR, p.text, c.text
   FROM run_record rr JOIN record r ON r.id = rr.record_id
   JOIN attempt p ON p.ordinal = rr.ordinal AND p.arm = 'production' AND p.trial = 0
   JOIN attempt c ON c.ordinal = rr.ordinal AND c.arm = 'candidate' AND c.trial = 0
   WHERE rr.ordinal < $1`,
  [Number(pairs)],
)
const rows = await result.getRows()
writeFileSync(file, gzipSync(rows.map((row) => row.join('\n')).join('\n')))
process.stdout.write(JSON.stringify({ rows: rows.length }))
