// A rollout under way: proxy, keeper, clerk and guards, joined.

import { isDeepStrictEqual } from 'node:util'
import type { ArmTargets } from '../../canary/proxy/arm-targets.ts'
import { isFailure } from '../../canary/proxy/failing.ts'
import { createProxy, type Plane, type Proxy } from '../../canary/proxy/proxy.ts'
import { type DrillTime, drillTimesIn } from '../../canary/ramp/drill-times.ts'
import { createGuards, type GuardCounts, type GuardLimits } from '../../canary/ramp/guards.ts'
import { createKeeper, type Keeper } from '../../canary/ramp/keeper.ts'
import type { Served } from '../../canary/served/served.ts'
import { createTraffic, type TrafficCounts } from '../../canary/served/traffic.ts'
import { thrownMessage } from '../../core/fault.ts'
import type { RampEvent, RampState } from '../../core/rollout.ts'
import { type Arm, arms } from '../../core/types.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import type { Session } from '../session/session.ts'
import { clerkOrderOf } from './clerk/clerk-order.ts'
import { type Clerk, startClerk } from './clerk/clerk-thread.ts'
import { drain } from './drain.ts'
import type { DrillOrder } from './drill/live.ts'
import { createTraces, tracingOf } from './metrics/tracing.ts'
import { planeOf } from './plane.ts'

export interface Rollout {
  readonly proxy: Proxy
  readonly keeper: Keeper
  readonly clerk: Clerk
  /** Copies of shadow mode that were left out for lack of room. */
  readonly leftOut: () => number
  /** A drill is over: what it spoilt is no evidence. */
  readonly forgetDrill: (time: DrillTime) => void
  /** Requests to each arm under way, copies included. */
  readonly inFlight: () => Readonly<Record<Arm, number>>
  /** Times that the log or the reading of answers failed. */
  readonly troubles: () => number
  readonly traffic: () => TrafficCounts
  /** What they count, and the limits that hold now. */
  readonly guards: () => GuardCounts & GuardLimits
  /** Of the journal; null where it is empty. */
  readonly lastEvent: () => RampEvent | null
  readonly arms: () => Readonly<Record<Arm, ArmTargets>>
  readonly isDraining: () => boolean
  /**
   * Other settings from now on: requests under way end by the old ones. `commit` says why not, or null; where it throws or says why,
   * all is as it was.
   */
  readonly renew: (session: Session, orders: RolloutOptions['orders'], commit: () => string | null) => string | null
  /** Resolves when the last request is over and read; says how many took too long and were cut. */
  readonly close: () => Promise<number>
}

export interface RolloutOptions {
  readonly orders: Readonly<Record<Arm, ArmOrder>>
  readonly events: readonly RampEvent[]
  readonly write: (event: RampEvent) => void
  /** Before each evaluation. */
  readonly settle: () => void
  readonly logPath: string
  readonly onEvent: (event: RampEvent, state: RampState) => void
  /** `state`: as the rollout stands now that the exchange is over. */
  readonly onServed: (served: Served, state: RampState) => void
  /** Absent where none may be. */
  readonly drill?: DrillOrder
}

