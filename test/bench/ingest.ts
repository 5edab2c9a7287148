// How fast a log is read: to normalised records, and into the store; beside readline with JSON.parse, and DuckDB's reader.

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bench } from './support/bench.ts'
import { writeChatLog } from './support/chat-log.ts'
import { type ChildResult, runChild } from './support/child.ts'
import { median, type Row } from './support/table.ts'

const builtCli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const child = (name: string) => fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url))

interface Way {
  readonly what: string
  readonly args: readonly string[]
  /** What the child found, where it says so. */
  readonly isCounted: boolean
}

interface Round {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMb: number
}

export const ingest = {
  summary: 'MB/s of a chat log: to records and into the store, beside readline with JSON.parse and DuckDB',
  options: {
    megabytes: { value: 1000, help: 'size of the log' },
    rounds: { value: 3, help: 'rounds, of which the median is told' },
  },
  run: async ({ option, cli = builtCli, say }) => {
    const folder = mkdtempSync(join(tmpdir(), 'shadowgate-bench-'))
    const remove = () => rmSync(folder, { recursive: true, force: true })
    process.once('exit', remove)
    say(`writing ${option('megabytes')} MB`)
    const path = join(folder, 'log.jsonl')
    const log = writeChatLog(path, option('megabytes'))
    const threads = availableParallelism()
    const records = (count: number, isPrivate: boolean) => [
      child('read-records'),
      join(dirname(cli), 'ingest/ingest.js'),
      path,
      String(count),
      isPrivate ? '1' : '0',
    ]
    const ways: readonly Way[] = [
      { what: 'readline + JSON.parse', args: [child('read-lines'), path], isCounted: true },
      { what: 'DuckDB read_ndjson_objects', args: [child('read-objects'), path], isCounted: true },
      { what: 'records, one thread', args: records(0, false), isCounted: true },
      { what: `records, ${threads} threads`, args: records(threads, false), isCounted: true },
      { what: `records, ${threads} threads, privacy on`, args: records(threads, true), isCounted: true },
      { what: 'shadowgate ingest, privacy off', args: [cli, 'ingest', '--config', 'off.yaml'], isCounted: false },
      { what: 'shadowgate ingest', args: [cli, 'ingest', '--config', 'on.yaml'], isCounted: false },
    ]
    writeFileSync(join(folder, 'off.yaml'), configOf(false))
    writeFileSync(join(folder, 'on.yaml'), configOf(true))
    const rounds = new Map<string, Round[]>(ways.map(({ what }) => [what, []]))
    let storeMb = 0
    for (let round = 0; round < option('rounds'); round++) {
      for (const { what, args, isCounted } of ways) {
        say(`round ${round + 1}: ${what}`)
        for (const file of ['store.duckdb', 'store.duckdb.wal']) rmSync(join(folder, file), { force: true })
        const result = await runChild(args, { cwd: folder })
        rounds.get(what)?.push(isCounted ? counted(result, log) : roundOf(result))
        if (!isCounted) storeMb = statSync(join(folder, 'store.duckdb')).size / 1e6
      }
    }
    remove()
    const reference = medianOf(rounds.get('readline + JSON.parse') ?? [], 'seconds')
    const rows = ways.map(({ what }): Row => {
      const own = rounds.get(what) ?? []
      const seconds = medianOf(own, 'seconds')
      return {
        what,
        'MB/s': log.bytes / 1e6 / seconds,
        'records/s': Math.round((log.lines - log.bad) / seconds),
        'x readline': reference / seconds,
        'MB per CPU s': log.bytes / 1e6 / medianOf(own, 'cpuSeconds'),
        'peak MB': Math.round(medianOf(own, 'peakMb')),
      }
    })
    const title = `ingest: ${Math.round(log.bytes / 1e6)} MB, ${log.lines.toLocaleString('en')} lines, ${log.bad} of them bad; median of ${option('rounds')}`
    const remarks = [
      'each way but the last two times itself, without the start of node; the last two are whole processes',
      `the store is ${Math.round(storeMb)} MB, ${((100 * storeMb * 1e6) / log.bytes).toFixed(0)} % of the log`,
    ]
    return { tables: [{ title, rows }], remarks }
  },
} satisfies Bench

/** A way that misses a bad line, or a good one, is not slower or faster but wrong. */
function counted(result: ChildResult, log: { lines: number; bad: number }): Round {
  const { good, bad, seconds }: { good: number; bad: number; seconds: number } = JSON.parse(result.stdout)
  if (bad !== log.bad || good !== log.lines - log.bad) throw new Error(`${good} good and ${bad} bad lines were found`)
  return { seconds, cpuSeconds: result.cpuSeconds, peakMb: result.peakMb }
}

function roundOf({ wallSeconds, cpuSeconds, peakMb }: ChildResult): Round {
  return { seconds: wallSeconds, cpuSeconds, peakMb }
}

function medianOf(rounds: readonly Round[], figure: keyof Round): number {
  return median(rounds.map((round) => round[figure]))
}

function configOf(personalData: boolean): string {
  const target = { baseUrl: 'http://127.0.0.1:9/v1', model: 'none' }
  return JSON.stringify({
    store: 'store.duckdb',
    logs: [{ path: 'log.jsonl' }],
    targets: { production: target, candidate: target },
    privacy: { personalData },
  })
}
