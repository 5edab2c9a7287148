// What the router adds to an answer, on one core, beside a bare undici proxy, Portkey's gateway, and no proxy at all; and what copies cost users.

import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { askGateway, type Measured, type Users } from './support/ask-gateway.ts'
import type { Bench, BenchCall } from './support/bench.ts'
import { type Gateway, noGateway, startBare, startPortkey, startRouter } from './support/gateways.ts'
import { type Mock, startMock } from './support/mock.ts'
import { median, type Row, type Table } from './support/table.ts'

const builtCli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

export const router = {
  summary:
    "the router's own share of an answer, and requests a second on one core, beside a bare proxy and Portkey's gateway",
  options: {
    requests: { value: 4000, help: 'requests of a measurement' },
    concurrency: { value: 32, help: 'users at a time, where throughput is measured' },
    events: { value: 50, help: 'events of a streamed answer' },
    rounds: { value: 5, help: 'rounds, of which the median is told' },
    warm: { value: 20_000, help: 'requests of each kind that each server is asked before anything is measured' },
    pairs: { value: 10, help: 'pairs of measurements with and without copies; 0 for none' },
    delay: { value: 20, help: 'milliseconds that the target takes, where copies are measured' },
  },
  run: async (call) => {
    await using mock = await startMock()
    const cli = call.cli ?? builtCli
    const gateways = [
      noGateway(mock),
      await startBare(mock),
      await startRouter(mock, cli, 'canary'),
      await startRouter(mock, cli, 'shadow'),
      await startPortkey(mock),
    ]
    const without = await startRouter(mock, cli, 'blue-green')
    try {
      const beside = await sideBySide(mock, gateways, call)
      const [, , , shadow] = gateways
      const copies = shadow === undefined ? [] : await withAndWithout(mock, { shadow, without }, call)
      return { tables: [...beside, ...copies], remarks: [...remarks, `load ${loadavg()[0]?.toFixed(1)} after`] }
    } finally {
      for (const { stop } of [...gateways, without]) stop()
    }
  },
} satisfies Bench

const remarks = [
  'all run at once and are asked in turn, round by round: each ratio and difference is taken within its round, then the median (and the range) of rounds',
  'adds: one user at a time, beside no proxy; requests/s: as many users at a time as said',
  'CPU: processor time for each request, of all threads, and of the one that serves users; the router’s other thread reads and compares answers, and gives way',
  'log behind: from the last answer until the log held all; unlogged: lines that it never got, since they were served and not read',
  'each proxy has one core for all of its threads; servers and users have the other',
]

interface Round {
  readonly alone: Measured
  readonly together: Measured
}

/** Code that was run for a few thousand requests is still slow, and a proxy runs for weeks. */
async function warm(gateway: Gateway, { isStreamed }: Pick<Users, 'isStreamed'>, { option, say }: BenchCall) {
  say(`warm: ${gateway.what}, ${isStreamed ? 'streamed' : 'whole'}`)
  await askGateway(gateway, { requests: option('warm'), concurrency: option('concurrency'), isStreamed })
}

async function sideBySide(mock: Mock, gateways: readonly Gateway[], call: BenchCall): Promise<Table[]> {
  const { option, say } = call
  const kinds = [
    { kind: 'whole', stream: null },
    { kind: 'streamed', stream: { events: option('events'), gapMs: 0 } },
  ]
  const tables: Table[] = []
  for (const { kind, stream } of kinds) {
    const isStreamed = stream !== null
    const rounds: (readonly Round[])[] = []
    await mock.reset({ stream })
    for (const gateway of gateways) await warm(gateway, { isStreamed }, call)
    for (let round = 1; round <= option('rounds'); round++) {
      const all: Round[] = []
      for (const gateway of gateways) {
        say(`round ${round}: ${gateway.what}, ${kind}`)
        const requests = option('requests')
        const alone = await askGateway(gateway, { requests: requests / 4, concurrency: 1, isStreamed })
        const together = await askGateway(gateway, { requests, concurrency: option('concurrency'), isStreamed })
        all.push({ alone, together })
      }
      rounds.push(all)
    }
    const warmed = `${option('warm')} requests to warm each`
    const title = `router: ${kind} answers, median of ${rounds.length} rounds, after ${warmed}`
    tables.push({ title, rows: gateways.map(({ what }, at) => rowOf(what, at, rounds)) })
  }
  return tables
}

