// What stands between users and a target: nothing, a bare proxy, the router in each mode, Portkey's gateway. Each on one core.

import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mock } from './mock.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const portkeyServer = path('../../../node_modules/@portkey-ai/gateway/build/start-server.js')

/** Whoever is measured has this core; servers and users share the other. */
const measuredCore = '1'
export const otherCore = '0'

export interface Gateway {
  readonly what: string
  /** Ends in `/v1`. */
  readonly base: string
  readonly headers: Readonly<Record<string, string>>
  /** null where there is no process of its own. */
  readonly pid: number | null
  /** null where nothing is logged. */
  readonly log: GatewayLog | null
  readonly stop: () => void
}

export interface GatewayLog {
  readonly linesPerRequest: number
  /** Lines so far. */
  readonly lines: () => number
}

export function noGateway(mock: Mock): Gateway {
  return { what: 'no proxy', base: arm(mock), headers: {}, pid: null, log: null, stop: () => {} }
}

export async function startBare(mock: Mock): Promise<Gateway> {
  const child = fork(path('../children/bare-proxy.ts'), [new URL(arm(mock)).origin], { stdio: 'inherit' })
  const [port] = (await once(child, 'message')) as [number]
  const base = `http://127.0.0.1:${port}/v1`
  return { what: 'bare undici proxy', base, headers: {}, pid: pinned(child), log: null, stop: () => child.disconnect() }
}

export async function startPortkey(mock: Mock): Promise<Gateway> {
  const child = fork(portkeyServer, ['--headless'], {
    execArgv: ['--import', new URL('../../support/on-loopback.ts', import.meta.url).href],
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const [port] = (await once(child, 'message')) as [number]
  const headers = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': arm(mock),
    authorization: 'Bearer sk-bench',
  }
  const base = `http://127.0.0.1:${port}/v1`
  return {
    what: '@portkey-ai/gateway',
    base,
    headers,
    pid: pinned(child),
    log: null,
    stop: () => child.kill('SIGKILL'),
  }
}

/** `canary` has half of the users on the candidate, `blue-green` all of them on production. */
const routers = {
  canary: 'shadowgate serve, half on the candidate',
  shadow: 'shadowgate serve, shadow',
  'blue-green': 'shadowgate serve, all on production',
}

export async function startRouter(mock: Mock, cli: string, mode: keyof typeof routers): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'shadowgate-bench-'))
  const target = (port: number) => ({ baseUrl: `http://127.0.0.1:${port}/v1`, model: 'mock-current' })
  const config = {
    logs: [{ path: 'log.jsonl' }],
    targets: {
      production: target(mock.ports.production),
      candidate: { ...target(mock.ports.candidate), model: 'mock-swapped' },
    },
    canary: {
      mode,
      port: 0,
      admin: { port: 0 },
      stages: [{ share: 0.5, minMinutes: 1000, minRequests: 1e9 }],
      log: 'served.jsonl',
      // One file, so that its lines can be counted.
      logMaxMb: 1e6,
    },
  }
  writeFileSync(join(folder, 'shadowgate.yaml'), JSON.stringify(config))
  const child = spawn(process.execPath, [cli, 'serve', '--json', '--quiet', '--override', 'bench'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const { port } = JSON.parse(said.toString()) as { port: number }
  const stop = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const log = { linesPerRequest: mode === 'shadow' ? 2 : 1, lines: lineCounter(join(folder, 'served.jsonl')) }
  return { what: routers[mode], base: `http://127.0.0.1:${port}/v1`, headers: {}, pid: pinned(child), log, stop }
}

/** Counts the lines of a file that grows; each call reads what is new. */
function lineCounter(file: string): () => number {
  const bytes = Buffer.alloc(1 << 20)
  let [at, lines] = [0, 0]
  return () => {
    if (!existsSync(file)) return 0
    const open = openSync(file, 'r')
    for (;;) {
      const read = readSync(open, bytes, 0, bytes.length, at)
      if (read === 0) break
      at += read
      for (let end = bytes.indexOf(0x0a); end >= 0 && end < read; end = bytes.indexOf(0x0a, end + 1)) lines++
    }
    closeSync(open)
    return lines
  }
}

function arm({ ports }: Mock): string {
  return `http://127.0.0.1:${ports.production}/v1`
}

/** All threads of a child on the core that is measured. */
function pinned({ pid }: ChildProcess): number | null {
  if (pid === undefined) return null
  spawn('taskset', ['-acp', measuredCore, String(pid)], { stdio: 'ignore' })
  return pid
}
