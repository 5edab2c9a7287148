// `npm run bench -- <name>`: runs one bench and prints its tables.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { browse } from './browse.ts'
import { fidelity } from './fidelity.ts'
import { ideal } from './ideal.ts'
import { ingest } from './ingest.ts'
import { memory } from './memory.ts'
import { metrics } from './metrics.ts'
import { report } from './report.ts'
import { router } from './router.ts'
import type { Bench } from './support/bench.ts'
import { type BenchResult, type Machine, machine, machineLine, tableText } from './support/table.ts'
import { throughput } from './throughput.ts'
import { verdict } from './verdict.ts'

const benches: Readonly<Record<string, Bench>> = {
  throughput,
  ideal,
  router,
  fidelity,
  memory,
  verdict,
  metrics,
  ingest,
  report,
  browse,
}

// Children and folders go with the process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

const [name = '', ...args] = process.argv.slice(2)
const bench = benches[name]
if (bench) await runBench(bench)
else {
  process.stderr.write(usage())
  process.exitCode = 64
}

async function runBench({ options, run }: Bench): Promise<void> {
  const numbers = Object.entries(options).map(([key, { value }]) => [
    key,
    { type: 'string' as const, default: String(value) },
  ])
  const flags: ParseArgsOptionsConfig = {
    ...Object.fromEntries(numbers),
    json: { type: 'boolean' },
    cli: { type: 'string' },
  }
  const values: Record<string, unknown> = parseArgs({ args, options: flags }).values
  const option = (key: string) => {
    const number = Number(values[key])
    if (!Number.isFinite(number) || number < 0) throw new Error(`--${key} is no number: ${String(values[key])}`)
    return number
  }
  const cli = typeof values['cli'] === 'string' ? values['cli'] : undefined
  const where = machine()
  const result = await run({ option, cli, say: (text) => void process.stderr.write(`${text}\n`) })
  const given = Object.fromEntries(Object.keys(options).map((key) => [key, option(key)]))
  const document = { bench: name, machine: where, options: given, ...result }
  process.stdout.write(values['json'] ? `${JSON.stringify(document, null, 2)}\n` : textOf(result, where))
}

function textOf({ tables, remarks }: BenchResult, where: Machine): string {
  return [...tables.map(tableText), [machineLine(where), ...remarks].join('\n'), ''].join('\n\n').trimStart()
}

function usage(): string {
  const lines = Object.entries(benches).flatMap(([key, { summary, options }]) => [
    `  ${key.padEnd(12)}${summary}`,
    ...Object.entries(options).map(([flag, { value, help }]) => `    --${flag.padEnd(20)}${help} (${value})`),
  ])
  const common = [
    '  all:',
    '    --json                one JSON document',
    '    --cli <path>          another build of cli.js',
  ]
  return `npm run bench -- <name> [options]\n${[...lines, ...common].join('\n')}\n`
}
