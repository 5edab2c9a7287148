#!/usr/bin/env node
// The process's door: the only place that prints an error and sets the exit status.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`error[NODE] shadowgate needs Node 22.19 or newer; this is ${process.versions.node}\n`)
  process.exit(64)
}

const { default: manifest } = await import('../package.json', { with: { type: 'json' } })
const { realWorld } = await import('./commands/world.ts')
const { runCommandLine } = await import('./commands/parse.ts')
const { Fault, exitStatus } = await import('./core/fault.ts')

try {
  process.exitCode = await runCommandLine(realWorld(manifest.version), process.argv.slice(2))
} catch (error) {
  const isFault = error instanceof Fault
  const place = isFault && error.place ? ` ${error.place}:` : ''
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(isFault ? `error[${error.code}]${place} ${message}\n  ${error.hint}\n` : `error[BUG] ${message}\n`)
  if ((!isFault || process.argv.includes('--debug')) && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  process.exitCode = isFault ? error.status : exitStatus.internal
}
