// Loads what the browser can't do without, its screen and its database, opens the store, asks it one thing, and ends.

import { DuckDBInstance } from '@duckdb/node-api'
import { render } from 'ink'

const [path = ''] = process.argv.slice(2)
const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' })
const connection = await instance.connect()
const asked = await connection.run('SELECT max(ordinal) FROM run_record')
process.stdout.write(`${typeof render} ${String((await asked.getRows())[0]?.[0])}`)
connection.closeSync()
instance.closeSync()
