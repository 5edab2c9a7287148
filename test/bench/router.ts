// What the router adds to an answer, on one core, beside a bare undici proxy, Portkey's gateway, and no proxy at all.

import { type ChildProcess, execFile, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { UsersTiming } from './children/users.ts'
import type { Bench } from './support/bench.ts'
import { type Mock, startMock } from './support/mock.ts'
import { median } from './support/table.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const builtCli = path('../../dist/cli.js')
const portkeyServer = path('../../node_modules/@portkey-ai/gateway/build/start-server.js')

/** Whoever is measured has this core for itself; servers and users share the other. */
const measuredCore = '1'
const otherCore = '0'

interface Running {
  /** Ends in `/v1`. */
  readonly base: string
  readonly headers: Readonly<Record<string, string>>
  readonly stop: () => void
}

interface Way {
  readonly what: string
  readonly start: (mock: Mock, cli: string) => Promise<Running>
}

const ways: readonly Way[] = [
  { what: 'no proxy', start: async (mock) => ({ base: arm(mock), headers: {}, stop: () => {} }) },
  { what: 'bare undici proxy', start: startBare },
  { what: 'shadowgate serve, half on the candidate', start: (mock, cli) => startRouter(mock, cli, 'canary') },
  { what: 'shadowgate serve, shadow', start: (mock, cli) => startRouter(mock, cli, 'shadow') },
  { what: '@portkey-ai/gateway', start: startPortkey },
]

export const router = {
  summary:
    "the router's own share of an answer, and requests a second on one core, beside a bare proxy and Portkey's gateway",
  options: {
    requests: { value: 4000, help: 'requests of a measurement' },
    concurrency: { value: 32, help: 'users at a time, where throughput is measured' },
    events: { value: 50, help: 'events of a streamed answer' },
    rounds: { value: 3, help: 'rounds, of which the median is told' },
  },
  run: async ({ option, cli, say }) => {
    await using mock = await startMock()
    const kinds = [
      { kind: 'whole', stream: null },
      { kind: 'streamed', stream: { events: option('events'), gapMs: 0 } },
    ]
    const found = new Map<string, { alone: UsersTiming[]; together: UsersTiming[] }>()
    for (let round = 0; round < option('rounds'); round++) {
      for (const way of ways) {
        const running = await way.start(mock, cli ?? builtCli)
        for (const { kind, stream } of kinds) {
          say(`round ${round + 1}: ${way.what}, ${kind}`)
          await mock.reset({ delayMs: 0, stream })
          const key = `${way.what} ${kind}`
          const kept = found.get(key) ?? { alone: [], together: [] }
          found.set(key, kept)
          const ask = { running, isStreamed: stream !== null }
          kept.alone.push(await askedBy({ ...ask, requests: option('requests') / 4, concurrency: 1 }))
          kept.together.push(
            await askedBy({ ...ask, requests: option('requests'), concurrency: option('concurrency') }),
          )
        }
        running.stop()
      }
    }
    const tables = kinds.map(({ kind }) => {
      const of = (what: string) => found.get(`${what} ${kind}`) ?? { alone: [], together: [] }
      const middle = (timings: readonly UsersTiming[], value: (timing: UsersTiming) => number) =>
        median(timings.map(value))
      const direct = of('no proxy').alone
      const bare = middle(of('bare undici proxy').together, rate)
      return {
        title: `router: ${kind} answers, median of ${option('rounds')}`,
        rows: ways.map(({ what }) => {
          const { alone, together } = of(what)
          const perSecond = middle(together, rate)
          return {
            what,
            'adds at p50 ms': middle(alone, ({ p50 }) => p50) - middle(direct, ({ p50 }) => p50),
            'at p99 ms': middle(alone, ({ p99 }) => p99) - middle(direct, ({ p99 }) => p99),
            'to the first byte ms':
              middle(alone, ({ firstP50 }) => firstP50) - middle(direct, ({ firstP50 }) => firstP50),
            'requests/s': perSecond,
            '× bare proxy': perSecond / bare,
          }
        }),
      }
    })
    return {
      tables,
      remarks: [
        'added: one user at a time, the middle of each beside the middle without a proxy; requests/s: as many users at a time as said',
        'each proxy has one core for all of its threads; servers and users have the other',
      ],
    }
  },
} satisfies Bench

function rate({ requests, seconds }: UsersTiming): number {
  return requests / seconds
}

function arm({ ports }: Mock): string {
  return `http://127.0.0.1:${ports.production}/v1`
}

interface Asking {
  readonly running: Running
  readonly isStreamed: boolean
  readonly requests: number
  readonly concurrency: number
}

async function askedBy({ running, isStreamed, requests, concurrency }: Asking): Promise<UsersTiming> {
  const words = [
    String(Math.ceil(requests)),
    String(concurrency),
    isStreamed ? 'yes' : 'no',
    JSON.stringify(running.headers),
  ]
  const { stdout } = await promisify(execFile)('taskset', [
    '-c',
    otherCore,
    process.execPath,
    path('children/users.ts'),
    running.base,
    ...words,
  ])
  return JSON.parse(stdout) as UsersTiming
}

/** On the core that is measured. */
function pinned(child: ChildProcess): void {
  spawn('taskset', ['-acp', measuredCore, String(child.pid)], { stdio: 'ignore' })
}

async function startBare(mock: Mock): Promise<Running> {
  const child = fork(path('children/bare-proxy.ts'), [new URL(arm(mock)).origin], { stdio: 'inherit' })
  const [port] = (await once(child, 'message')) as [number]
  pinned(child)
  return { base: `http://127.0.0.1:${port}/v1`, headers: {}, stop: () => child.disconnect() }
}

async function startPortkey(mock: Mock): Promise<Running> {
  const child = fork(portkeyServer, ['--headless'], {
    execArgv: ['--import', new URL('../support/on-loopback.ts', import.meta.url).href],
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const [port] = (await once(child, 'message')) as [number]
  pinned(child)
  const headers = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': arm(mock),
    authorization: 'Bearer sk-bench',
  }
  return { base: `http://127.0.0.1:${port}/v1`, headers, stop: () => child.kill('SIGKILL') }
}

async function startRouter(mock: Mock, cli: string, mode: 'canary' | 'shadow'): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'shadowgate-bench-'))
  const target = (port: number) => ({ baseUrl: `http://127.0.0.1:${port}/v1`, model: 'mock-current' })
  const config = {
    logs: [{ path: 'log.jsonl' }],
    targets: {
      production: target(mock.ports.production),
      candidate: { ...target(mock.ports.candidate), model: 'mock-swapped' },
    },
    canary: { mode, port: 0, admin: { port: 0 }, stages: [{ share: 0.5, minMinutes: 1000, minRequests: 1e9 }] },
  }
  writeFileSync(join(folder, 'shadowgate.yaml'), JSON.stringify(config))
  const child = spawn(process.execPath, [cli, 'serve', '--json', '--quiet', '--override', 'bench'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const { port } = JSON.parse(said.toString()) as { port: number }
  pinned(child)
  const stop = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  return { base: `http://127.0.0.1:${port}/v1`, headers: {}, stop }
}
