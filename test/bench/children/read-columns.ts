// Reads the columns that the browser is made of with nothing but DuckDB's own client.

import { DuckDBInstance } from '@duckdb/node-api'

const [path = ''] = process.argv.slice(2)
const names = [
  'answered',
  'refused',
  'finished',
  'output-tokens',
  'latency',
  'cost',
  'text-similarity',
  'json-valid',
  'json-kept',
  'same-tool-calls',
  'change',
  'answer-length',
]
const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' })
const connection = await instance.connect()
const measures = await connection.stream(
  `SELECT metric, comparison, ordinal, production, production_weight, candidate, candidate_weight, absent FROM measure_value
   WHERE metric IN (SELECT id FROM metric WHERE name IN (${names.map((name) => `'${name}'`).join(', ')}))`,
)
const records = await connection.stream('SELECT id, segments FROM record')
let values = 0
for (const streamed of [measures, records]) {
  for (let chunk = await streamed.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await streamed.fetchChunk())
    for (const column of chunk.getColumns()) values += column.length
}
connection.closeSync()
instance.closeSync()
process.stdout.write(String(values))
