// A command line that loses things, to see whether the soak sees it: the built one, and after each run a call less, another twice.

import { spawnSync } from 'node:child_process'
import { DuckDBInstance } from '@duckdb/node-api'
import { builtCli } from '../job.ts'

const args = process.argv.slice(2)
const { status } = spawnSync(process.execPath, [builtCli, ...args], { stdio: 'inherit' })
if (args[0] === 'run') await spoil('data/store.duckdb')
process.exitCode = status ?? 70

async function spoil(store: string): Promise<void> {
  const instance = await DuckDBInstance.create(store)
  const connection = await instance.connect()
  await connection.run(`DELETE FROM attempt WHERE arm = 'candidate' AND ordinal = 0`)
  await connection.run('INSERT INTO attempt SELECT * FROM attempt WHERE ordinal = 1')
  connection.closeSync()
  instance.closeSync()
}
