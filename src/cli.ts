#!/usr/bin/env node
// The process's door: the only place that prints an error and sets the exit status.

import { isTold } from './commands/output/told-errors.ts'
import type { Fault } from './core/fault.ts'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`error[NODE] shadowgate needs Node 22.19 or newer; this is ${process.versions.node}\n`)
  process.exit(64)
}

// Compiled modules are kept between runs, in the system's folder for temporary files: half of the start is compiling. Where
// it can't be written nothing is lost but the time. The sending thread shares the cache.
const { enableCompileCache } = await import('node:module')
enableCompileCache()

// Node's own status for a crash is 1, which says NO-GO here.
process.on('uncaughtException', (error) => {
  report(error)
  process.exit()
})

try {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } })
  const { realWorld } = await import('./commands/world.ts')
  const { runCommandLine } = await import('./commands/parse.ts')
  process.exitCode = await runCommandLine(realWorld(manifest.version), process.argv.slice(2))
} catch (error) {
  report(error)
}

/** By its name, not its class: what failed may be the loading of that class. */
function report(error: unknown): void {
  const fault = error instanceof Error && error.name === 'Fault' ? (error as Fault) : null
  const message = error instanceof Error ? error.message : String(error)
  const place = fault?.place ? ` ${fault.place}:` : ''
  if (!isTold(error)) {
    process.stderr.write(
      fault ? `error[${fault.code}]${place} ${message}\n  ${fault.hint}\n` : `error[BUG] ${message}\n`,
    )
    if ((!fault || process.argv.includes('--debug')) && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  }
  if (process.argv.includes('--json')) {
    const words = { code: fault?.code ?? 'BUG', message, place: fault?.place ?? null, hint: fault?.hint ?? null }
    process.stdout.write(`${JSON.stringify({ error: words })}\n`)
  }
  process.exitCode = fault?.status ?? 70
}
