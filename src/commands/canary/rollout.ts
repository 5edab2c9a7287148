// A rollout under way: proxy, keeper, clerk and guards, joined.

import { createHash } from 'node:crypto'
import type { ArmTargets } from '../../canary/arm-targets.ts'
import { credentialsIn } from '../../canary/credentials.ts'
import { type DrillTime, drillTimesIn } from '../../canary/drill-times.ts'
import { isFailure } from '../../canary/failing.ts'
import { withFaults } from '../../canary/faults.ts'
import { connectArm } from '../../canary/forward.ts'
import { createGuards, type GuardCounts } from '../../canary/guards.ts'
import { createKeeper, type Keeper } from '../../canary/keeper.ts'
import { namedModel } from '../../canary/named-model.ts'
import { type Asking, type Assigned, createProxy, type Proxy } from '../../canary/proxy.ts'
import { createRequests } from '../../canary/requests.ts'
import { modelIn, notOfIt, type RouterOptions, route } from '../../canary/router.ts'
import type { Served } from '../../canary/served.ts'
import { createTraffic, type Traffic, type TrafficCounts } from '../../canary/traffic.ts'
import type { RampEvent, RampState } from '../../core/rollout.ts'
import { type Arm, arms } from '../../core/types.ts'
import { endpointOf } from '../../providers/endpoint.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import { personalDataOf } from '../privacy-words.ts'
import type { Session } from '../session.ts'
import { type Clerk, type ClerkOrder, startClerk } from './clerk-thread.ts'
import { connectTargets, servedArm } from './connect-arms.ts'
import { controlRequests, hasOwnCache } from './control.ts'
import { drain } from './drain.ts'
import type { DrillOrder } from './drill/live.ts'
import { createTraces, tracingOf } from './tracing.ts'

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
  readonly guards: () => GuardCounts
  /** Of the journal; null where it is empty. */
  readonly lastEvent: () => RampEvent | null
  readonly arms: Readonly<Record<Arm, ArmTargets>>
  readonly isDraining: () => boolean
  /** Resolves when the last request is over and read; says how many took too long and were cut. */
  readonly close: () => Promise<number>
}

export interface RolloutOptions {
  readonly orders: Readonly<Record<Arm, ArmOrder>>
  readonly events: readonly RampEvent[]
  readonly write: (event: RampEvent) => void
  readonly logPath: string
  readonly onEvent: (event: RampEvent, state: RampState) => void
  /** `state`: as the rollout stands now that the exchange is over. */
  readonly onServed: (served: Served, state: RampState) => void
  /** Absent where none may be. */
  readonly drill?: DrillOrder
}

const megabyte = 1_000_000

