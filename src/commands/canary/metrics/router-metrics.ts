// The router's own metrics by arm, as Prometheus reads them: what passes is counted here, what answers hold by the clerk.

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Served } from '../../../canary/served/served.ts'
import type { RampEvent, RampState } from '../../../core/rollout.ts'
import { arms } from '../../../core/types.ts'
import type { World } from '../../world.ts'
import type { Clerk } from '../clerk/clerk-thread.ts'
import type { Rollout } from '../rollout.ts'
import type { RolloutStatus } from '../status/status.ts'
import { createRampGauges } from './ramp-gauges.ts'

export interface Counting extends Pick<Rollout, 'inFlight' | 'troubles'> {
  readonly clerk: Pick<Clerk, 'metrics'>
}

export interface RouterMetrics {
  /** `state`: as the rollout stands now that the exchange is over. */
  readonly see: (served: Served, state: RampState) => void
  readonly change: (event: RampEvent) => void
  /** The text of `/metrics`. */
  readonly text: (rollout: Counting, status: RolloutStatus) => Promise<string>
}

/** Gauges that are called like counters, which Prometheus' own tool takes for a mistake. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** Every label is of a closed list: no client, and no server, makes a series by what it writes. */
export function createRouterMetrics(versions: World['versions']): RouterMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  for (const gauge of misnamed) registry.removeSingleMetric(gauge)
  const requests = new Counter({
    name: named('requests_total'),
    help: 'Exchanges with an arm: whom they counted for, why they went there, how they ended, and whether a user saw it',
    labelNames: requestLabels,
    registers,
  })
  const fallbacks = new Counter({
    name: named('fallbacks_total'),
    help: 'Requests that production answered because the candidate failed',
    registers,
  })
  const inFlight = new Gauge({ name: named('in_flight'), help: 'Exchanges under way', labelNames: ['arm'], registers })
  const total = (own: string, help: string) => new Counter({ name: named(own), help, registers })
  const unread = total('unread_total', 'Exchanges that were neither read nor compared, for lack of time')
  const leftOut = total('copies_left_out_total', 'Copies of shadow mode that were not sent, for lack of room')
  const unlogged = total('log_lines_lost_total', 'Lines of the log that there was no room for')
  const troubles = total('log_failures_total', 'Times that the log, or the reading of answers, failed')
  const events = new Counter({
    name: 'shadowgate_ramp_events_total',
    help: 'Changes of the ramp since the router started',
    labelNames: ['kind'],
    registers,
  })
  const trips = new Counter({
    name: 'shadowgate_ramp_guard_trips_total',
    help: 'Rollbacks by a hard limit since the router started',
    labelNames: ['guard'],
    registers,
  })
  const build = new Gauge({
    name: 'shadowgate_build_info',
    help: 'Always 1',
    labelNames: ['version', 'node'],
    registers,
  })
  build.set({ version: versions.shadowgate, node: versions.node }, 1)
  const ramp = createRampGauges(registry)
  /** Requests since the last look, by their labels with blanks between: the library takes ten times as long for each. */
  const since = new Map<string, number>()
  return {
    see: ({ servedBy, group, reason, api, isUnseen, isCopied, failure, status }, state) => {
      const outcome = failure?.kind ?? (status === null ? 'broken' : `${Math.floor(status / 100)}xx`)
      const key = `${servedBy} ${group ?? 'none'} ${api ?? 'other'} ${state.stage + 1} ${reason} ${outcome} ${!isUnseen}`
      since.set(key, (since.get(key) ?? 0) + 1)
      if (isUnseen && !isCopied) fallbacks.inc()
    },
    change: (event) => {
      events.inc({ kind: event.kind })
      if (event.kind === 'rolled-back' && event.tripped !== null) trips.inc({ guard: event.tripped.guard })
    },
    text: async (rollout, status) => {
      for (const [key, count] of since) requests.inc(labelled(key), count)
      since.clear()
      for (const arm of arms) inFlight.set({ arm }, rollout.inFlight()[arm])
      setTotal(unread, status.unread)
      setTotal(leftOut, status.leftOut)
      setTotal(troubles, rollout.troubles())
      setTotal(unlogged, status.unlogged)
      ramp.show(status)
      return [await registry.metrics(), await rollout.clerk.metrics()].filter((text) => text !== '').join('\n')
    },
  }
}

const requestLabels = ['arm', 'group', 'api', 'stage', 'reason', 'outcome', 'seen'] as const

/** None of the words has a blank. */
function labelled(key: string): Record<string, string> {
  const words = key.split(' ')
  return Object.fromEntries(requestLabels.map((label, place) => [label, words[place] ?? '']))
}

function named(own: string): string {
  return `shadowgate_router_${own}`
}

function setTotal(counter: Counter, value: number): void {
  counter.reset()
  counter.inc(value)
}
