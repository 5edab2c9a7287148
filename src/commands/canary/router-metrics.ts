// The router's own metrics by arm, as Prometheus reads them.

import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Served } from '../../canary/served.ts'
import type { RolloutStatus } from './status.ts'

export interface RouterMetrics {
  readonly see: (served: Served) => void
  /** The text of `/metrics`. */
  readonly text: (status: RolloutStatus) => Promise<string>
}

/** From 10 ms to 2 min. Seconds, as Prometheus has them. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

export function createRouterMetrics(): RouterMetrics {
  const registers = [new Registry()]
  const [registry = new Registry()] = registers
  const requests = new Counter({
    name: 'shadowgate_router_requests_total',
    help: 'Exchanges with an arm, by who was counted for and how it ended',
    labelNames: ['arm', 'group', 'reason', 'outcome', 'seen'],
    registers,
  })
  const durations = new Histogram({
    name: 'shadowgate_router_request_duration_seconds',
    help: "From the request to the answer's last byte",
    labelNames: ['arm'],
    buckets,
    registers,
  })
  const heads = new Histogram({
    name: 'shadowgate_router_first_byte_seconds',
    help: "From the request to the answer's head",
    labelNames: ['arm'],
    buckets,
    registers,
  })
  const gauge = (name: string, help: string) => new Gauge({ name: `shadowgate_router_${name}`, help, registers })
  const share = gauge('candidate_share', 'Share of users on the candidate, 0 to 1')
  const stage = gauge('stage', 'Stage of the ramp from 1; 0 where there is none')
  const held = gauge('held', '1 while somebody holds the ramp')
  const rolledBack = gauge('rolled_back', '1 once the candidate was rolled back')
  const unread = gauge('unread', 'Requests that were served and not compared, for lack of time')
  const leftOut = gauge('copies_left_out', 'Copies of shadow mode that were not sent, for lack of room')
  const unlogged = gauge('log_lines_lost', 'Lines of the log that there was no room for')
  return {
    see: ({ servedBy: arm, group, reason, isUnseen, failure, status, headersMs, totalMs }) => {
      const outcome = failure?.kind ?? (status === null ? 'broken' : `${Math.floor(status / 100)}xx`)
      requests.inc({ arm, group: group ?? 'none', reason, outcome, seen: String(!isUnseen) })
      durations.observe({ arm }, totalMs / 1000)
      if (headersMs !== null) heads.observe({ arm }, headersMs / 1000)
    },
    text: (status) => {
      share.set(status.share)
      stage.set(status.stage)
      held.set(status.held === null ? 0 : 1)
      rolledBack.set(status.phase === 'rolled-back' ? 1 : 0)
      unread.set(status.unread)
      leftOut.set(status.leftOut)
      unlogged.set(status.unlogged)
      return registry.metrics()
    },
  }
}