/** The first gateway is none, the second the bare proxy. */
function rowOf(what: string, at: number, rounds: readonly (readonly Round[])[]): Row {
  const over = (value: (own: Round, direct: Round, bare: Round) => number | null) => {
    const values = rounds.flatMap((all) => {
      const [direct, bare, own] = [all[0], all[1], all[at]]
      return direct && bare && own ? (value(own, direct, bare) ?? []) : []
    })
    return { middle: values.length === 0 ? null : median(values), range: rangeText(values) }
  }
  const ratio = over((own, _, bare) => rate(own.together) / rate(bare.together))
  return {
    what,
    'adds at p50 ms': over((own, direct) => own.alone.p50 - direct.alone.p50).middle,
    'at p99 ms': over((own, direct) => own.alone.p99 - direct.alone.p99).middle,
    'to the first byte ms': over((own, direct) => own.alone.firstP50 - direct.alone.firstP50).middle,
    'requests/s': over(({ together }) => rate(together)).middle,
    '× bare': ratio.middle,
    range: ratio.range,
    'CPU µs': over(({ together }) => together.cpuUs).middle,
    'of it serving µs': over(({ together }) => together.servingUs).middle,
    'log behind s': over(({ together }) => together.behindSeconds).middle,
    unlogged: over(({ together }) => together.unlogged).middle,
    'serving × bare': over((own, _, bare) => ratioOf(own.together.servingUs, bare.together.servingUs)).middle,
  }
}

/** The same users, with copies and without, in turn: what copies add to p50 and p99, with 95 % limits over pairs. */
async function withAndWithout(
  mock: Mock,
  { shadow, without }: Readonly<Record<'shadow' | 'without', Gateway>>,
  call: BenchCall,
): Promise<Table[]> {
  const { option, say } = call
  const pairs = option('pairs')
  if (pairs < 2) return []
  const delayMs = option('delay')
  await mock.reset()
  await warm(without, { isStreamed: false }, call)
  await mock.reset({ delayMs })
  const users = { requests: option('requests') / 8, concurrency: 8, isStreamed: false }
  const found: { with: Measured; without: Measured }[] = []
  for (let pair = 1; pair <= pairs; pair++) {
    say(`copies: pair ${pair} of ${pairs}`)
    // Each comes first as often as the other.
    const isFirst = pair % 2 === 0
    const early = await askGateway(isFirst ? shadow : without, users)
    const late = await askGateway(isFirst ? without : shadow, users)
    found.push(isFirst ? { with: early, without: late } : { with: late, without: early })
  }
  const rows = (['p50', 'p99'] as const).map((key): Row => {
    const added = found.map((each) => each.with[key] - each.without[key])
    const mean = added.reduce((sum, each) => sum + each, 0) / pairs
    const variance = added.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (pairs - 1)
    const half = tQuantile(0.975, pairs - 1) * Math.sqrt(variance / pairs)
    return {
      of: key,
      'without copies ms': median(found.map((each) => each.without[key])),
      'with copies ms': median(found.map((each) => each.with[key])),
      'added ms': mean,
      '95 % limits': `${ms(mean - half)} to ${ms(mean + half)}`,
      // Nothing is shown where the limits hold zero: the upper one says how much could be hidden.
      measurable: mean - half > 0 ? 'yes' : 'no',
    }
  })
  return [
    { title: `router: what copies add, ${pairs} pairs, a target that takes ${delayMs} ms, 8 users at a time`, rows },
  ]
}

function rate({ requests, seconds }: Measured): number {
  return requests / seconds
}

function rangeText(values: readonly number[]): string {
  return values.length === 0 ? '–' : `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`
}

function ms(value: number): string {
  return value.toFixed(3)
}

function ratioOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one / other
}
