// A user's folder with both arms at one batch server, and the books that must balance in the end.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect } from 'vitest'
import {
  type BatchedRequest,
  type BatchServer,
  type BatchServerOptions,
  type Dialect,
  startBatchServer,
} from './batch-server.ts'
import { type CliOptions, type CliResult, runCli } from './cli.ts'
import { createProject, query, withoutLatency } from './project.ts'
import { completion } from './target.ts'

/** Sixty pairs prove nothing: INCONCLUSIVE's status, of a run that came to its end. */
export const tooFew = 2

/** US dollars for a million tokens, of both arms. */
const price = { input: 1000, output: 2000 }

export interface Shop {
  readonly server: BatchServer
  readonly folder: string
  readonly run: (args?: readonly string[], options?: Partial<CliOptions>) => Promise<CliResult>
  readonly ask: (sql: string) => Promise<Record<string, unknown>[]>
  /** Alters the store. */
  readonly change: (sql: string) => Promise<void>
  /** `verdict.json` of the only run. */
  readonly verdict: () => WrittenVerdict
}

interface WrittenVerdict {
  readonly decision: string
  readonly next: string
  readonly findings: readonly { readonly metric: string; readonly outcome: string; readonly because: string }[]
}

export interface ShopOptions extends BatchServerOptions {
  readonly dialect: Dialect
  readonly records?: number
  readonly target?: Record<string, unknown>
  readonly config?: Record<string, unknown>
  readonly isLatencyJudged?: boolean
  /** Whether the log has answers, with their tokens. */
  readonly answersAreLogged?: boolean
}

export async function openShop(options: ShopOptions): Promise<Shop> {
  const { dialect, records = 60 } = options
  const server = await startBatchServer(options)
  const api = dialect === 'openai' ? 'openai-chat' : 'anthropic-messages'
  const folder = createProject({
    production: server.url,
    candidate: server.url,
    records,
    target: { api, keyFrom: { env: 'TEST_KEY' }, pricePerMillion: price, ...options.target },
    config: {
      replay: { noise: 0.5, lane: 'batch', batchPollSeconds: 0.05, confirmAbove: 1000 },
      gate: { rules: options.isLatencyJudged ? [] : withoutLatency },
      ...options.config,
    },
  })
  const lines = Array.from({ length: records }, (_, index) => {
    const messages = [{ role: 'user', content: `Question ${index}?` }]
    const own = dialect === 'anthropic' ? { max_tokens: 50, system: 'Be brief.' } : {}
    const request = { model: `test-model${index % 2}`, stream: true, ...own, messages }
    const response = options.answersAreLogged ? completion('a logged answer') : null
    return `${JSON.stringify({ request, response })}\n`
  })
  writeFileSync(join(folder, 'requests.jsonl'), lines.join(''))
  return {
    server,
    folder,
    run: (args = [], more = {}) =>
      runCli(['run', '--yes', ...args], { cwd: folder, env: { TEST_KEY: 'sk-test-0123456789abcdef' }, ...more }),
    ask: (sql) => query(join(folder, 'store.duckdb'), sql),
    change: (sql) => change(join(folder, 'store.duckdb'), sql),
    verdict: () => {
      const run = readdirSync(join(folder, 'reports')).find((name) => /^\d{8}-/.test(name)) ?? ''
      return JSON.parse(readFileSync(join(folder, 'reports', run, 'verdict.json'), 'utf8'))
    },
  }
}

const accounts = `SELECT (SELECT count(*) FROM attempt WHERE is_final)::INT AS finals,
  (SELECT count(DISTINCT (record_id, arm, trial)) FROM attempt)::INT AS calls,
  (SELECT sum(2 * trials) FROM run_record)::INT AS planned, (SELECT count(*) FROM run)::INT AS runs,
  (SELECT count(*) FROM attempt WHERE outcome = 'reply')::INT AS replies`

/** Each call has one final attempt, and no request was in two batches unless it had to be. */
export async function expectAllAccounted({ ask, server }: Shop, { isAskedOnce = true } = {}): Promise<void> {
  const [row] = await ask(accounts)
  expect(row).toMatchObject({ runs: 1 })
  expect(row?.['finals'], 'none lost').toBe(row?.['planned'])
  expect(row?.['calls'], 'none twice').toBe(row?.['planned'])
  const ids = server.batches.flatMap(({ requests }) => requests.map(({ customId }) => customId))
  if (isAskedOnce) expect(new Set(ids).size, 'nothing is submitted twice').toBe(ids.length)
  expect(new Set(ids).size).toBe(row?.['planned'])
}

/** The number in the question that a request asks. */
export function numberIn({ body }: BatchedRequest): number {
  return Number(/\d+/.exec(body.messages.at(-1)?.content ?? '')?.[0])
}

async function change(store: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(store)
  const connection = await instance.connect()
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}