export function startRollout(session: Session, options: RolloutOptions): Rollout {
  const { config, world, policy, folder, targets } = session
  const { canary } = config
  const { clock } = world
  const { drill } = options
  // What the config has wrong comes out here, before a thread and a pool would keep the process alive.
  const served = {
    production: servedArm(session, 'production', options.orders.production),
    candidate: servedArm(session, 'candidate', options.orders.candidate),
  }
  const requests = {
    arms: { production: served.production.requests, candidate: served.candidate.requests },
    ownHeaders: canary.overrideHeader === undefined ? [] : [canary.overrideHeader.toLowerCase()],
  }
  const armRequest = createRequests(requests)
  const controlRequest = controlRequests(session, requests)
  const { api, model, timeouts } = targets.candidate
  const spoilt = drill && { order: drill.order, chance: drill.chance, api, model: model ?? '', timeouts }
  const armTargets = {
    production: connectTargets(session, served.production),
    candidate: connectTargets(session, served.candidate, (target) =>
      spoilt ? withFaults(connectArm(target), { ...spoilt, clock }) : connectArm(target),
    ),
  }
  const guards = createGuards(canary.guards)
  const traffic = createTraffic(clock.now)
  let [leftOut, troubles] = [0, 0]
  let lastEvent = options.events.at(-1) ?? null
  let drills = drillTimesIn(options.events)
  const keeper = createKeeper({
    events: options.events,
    write: options.write,
    onEvent: (event, state) => {
      lastEvent = event
      if (event.kind === 'opened' || event.kind === 'flipped') guards.reset()
      if (event.kind === 'opened') clerk.begin(event.at, drills)
      const left = leftBy(event)
      if (left !== null) proxy.underWay.leave(left)
      options.onEvent(event, state)
    },
    clock,
  })
  const personal = personalDataOf(config)
  const tracing = tracingOf(world.env, canary)
  if (tracing !== null && 'because' in tracing) world.log(`router   no spans are sent: ${tracing.because}`)
  const traced = tracing === null || 'because' in tracing ? null : tracing
  const clerk = startClerk(
    {
      policy,
      folder,
      targets,
      comparison: { level: policy.level, expectedUsers: canary.expectedUsers, minUsers: canary.minUsers },
      stratify: canary.stratify ?? null,
      reportsCache: { production: true, candidate: true },
      // In the other modes both arms are asked as often.
      isCacheMatched: canary.mode !== 'canary' || hasOwnCache(config),
      logPath: options.logPath,
      personal: personal && { ...personal, salt: canary.salt },
      keys: { production: keysOf(options.orders.production), candidate: keysOf(options.orders.candidate) },
      spans: traced && { ...traced, version: world.versions.shadowgate, fingerprint: fingerprintOf(session) },
    },
    {
      onEvaluation: (evaluation) => {
        if (drill?.takes(evaluation) !== false) attempt(session, () => keeper.evaluated(evaluation))
      },
      onTrouble: (message) => {
        troubles++
        world.log(`router   ${message}`)
      },
      onNotice: (message) => world.log(`router   ${message}`),
    },
  )
  clerk.begin(keeper.state().openedAt, drills)
  const traces = traced === null ? null : createTraces(traced.sampling, keeper.state)
  const deal = assigning(session, keeper, traffic)
  const requestTo = (arm: Arm, target: number, asking: Asking, { group }: Pick<Assigned, 'group'>) => {
    const isControl = controlRequest !== null && group === 'control'
    const request = isControl ? controlRequest(target, asking) : armRequest(arm, target, asking)
    return traces === null ? request : traces.request(request, arm, asking)
  }
  const see = (one: Served) => {
    // What a drill spoilt, and ended after it.
    const isLate = one.drill !== undefined && drill?.order() === null
    clerk.serve(one.trace === undefined ? one : { ...one, endedAtMs: clock.now() })
    traffic.serve(one)
    options.onServed(one, keeper.state())
    const { servedBy, failure, status, isUnseen } = one
    if (isLate || servedBy !== 'candidate' || failure?.kind === 'left') return
    // What was not sent, since the candidate is down, is its failure too: a breaker spares users the wait and hides nothing.
    const isAnswered = failure === null && status !== null && !isFailure(status, served.candidate.key !== null)
    if (isAnswered && !isUnseen && drill?.counts(one) !== false) keeper.count()
    const tripped = guards.see(isAnswered, clock.now())
    if (tripped !== null) attempt(session, () => keeper.tripped(tripped))
  }
  const { limits } = canary
  const proxy = createProxy({
    arms: armTargets,
    assign: traces === null ? deal : (asking) => traces.assigned(asking, deal(asking)),
    requestTo,
    onServed: see,
    onFeedback: (feedback) => clerk.rate(feedback, new Date(clock.now()).toISOString()),
    maxBodyBytes: canary.maxBodyMb * megabyte,
    limits: {
      mostConnections: limits.clients,
      maxHeaderBytes: limits.headerKb * 1000,
      headersMs: limits.headersSeconds * 1000,
      requestMs: limits.requestSeconds * 1000,
      keepAliveMs: limits.keepAliveSeconds * 1000,
      stalledMs: limits.stalledSeconds * 1000,
    },
    maxCopies: canary.maxCopies,
    onLeftOut: () => leftOut++,
    tellsArm: canary.tellsArm,
    clock,
  })
  const evaluating = setInterval(
    () => clerk.evaluate(new Date(clock.now()).toISOString()),
    canary.evaluateEverySeconds * 1000,
  )
  let isDraining = false
  return {
    proxy,
    keeper,
    clerk,
    arms: armTargets,
    leftOut: () => leftOut,
    isDraining: () => isDraining,
    inFlight: () => ({ production: inFlightOf(armTargets.production), candidate: inFlightOf(armTargets.candidate) }),
    troubles: () => troubles,
    traffic: traffic.counts,
    guards: guards.counts,
    lastEvent: () => lastEvent,
    forgetDrill: (time) => {
      drills = [...drills, time]
      guards.reset()
      clerk.begin(keeper.state().openedAt, drills)
    },
    close: async () => {
      isDraining = true
      const { noticeSeconds, endSeconds } = canary.drain
      const allowed = { noticeMs: noticeSeconds * 1000, endMs: endSeconds * 1000 }
      const cut = await drain(proxy, allowed, { clock, hurry: world.leave })
      clearInterval(evaluating)
      await Promise.all(arms.map((arm) => armTargets[arm].close()))
      await clerk.close()
      return cut
    },
  }
}

