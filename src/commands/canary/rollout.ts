// A rollout under way: proxy, keeper, clerk and guards, joined.

import type { Server } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { connectArm } from '../../canary/forward.ts'
import { createGuards } from '../../canary/guards.ts'
import { createKeeper, type Keeper } from '../../canary/keeper.ts'
import { isAnswer } from '../../canary/log-line.ts'
import { type Asking, type Assigned, createProxy, type Proxy } from '../../canary/proxy.ts'
import { createRequests } from '../../canary/requests.ts'
import { modelIn, type RouterOptions, route } from '../../canary/router.ts'
import type { Served } from '../../canary/served.ts'
import type { RampEvent, RampState } from '../../core/rollout.ts'
import { type Arm, arms } from '../../core/types.ts'
import { endpointOf } from '../../providers/endpoint.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import { personalDataOf } from '../privacy-words.ts'
import type { Session } from '../session.ts'
import { type Clerk, type ClerkOrder, startClerk } from './clerk-thread.ts'

export interface Rollout {
  readonly proxy: Proxy
  readonly keeper: Keeper
  readonly clerk: Clerk
  /** Copies of shadow mode that were left out for lack of room. */
  readonly leftOut: () => number
  /**
   * Other settings from now on: requests under way end by the old ones. `commit` says why not, or null; where it throws or says why,
   * all is as it was.
   */
  readonly renew: (session: Session, orders: RolloutOptions['orders'], commit: () => string | null) => string | null
  /** No new requests; resolves when the last one is over and read. */
  readonly close: () => Promise<void>
}

export interface RolloutOptions {
  readonly orders: Readonly<Record<Arm, ArmOrder>>
  readonly events: readonly RampEvent[]
  readonly write: (event: RampEvent) => void
  /** Before each evaluation. */
  readonly settle: () => void
  readonly logPath: string
  readonly onEvent: (event: RampEvent, state: RampState) => void
  readonly onServed: (served: Served) => void
}

const megabyte = 1_000_000

export function startRollout(first: Session, options: RolloutOptions): Rollout {
  let session = first
  const { clock } = session.world
  let guards = createGuards(session.config.canary.guards)
  let leftOut = 0
  const keeper = createKeeper({
    events: options.events,
    write: options.write,
    onEvent: (event, state) => {
      if (event.kind === 'opened' || event.kind === 'flipped') guards.reset()
      if (event.kind === 'opened') clerk.begin({ since: event.at, stageSince: event.at })
      options.onEvent(event, state)
    },
    clock,
  })
  // How often the clerk still has to read its log by new settings: what it finds before is by the old ones, and moves nothing.
  let renewals = 0
  const clerk = startClerk(clerkOrderOf(session, options.logPath), {
    onEvaluation: (evaluation) => {
      if (renewals === 0) attempt(session, () => keeper.evaluated(evaluation))
    },
    onReplayed: ({ stageRequests, stageSince, isRenewal }) => {
      if (isRenewal) renewals--
      else if (stageSince === keeper.state().since) keeper.count(stageRequests)
    },
    onTrouble: (message) => session.world.log(`router   ${message}`),
  })
  const seenFrom = () => ({ since: keeper.state().openedAt, stageSince: keeper.state().since })
  clerk.begin(seenFrom())
  const see = (served: Served) => {
    clerk.serve(served)
    options.onServed(served)
    if (served.servedBy !== 'candidate' || served.failure?.kind === 'left') return
    const isAnswered = served.failure === null && isAnswer(served.status)
    if (isAnswered && !served.isUnseen) keeper.count()
    const tripped = guards.see(isAnswered, clock.now())
    if (tripped !== null) attempt(session, () => keeper.tripped(tripped))
  }
  /** All that a request meets, made of one config; of two, each request meets one alone. */
  const startPlane = ({ config, targets }: Session, orders: RolloutOptions['orders']) => {
    const { canary } = config
    const connect = (arm: Arm) =>
      connectArm({
        origin: new URL(targets[arm].baseUrl).origin,
        timeouts: targets[arm].timeouts,
        connections: canary.connections,
      })
    const connections = { production: connect('production'), candidate: connect('candidate') }
    const requestTo = createRequests({
      arms: {
        production: { ...orders.production, key: canary.credentials === 'target' ? orders.production.key : null },
        candidate: orders.candidate,
      },
      ownHeaders: canary.overrideHeader === undefined ? [] : [canary.overrideHeader.toLowerCase()],
    })
    const proxy = createProxy({
      connections,
      assign: assigning({ config, targets }, keeper),
      requestTo,
      onServed: see,
      onFeedback: (feedback) => clerk.rate(feedback, new Date(clock.now()).toISOString()),
      maxBodyBytes: canary.maxBodyMb * megabyte,
      maxCopies: canary.maxCopies,
      onLeftOut: () => leftOut++,
      tellsArm: canary.tellsArm,
      clock,
    })
    return { proxy, close: () => Promise.all(arms.map((arm) => connections[arm].close())) }
  }
  let plane = startPlane(session, options.orders)
  const { server } = plane.proxy
  const leaving = new Set<typeof plane>()
  const startEvaluating = () =>
    setInterval(() => {
      options.settle()
      clerk.evaluate(new Date(clock.now()).toISOString())
    }, session.config.canary.evaluateEverySeconds * 1000)
  let evaluating = startEvaluating()
  const active = () => [plane, ...leaving].reduce((sum, { proxy }) => sum + proxy.active(), 0)
  return {
    proxy: { server, handle: (request, response) => plane.proxy.handle(request, response), active },
    keeper,
    clerk,
    leftOut: () => leftOut,
    renew: (next, orders, commit) => {
      const [before, after] = [plane, startPlane(next, orders)]
      const refusal = commit()
      if (refusal !== null) return refusal
      const limits = next.config.canary.guards
      if (!isDeepStrictEqual(limits, session.config.canary.guards)) guards = createGuards(limits)
      const order = clerkOrderOf(next, options.logPath)
      if (!isDeepStrictEqual(order, clerkOrderOf(session, options.logPath))) {
        renewals++
        clerk.renew(order, seenFrom())
      }
      session = next
      plane = after
      // In one step: no request comes between both.
      server.off('request', before.proxy.handle).on('request', after.proxy.handle)
      clearInterval(evaluating)
      evaluating = startEvaluating()
      leaving.add(before)
      void over(before.proxy)
        .then(before.close)
        .finally(() => leaving.delete(before))
      return null
    },
    close: async () => {
      clearInterval(evaluating)
      await closeServer(server, active)
      await plane.close()
      await clerk.close()
    },
  }
}

