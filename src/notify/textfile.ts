// The job's own metrics as Prometheus reads them from a file (node_exporter's textfile collector).

import { Gauge, Registry } from 'prom-client'
import { decisions } from '../core/judgement.ts'
import type { Night } from '../core/night.ts'

/** The text of the file. Times are seconds since 1970, as Prometheus has them. */
export function textfileOf(night: Night): Promise<string> {
  const registry = new Registry()
  const gauge = (name: string, help: string, value: number | null) => {
    if (value !== null) new Gauge({ name: `shadowgate_${name}`, help, registers: [registry] }).set(value)
  }
  const [startedMs, finishedMs] = [Date.parse(night.startedAt), Date.parse(night.finishedAt)]
  gauge('last_run_timestamp_seconds', 'When the last job ended', finishedMs / 1000)
  gauge('last_run_duration_seconds', 'How long it took', (finishedMs - startedMs) / 1000)
  gauge('last_run_exit_status', 'What it exited with', night.status)
  gauge('last_run_failed', '1 where the last job came to no verdict', night.kind === 'failed' ? 1 : 0)
  if (night.kind === 'judged') {
    const decision = new Gauge({
      name: 'shadowgate_decision',
      help: '1 for the decision that was made',
      labelNames: ['decision'],
      registers: [registry],
    })
    for (const each of decisions) decision.set({ decision: each }, each === night.decision ? 1 : 0)
    gauge('held', '1 where a GO waits for a person', night.held ? 1 : 0)
    gauge('pairs', 'Pairs that were judged', night.pairs)
    gauge('pairs_excluded', 'Pairs that do not vote', night.excluded)
    gauge('cost_usd', 'What the replay cost', night.costUsd)
  }
  return registry.metrics()
}