export function startRollout(first: Session, options: RolloutOptions): Rollout {
  let session = first
  const { clock, leave: hurry } = session.world
  // What the config has wrong comes out here, before a thread and a pool would keep the process alive.
  const { drill = null } = options
  const traffic = createTraffic(clock.now)
  const tracing = usableTracing(session)
  const state = () => keeper.state()
  const traces = tracing === null ? null : createTraces(tracing.sampling, state)
  const parts = { state, traffic, traces, drill }
  let plane = planeOf(session, options.orders, parts)
  let order = clerkOrderOf(session, { orders: options.orders, logPath: options.logPath, tracing })
  let guards = createGuards(session.config.canary.guards)
  let [leftOut, troubles] = [0, 0]
  let lastEvent = options.events.at(-1) ?? null
  let drills = drillTimesIn(options.events)
  const keeper = createKeeper({
    events: options.events,
    write: options.write,
    onEvent: (event, after) => {
      lastEvent = event
      if (event.kind === 'opened' || event.kind === 'flipped') guards.reset()
      if (event.kind === 'opened' || event.kind === 'forgotten') {
        clerk.begin({ ...seenFrom(after), isRenewal: event.kind === 'forgotten' })
      }
      const left = leftBy(event)
      if (left !== null) proxy.underWay.leave(left)
      options.onEvent(event, after)
    },
    clock,
  })
  const clerk = startClerk(order, {
    onEvaluation: (evaluation, stageSince) => {
      if (drill?.takes(evaluation) === false) return
      const unread = clerk.unread()
      attempt(session, () => keeper.evaluated({ ...evaluation, ...(unread > 0 && { unread }) }, stageSince))
    },
    onAnew: (because) => attempt(session, () => keeper.forget(because)),
    onReplayed: ({ stageSince, isRenewal, stageRequests, stageMs }) => {
      if (!isRenewal && stageSince === keeper.state().since) keeper.recall({ requests: stageRequests, ms: stageMs })
    },
    onTrouble: (message) => {
      troubles++
      session.world.log(`router   ${message}`)
    },
    onNotice: (message) => session.world.log(`router   ${message}`),
  })
  const seenFrom = ({ openedAt, since, restarts }: RampState) => ({
    since: openedAt,
    stageSince: since,
    drills,
    restarts,
  })
  clerk.begin({ ...seenFrom(keeper.state()), isRenewal: false })
  const see = (one: Served) => {
    // What a drill spoilt, and ended after it.
    const isLate = one.drill !== undefined && drill?.order() === null
    clerk.serve(one.trace === undefined ? one : { ...one, endedAtMs: clock.now() })
    traffic.serve(one)
    options.onServed(one, keeper.state())
    const { servedBy, failure, status, isUnseen } = one
    if (isLate || servedBy !== 'candidate') return
    if (failure?.kind === 'left') {
      const silent = status === null ? guards.leave(one.totalMs, clock.now()) : null
      if (silent !== null) attempt(session, () => keeper.tripped(silent))
      return
    }
    // What was not sent, since the candidate is down, is its failure too: a breaker spares users the wait and hides nothing.
    const isAnswered = failure === null && status !== null && !isFailure(status, plane.hasCandidateKey)
    const isDealt = one.reason !== 'override'
    if (isAnswered && isDealt && !isUnseen && drill?.counts(one) !== false) keeper.count()
    const tripped = guards.see(isAnswered, clock.now())
    if (tripped !== null) attempt(session, () => keeper.tripped(tripped))
  }
  const { limits } = session.config.canary
  const proxy = createProxy({
    ...plane.plane,
    onServed: see,
    onFeedback: (feedback) => clerk.rate(feedback, new Date(clock.now()).toISOString()),
    limits: {
      mostConnections: limits.clients,
      maxHeaderBytes: limits.headerKb * 1000,
      headersMs: limits.headersSeconds * 1000,
      requestMs: limits.requestSeconds * 1000,
      keepAliveMs: limits.keepAliveSeconds * 1000,
      stalledMs: limits.stalledSeconds * 1000,
    },
    onLeftOut: () => leftOut++,
    clock,
  })
  const startEvaluating = () =>
    setInterval(() => {
      options.settle()
      clerk.evaluate({ at: new Date(clock.now()).toISOString(), stageSince: keeper.state().since })
    }, session.config.canary.evaluateEverySeconds * 1000)
  let evaluating = startEvaluating()
  let isDraining = false
  return {
    proxy,
    keeper,
    clerk,
    arms: () => plane.plane.arms,
    inFlight: () => ({
      production: inFlightOf(plane.plane.arms.production),
      candidate: inFlightOf(plane.plane.arms.candidate),
    }),
    troubles: () => troubles,
    traffic: traffic.counts,
    guards: () => ({ ...guards.counts(), ...session.config.canary.guards }),
    lastEvent: () => lastEvent,
    forgetDrill: (time) => {
      drills = [...drills, time]
      guards.reset()
      clerk.begin({ ...seenFrom(keeper.state()), isRenewal: true })
    },
    leftOut: () => leftOut,
    isDraining: () => isDraining,
    renew: (next, orders, commit) => {
      const [before, after] = [plane, planeOf(next, orders, parts)]
      const refusal = commit()
      if (refusal !== null) return refusal
      const guardLimits = next.config.canary.guards
      if (!isDeepStrictEqual(guardLimits, session.config.canary.guards)) guards = createGuards(guardLimits)
      const nextOrder = clerkOrderOf(next, { orders, logPath: options.logPath, tracing })
      if (!isDeepStrictEqual(nextOrder, order)) clerk.renew(nextOrder, { ...seenFrom(keeper.state()), isRenewal: true })
      order = nextOrder
      session = next
      plane = after
      void proxy
        .swap(after.plane)
        .then(() => closeArms(before.plane))
        .catch((error: unknown) => next.world.log(`router   connections of before stay open: ${String(error)}`))
      clearInterval(evaluating)
      evaluating = startEvaluating()
      return null
    },
    close: async () => {
      isDraining = true
      const { noticeSeconds, endSeconds } = session.config.canary.drain
      const allowed = { noticeMs: noticeSeconds * 1000, endMs: endSeconds * 1000 }
      const cut = await drain(proxy, allowed, { clock, hurry })
      clearInterval(evaluating)
      await closeArms(plane.plane)
      await clerk.close()
      return cut
    },
  }
}

async function closeArms({ arms: each }: Plane): Promise<void> {
  await Promise.all(arms.map((arm) => each[arm].close()))
}

/** Where spans can't be sent, people hear of it, and requests are served all the same. */
function usableTracing({ world, config }: Session) {
  const tracing = tracingOf(world.env, config.canary)
  if (tracing === null || !('because' in tracing)) return tracing
  world.log(`router   no spans are sent: ${tracing.because}`)
  return null
}

/** A journal that can't be written holds the ramp where it is, and people hear of it; requests are served all the same. */
function attempt({ world }: Session, act: () => void): void {
  try {
    act()
  } catch (error) {
    world.log(`router   ${thrownMessage(error)}`)
  }
}

/** The arm that an event takes users from; null where it takes none. What is under way there ends there. */
function leftBy(event: RampEvent): Arm | null {
  if (event.kind === 'rolled-back') return 'candidate'
  if (event.kind !== 'flipped') return null
  return event.to === 'candidate' ? 'production' : 'candidate'
}

function inFlightOf(targets: ArmTargets): number {
  return targets.states().reduce((sum, { inFlight }) => sum + inFlight, 0)
}
