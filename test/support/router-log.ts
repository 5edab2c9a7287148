// A router whose log is read as tomorrow's traffic.

import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { runCli, temporaryFolder } from './cli.ts'
import { query } from './project.ts'
import { type RouterConfig, startRouter, writeRouterConfig } from './served.ts'

export const said = {
  production: 'Thirty days — with the receipt.',
  candidate: 'Within thirty days; bring the receipt.',
}
/** Half of the users on the candidate, and nothing moves them. */
export const halfAndHalf = {
  stages: [{ share: 0.5, minMinutes: 1e6, minRequests: 1e9 }],
  segments: { route: 'x-route' },
}
/** Where the router writes it, in its folder. */
export const log = 'reports/canary.requests.jsonl'

export interface Routed {
  readonly folder: string
  readonly base: string
  /** Ends the router, as the test's end does at the latest; everything is in its log then. */
  readonly end: () => Promise<void>
}

export async function routed(config: RouterConfig): Promise<Routed> {
  const folder = temporaryFolder()
  writeRouterConfig(folder, config)
  const { base, child, over } = await startRouter(folder, '--override', 'a test')
  onTestFinished(() => void child.kill('SIGKILL'))
  const end = async () => {
    child.kill('SIGTERM')
    await over
  }
  return { folder, base, end }
}

/** The records of a log, by the command line. */
export async function ingested(folder: string, path = log) {
  const { status, stderr } = await runCli(['ingest', '--logs', path], { cwd: folder })
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('error[')])
  return query(
    join(folder, 'store.duckdb'),
    `SELECT id, api, body, recorded->>'text' AS text, recorded->'toolCalls' AS calls, recorded_error AS error,
       recorded_usage AS usage, recorded_timing AS timing, segments->>'arm' AS arm, segments->>'settings' AS settings, segments->>'route' AS route,
       cluster, call_id AS call, fidelity, feedback
     FROM record`,
  )
}
