// A rollout under way: proxy, keeper, clerk and guards, joined.

import { isDeepStrictEqual } from 'node:util'
import type { ArmTargets } from '../../canary/arm-targets.ts'
import { isFailure } from '../../canary/failing.ts'
import { createGuards } from '../../canary/guards.ts'
import { createKeeper, type Keeper } from '../../canary/keeper.ts'
import { type Asking, type Assigned, createProxy, type Plane, type Proxy } from '../../canary/proxy.ts'
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
import { connectTargets, servedArm } from './connect-arms.ts'
import { drain } from './drain.ts'

export interface Rollout {
  readonly proxy: Proxy
  readonly keeper: Keeper
  readonly clerk: Clerk
  /** Copies of shadow mode that were left out for lack of room. */
  readonly leftOut: () => number
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
  readonly onServed: (served: Served) => void
}

const megabyte = 1_000_000

export function startRollout(first: Session, options: RolloutOptions): Rollout {
  let session = first
  const { clock, leave: hurry } = session.world
  // What the config has wrong comes out here, before a thread and a pool would keep the process alive.
  let plane = planeOf(session, options.orders, () => keeper.state())
  let guards = createGuards(session.config.canary.guards)
  let leftOut = 0
  const keeper = createKeeper({
    events: options.events,
    write: options.write,
    onEvent: (event, state) => {
      if (event.kind === 'opened' || event.kind === 'flipped') guards.reset()
      if (event.kind === 'opened') clerk.begin({ since: event.at, stageSince: event.at })
      const left = leftBy(event)
      if (left !== null) proxy.underWay.leave(left)
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
  const see = (one: Served) => {
    clerk.serve(one)
    options.onServed(one)
    const { servedBy, failure, status, isUnseen } = one
    if (servedBy !== 'candidate' || failure?.kind === 'left') return
    // What was not sent, since the candidate is down, is its failure too: a breaker spares users the wait and hides nothing.
    const isAnswered = failure === null && status !== null && !isFailure(status, plane.hasCandidateKey)
    if (isAnswered && !isUnseen) keeper.count()
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
      clerk.evaluate(new Date(clock.now()).toISOString())
    }, session.config.canary.evaluateEverySeconds * 1000)
  let evaluating = startEvaluating()
  let isDraining = false
  return {
    proxy,
    keeper,
    clerk,
    arms: () => plane.plane.arms,
    leftOut: () => leftOut,
    isDraining: () => isDraining,
    renew: (next, orders, commit) => {
      const [before, after] = [plane, planeOf(next, orders, keeper.state)]
      const refusal = commit()
      if (refusal !== null) return refusal
      const guardLimits = next.config.canary.guards
      if (!isDeepStrictEqual(guardLimits, session.config.canary.guards)) guards = createGuards(guardLimits)
      const order = clerkOrderOf(next, options.logPath)
      if (!isDeepStrictEqual(order, clerkOrderOf(session, options.logPath))) {
        renewals++
        clerk.renew(order, seenFrom())
      }
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

interface OwnPlane {
  readonly plane: Plane
  readonly hasCandidateKey: boolean
}

/** Made of one config alone; it holds no connection before it is asked. Faults: KEY_MISSING, BAD_CONFIG. */
function planeOf(session: Session, orders: RolloutOptions['orders'], state: Keeper['state']): OwnPlane {
  const { canary } = session.config
  const production = servedArm(session, 'production', orders.production)
  const candidate = servedArm(session, 'candidate', orders.candidate)
  const requestTo = createRequests({
    arms: { production: production.requests, candidate: candidate.requests },
    ownHeaders: canary.overrideHeader === undefined ? [] : [canary.overrideHeader.toLowerCase()],
  })
  return {
    plane: {
      arms: { production: connectTargets(session, production), candidate: connectTargets(session, candidate) },
      assign: assigning(session, state),
      requestTo,
      maxBodyBytes: canary.maxBodyMb * megabyte,
      maxCopies: canary.maxCopies,
      tellsArm: canary.tellsArm,
    },
    hasCandidateKey: candidate.key !== null,
  }
}

async function closeArms({ arms: each }: Plane): Promise<void> {
  await Promise.all(arms.map((arm) => each[arm].close()))
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

function assigning({ config, targets }: Session, state: Keeper['state']): (asking: Asking) => Assigned {
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
    const assignment = route({ headers, body, isAsking, model }, state(), options)
    const segments = Object.fromEntries(names.flatMap(([key, name]) => segmentIn(headers[name], key)))
    return { ...assignment, api, segments }
  }
}

/** A segment is one of a few words; whatever is longer is none. */
const longestSegment = 100

function segmentIn(value: string | readonly string[] | undefined, key: string): readonly (readonly [string, string])[] {
  return typeof value === 'string' && value !== '' && value.length <= longestSegment ? [[key, value]] : []
}

/** The arm that an event takes users from; null where it takes none. What is under way there ends there. */
function leftBy(event: RampEvent): Arm | null {
  if (event.kind === 'rolled-back') return 'candidate'
  if (event.kind !== 'flipped') return null
  return event.to === 'candidate' ? 'production' : 'candidate'
}
