// The config of the soak: as an operator would have it who keeps a month, and is told of what changes.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Beyond it the oldest texts go, so that a month reaches it. */
export const maxStoreMb = 20
/** Beyond these they go, so that a month reaches each. */
export const keptDays = { textsDays: 6, attemptsDays: 12, reportsDays: 15 }
export const cohort = 60
/** Of the replay: share of records that both arms answer twice. */
export const noise = 0.5
export const warmUp = 4

export interface ConfigOptions {
  readonly folder: string
  readonly production: string
  readonly candidate: string
  readonly candidateModel: string
}

export function writeConfig({ folder, production, candidate, candidateModel }: ConfigOptions): void {
  const target = (baseUrl: string, model: string) => ({
    baseUrl,
    model,
    keyFrom: { env: 'SOAK_KEY' },
    concurrency: 32,
    timeoutMs: 4000,
    retries: 1,
    pricePerMillion: { input: 30, output: 60 },
  })
  const config = {
    store: 'data/store.duckdb',
    logs: [{ path: 'logs' }],
    sample: { size: 4000, seed: 7, since: 'lastRun', cohort },
    targets: { production: target(production, 'gpt-4-0314'), candidate: target(candidate, candidateModel) },
    // Two bad nights in a row do not lose what was paid for.
    // The month's clock is scaled: what waits a minute elsewhere waits a second here.
    replay: { noise, warmUp, resumeForHours: 60, confirmAbove: 500, maxWaitMs: 1000 },
    gate: {
      // A run that ends once it is decided leaves the rest of its sample unasked, on purpose; here what is missing is lost.
      earlyStop: false,
      rules: [
        // As in the demo: the candidate is announced as an update of the same model.
        { metric: 'text-similarity', margin: '10%', severity: 'block' },
        // Both servers are here, and what else runs on the machine must decide nothing.
        { metric: 'latency-p50', severity: 'off' },
        { metric: 'latency-p95', severity: 'off' },
        { metric: 'ttft-p50', severity: 'off' },
        { metric: 'ttft-p95', severity: 'off' },
        { metric: 'cache-hit-rate', severity: 'off' },
      ],
    },
    report: { dir: 'data/reports' },
    retention: { ...keptDays, maxStoreMb },
    notify: { webhooks: [{ urlFrom: { env: 'SOAK_HOOK' } }], textfile: 'data/shadowgate.prom' },
  }
  // JSON is YAML too.
  writeFileSync(join(folder, 'shadowgate.yaml'), JSON.stringify(config, null, 2))
}
