// What a command loads before it does anything: distributions are 235 modules, and most commands have no use for them.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const dist = new URL('../../dist/commands/', import.meta.url)

/** How many modules of the distributions' library come with a command. */
async function distributionsOf(command: string): Promise<number> {
  const script = `import { createRequire } from 'node:module'
await import(${JSON.stringify(new URL(`${command}.js`, dist).href)})
const loaded = Object.keys(createRequire(import.meta.url).cache)
process.stdout.write(String(loaded.filter((path) => path.includes('@stdlib')).length))`
  const cwd = fileURLToPath(dist)
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd })
  return Number(stdout)
}

it.each(['init', 'ingest', 'sample', 'replay', 'score', 'control'])('%s loads no distributions', async (command) => {
  expect(await distributionsOf(command)).toBe(0)
})

it.each(['gate', 'audit'])('%s, which asks for p-values, does', async (command) => {
  expect(await distributionsOf(command)).toBeGreaterThan(0)
})
