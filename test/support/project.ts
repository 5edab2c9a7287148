// A user's folder: a log, a config, two targets.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { stringify } from 'yaml'
import { temporaryFolder } from './cli.ts'

/** For servers that answer at once: what is left of a latency there is the machine's mood, and no decision may hang on it. */
export const withoutLatency = [
  { metric: 'latency-p50', severity: 'off' },
  { metric: 'latency-p95', severity: 'off' },
] as const

export interface ProjectOptions {
  readonly production: string
  readonly candidate: string
  readonly records?: number
  /** Merged over the config. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly target?: Readonly<Record<string, unknown>>
  readonly stream?: boolean
}

/** Writes `logs/requests.jsonl` and `shadowgate.yaml` into a folder that goes when the test ends, and gives the folder. */
export function createProject(options: ProjectOptions): string {
  const folder = temporaryFolder()
  const target = (baseUrl: string, model: string) => ({
    baseUrl,
    model,
    concurrency: 8,
    timeoutMs: 20_000,
    retries: 1,
    ...options.target,
  })
  writeFileSync(join(folder, 'requests.jsonl'), logLines(options.records ?? 80, options.stream ?? false))
  writeFileSync(
    join(folder, 'shadowgate.yaml'),
    stringify({
      store: 'store.duckdb',
      logs: [{ path: 'requests.jsonl' }],
      targets: {
        production: target(options.production, 'test-model'),
        candidate: target(options.candidate, 'test-model-next'),
      },
      replay: { noise: 1, warmUp: 0 },
      ...options.config,
    }),
  )
  return folder
}

export function logLines(records: number, stream: boolean): string {
  return Array.from({ length: records }, (_, index) => {
    const request = {
      model: 'test-model',
      messages: [{ role: 'user', content: `Question ${index}?` }],
      ...(stream ? { stream: true } : {}),
    }
    return `${JSON.stringify({ request, response: null, segments: { parity: index % 2 === 0 ? 'even' : 'odd' } })}\n`
  }).join('')
}

/** Asks the store of a finished process. */
export async function query(store: string, sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(store, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    const result = await connection.run(sql)
    return await result.getRowObjectsJson()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