function clerkOrderOf({ config, policy, folder, targets }: Session, logPath: string): ClerkOrder {
  const { canary } = config
  const personal = personalDataOf(config)
  return {
    policy,
    folder,
    targets,
    comparison: { level: policy.level, expectedUsers: canary.expectedUsers, minUsers: canary.minUsers },
    stratify: canary.stratify ?? null,
    reportsCache: { production: true, candidate: true },
    logPath,
    log: {
      maxBytes: canary.logMaxMb * megabyte,
      maxAgeMs: canary.logMaxHours * 3_600_000,
      keep: canary.logKeep,
    },
    personal: personal && { ...personal, salt: canary.salt },
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

function assigning(
  { config, targets }: Pick<Session, 'config' | 'targets'>,
  keeper: Keeper,
): (asking: Asking) => Assigned {
  const { canary } = config
  const options: RouterOptions = {
    key: canary.key,
    salt: canary.salt,
    overrideHeader: canary.overrideHeader ?? null,
    model: canary.model ?? targets.production.model,
    chance: Math.random,
  }
  const names = Object.entries(canary.segments).map(([key, header]) => [key, header.toLowerCase()] as const)
  return (asking) => {
    const endpoint = endpointOf(asking.path)
    const api = endpoint?.api ?? null
    const isAsking = asking.method === 'POST' && api === targets.production.api && asking.json !== null
    const model = modelIn(asking.json) ?? endpoint?.model ?? null
    const { headers, json: body } = asking
    const assignment = route({ headers, body, isAsking, model }, keeper.state(), options)
    const segments = Object.fromEntries(names.flatMap(([key, name]) => segmentIn(headers[name], key)))
    return { ...assignment, api, segments }
  }
}

/** A segment is one of a few words; whatever is longer is none. */
const longestSegment = 100

function segmentIn(value: string | readonly string[] | undefined, key: string): readonly (readonly [string, string])[] {
  return typeof value === 'string' && value !== '' && value.length <= longestSegment ? [[key, value]] : []
}

/** Requests under way come to their end; idle connections are closed at once. */
async function closeServer(server: Server, active: () => number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await closed
  await over({ active })
}

async function over({ active }: Pick<Proxy, 'active'>): Promise<void> {
  while (active() > 0) await new Promise((resolve) => setTimeout(resolve, 20))
}
