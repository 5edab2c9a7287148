// A router as operators start it: the built command line, two targets, and users who ask.

import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { RampEvent } from '../../src/core/rollout.ts'
import { type CliResult, runCli } from './cli.ts'

export interface RouterConfig {
  /** Base URLs. */
  readonly production: string
  readonly candidate: string
  readonly canary?: object
  /** Merged over both targets. */
  readonly target?: object
  /** Merged over each. */
  readonly targets?: Readonly<Record<'production' | 'candidate', object>>
  /** Rules of the gate. */
  readonly rules?: readonly object[]
  /** Of both targets. */
  readonly api?: string
  /** Of a whole answer. */
  readonly timeoutMs?: number
  /** The variable that holds the candidate's key; without it, clients' keys pass through. */
  readonly candidateKey?: string
}

/** Margins that few users are enough for. */
const wideRules = [
  { metric: 'answered', margin: '15%', severity: 'block' },
  { metric: 'latency-p50', margin: '150%', severity: 'block' },
  ...['latency-p95', 'cache-hit-rate', 'json-valid', 'feedback'].map((metric) => ({ metric, severity: 'off' })),
]

export function writeRouterConfig(
  folder: string,
  {
    production,
    candidate,
    canary = {},
    target = {},
    targets,
    rules = wideRules,
    api = 'openai-chat',
    timeoutMs = 5000,
    candidateKey,
  }: RouterConfig,
): void {
  const stages = [0.25, 0.5, 1].map((share) => ({ share, minMinutes: 0, minRequests: 20 }))
  const config = {
    store: 'store.duckdb',
    logs: [{ path: 'log.jsonl' }],
    targets: {
      production: { api, baseUrl: production, model: 'now', timeoutMs, ...target, ...targets?.production },
      candidate: {
        api,
        baseUrl: candidate,
        model: 'next',
        timeoutMs,
        ...(candidateKey && { keyFrom: { env: candidateKey } }),
        ...target,
        ...targets?.candidate,
      },
    },
    gate: { rules },
    canary: {
      port: 0,
      admin: { port: 0 },
      evaluateEverySeconds: 0.2,
      minUsers: 20,
      expectedUsers: 100,
      tellsArm: true,
      drain: { noticeSeconds: 0 },
      stages,
      ...canary,
    },
  }
  writeFileSync(join(folder, 'shadowgate.yaml'), stringify(config))
}

export interface RunningRouter {
  readonly base: string
  readonly adminPort: number
  readonly child: ChildProcess
  readonly over: Promise<CliResult>
}

/** Resolves once it listens. Flags, and what the environment has besides. */
export function startRouter(
  folder: string,
  ...words: readonly (string | { readonly env: Record<string, string> })[]
): Promise<RunningRouter> {
  const flags = words.filter((word) => typeof word === 'string')
  const env = Object.assign({}, ...words.filter((word) => typeof word !== 'string').map((word) => word.env))
  return new Promise((resolve, reject) => {
    const over = runCli(['serve', '--json', ...flags], {
      cwd: folder,
      env,
      onStart: (child) => {
        let said = ''
        child.stdout?.on('data', (text: string) => {
          said += text
          if (!said.includes('\n')) return
          const { host, port, adminPort } = JSON.parse(said.slice(0, said.indexOf('\n'))) as {
            host: string
            port: number
            adminPort: number
          }
          resolve({ base: `http://${host}:${port}`, adminPort, child, over })
        })
      },
    })
    void over.then(({ stderr }) => reject(new Error(`it ended before it listened: ${stderr}`)))
  })
}

export interface Answered {
  readonly status: number
  readonly arm: string | null
  readonly id: string | null
}

/** One question of a user, read to its end. */
export async function askAs(base: string, user: string): Promise<Answered> {
  const response = await fetch(`${base}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user-id': user },
    body: JSON.stringify({ model: 'now', messages: [{ role: 'user', content: 'Hi' }] }),
  })
  await response.text()
  const { headers, status } = response
  return { status, arm: headers.get('x-shadowgate-arm'), id: headers.get('x-shadowgate-id') }
}

/** Users ask in turn, eight at a time, until there are so many requests or `isEnough` says so. */
export async function askUntil(
  base: string,
  { users, requests, isEnough = () => false }: { users: number; requests: number; isEnough?: () => boolean },
): Promise<Answered[]> {
  const answers: Answered[] = []
  let next = 0
  const one = async () => {
    while (next < requests && !isEnough()) answers.push(await askAs(base, `user-${next++ % users}`))
  }
  await Promise.all(Array.from({ length: 8 }, one))
  return answers
}

export function journalOf(folder: string): readonly RampEvent[] {
  const path = join(folder, 'reports/canary.journal.jsonl')
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RampEvent)
}