/** A journal that can't be written holds the ramp where it is, and people hear of it; requests are served all the same. */
function attempt({ world }: Session, act: () => void): void {
  try {
    act()
  } catch (error) {
    world.log(`router   ${error instanceof Error ? error.message : String(error)}`)
  }
}

function keysOf({ key, headers }: ArmOrder): ClerkOrder['keys'][Arm] {
  return { key, headers }
}

function assigning({ config, targets }: Session, keeper: Keeper, traffic: Traffic): (asking: Asking) => Assigned {
  const { canary } = config
  const options: RouterOptions = {
    key: canary.key,
    salt: canary.salt,
    overrideHeader: canary.overrideHeader ?? null,
    traceHeader: canary.traceHeader ?? null,
    model: canary.model ?? targets.production.model,
    chance: Math.random,
  }
  const hasKeyInBody = canary.key.some((source) => 'body' in source)
  const names = Object.entries(canary.segments).map(([key, header]) => [key, header.toLowerCase()] as const)
  return (asking) => {
    const endpoint = endpointOf(asking.path)
    const api = endpoint?.api ?? null
    const { headers } = asking
    const named = namedModel(asking.body)
    const isJson = named !== undefined || asking.json !== null
    const model = (named === undefined ? modelIn(asking.json) : named) ?? endpoint?.model ?? null
    const assignment = route(
      {
        headers,
        isAsking: asking.method === 'POST' && api === targets.production.api && isJson,
        model,
        body: hasKeyInBody ? asking.json : null,
      },
      keeper.state(),
      options,
    )
    traffic.ask(asking, assignment, model)
    // The candidate's request is written anew; bytes that only looked like JSON can't be.
    const isSound = (assignment.arm === 'production' && !assignment.isCopied) || asking.json !== null
    const segments =
      names.length === 0 ? none : Object.fromEntries(names.flatMap(([key, name]) => segmentIn(headers[name], key)))
    return { ...(isSound ? assignment : notOfIt), api, segments, credentials: credentialsIn(headers) }
  }
}

const none = {}

/** A segment is one of a few words; whatever is longer is none. */
const longestSegment = 100

function segmentIn(value: string | readonly string[] | undefined, key: string): readonly (readonly [string, string])[] {
  return typeof value === 'string' && value !== '' && value.length <= longestSegment ? [[key, value]] : []
}

/** Of both targets and the plan: where it is another, a rollout begins from its start. */
export function fingerprintOf({ targets, config }: Session): string {
  const { mode, stages, salt, key } = config.canary
  const about = arms.map((arm) => {
    const { api, vendor, baseUrl, model, rename, overrides } = targets[arm]
    return { api, vendor, baseUrl, model, rename, overrides }
  })
  return createHash('sha256')
    .update(JSON.stringify([about, mode, stages, salt, key]))
    .digest('hex')
    .slice(0, 16)
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
