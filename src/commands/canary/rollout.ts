// A rollout under way: proxy, keeper, clerk and guards, joined.

import { createHash } from 'node:crypto'
import { connectArm } from '../../canary/forward.ts'
import { createGuards } from '../../canary/guards.ts'
import { createKeeper, type Keeper } from '../../canary/keeper.ts'
import { namedModel } from '../../canary/named-model.ts'
import { type Asking, type Assigned, createProxy, type Proxy } from '../../canary/proxy.ts'
import { createRequests } from '../../canary/requests.ts'
import { modelIn, notOfIt, type RouterOptions, route } from '../../canary/router.ts'
import type { Served } from '../../canary/served.ts'
import type { RampEvent, RampState } from '../../core/rollout.ts'
import { type Arm, arms } from '../../core/types.ts'
import { endpointOf } from '../../providers/endpoint.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import { personalDataOf } from '../privacy-words.ts'
import type { Session } from '../session.ts'
import { type Clerk, startClerk } from './clerk-thread.ts'

export interface Rollout {
  readonly proxy: Proxy
  readonly keeper: Keeper
  readonly clerk: Clerk
  /** Copies of shadow mode that were left out for lack of room. */
  readonly leftOut: () => number
  /** No new requests; resolves when the last one is over and read. */
  readonly close: () => Promise<void>
}

export interface RolloutOptions {
  readonly orders: Readonly<Record<Arm, ArmOrder>>
  readonly events: readonly RampEvent[]
  readonly write: (event: RampEvent) => void
  readonly logPath: string
  readonly onEvent: (event: RampEvent, state: RampState) => void
  readonly onServed: (served: Served) => void
}

const megabyte = 1_000_000

export function startRollout(session: Session, options: RolloutOptions): Rollout {
  const { config, world, policy, folder, targets } = session
  const { canary } = config
  const { clock } = world
  const guards = createGuards(canary.guards)
  let leftOut = 0
  const keeper = createKeeper({
    events: options.events,
    write: options.write,
    onEvent: (event, state) => {
      if (event.kind === 'opened' || event.kind === 'flipped') guards.reset()
      if (event.kind === 'opened') clerk.begin(event.at)
      options.onEvent(event, state)
    },
    clock,
  })
  const personal = personalDataOf(config)
  const clerk = startClerk(
    {
      policy,
      folder,
      targets,
      comparison: { level: policy.level, expectedUsers: canary.expectedUsers, minUsers: canary.minUsers },
      stratify: canary.stratify ?? null,
      reportsCache: { production: true, candidate: true },
      logPath: options.logPath,
      personal: personal && { ...personal, salt: canary.salt },
    },
    {
      onEvaluation: (evaluation) => attempt(session, () => keeper.evaluated(evaluation)),
      onTrouble: (message) => world.log(`router   ${message}`),
    },
  )
  clerk.begin(keeper.state().openedAt)
  const connect = (arm: Arm) =>
    connectArm({
      origin: new URL(targets[arm].baseUrl).origin,
      timeouts: targets[arm].timeouts,
      connections: canary.connections,
    })
  const connections = { production: connect('production'), candidate: connect('candidate') }
  const requestTo = createRequests({
    arms: {
      production: {
        ...options.orders.production,
        key: canary.credentials === 'target' ? options.orders.production.key : null,
      },
      candidate: options.orders.candidate,
    },
    ownHeaders: canary.overrideHeader === undefined ? [] : [canary.overrideHeader.toLowerCase()],
  })
  const see = (served: Served) => {
    clerk.serve(served)
    options.onServed(served)
    if (served.servedBy !== 'candidate' || served.failure?.kind === 'left') return
    const isAnswered = served.failure === null && served.status !== null && served.status < 500 && served.status !== 429
    if (isAnswered && !served.isUnseen) keeper.count()
    const tripped = guards.see(isAnswered, clock.now())
    if (tripped !== null) attempt(session, () => keeper.tripped(tripped))
  }
  const proxy = createProxy({
    connections,
    assign: assigning(session, keeper),
    requestTo,
    onServed: see,
    onFeedback: (feedback) => clerk.rate(feedback, new Date(clock.now()).toISOString()),
    maxBodyBytes: canary.maxBodyMb * megabyte,
    maxCopies: canary.maxCopies,
    onLeftOut: () => leftOut++,
    tellsArm: canary.tellsArm,
    clock,
  })
  const evaluating = setInterval(
    () => clerk.evaluate(new Date(clock.now()).toISOString()),
    canary.evaluateEverySeconds * 1000,
  )
  return {
    proxy,
    keeper,
    clerk,
    leftOut: () => leftOut,
    close: async () => {
      clearInterval(evaluating)
      await closeServer(proxy)
      await Promise.all(arms.map((arm) => connections[arm].close()))
      await clerk.close()
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

function assigning({ config, targets }: Session, keeper: Keeper): (asking: Asking) => Assigned {
  const { canary } = config
  const options: RouterOptions = {
    key: canary.key,
    salt: canary.salt,
    overrideHeader: canary.overrideHeader ?? null,
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
    const assignment = route(
      {
        headers,
        isAsking: asking.method === 'POST' && api === targets.production.api && isJson,
        model: (named === undefined ? modelIn(asking.json) : named) ?? endpoint?.model ?? null,
        body: hasKeyInBody ? asking.json : null,
      },
      keeper.state(),
      options,
    )
    // The candidate's request is written anew; bytes that only looked like JSON can't be.
    const isSound = (assignment.arm === 'production' && !assignment.isCopied) || asking.json !== null
    const segments =
      names.length === 0 ? none : Object.fromEntries(names.flatMap(([key, name]) => segmentIn(headers[name], key)))
    return { ...(isSound ? assignment : notOfIt), api, segments }
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

/** Requests under way come to their end; idle connections are closed at once. */
async function closeServer({ server, active }: Proxy): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await closed
  while (active() > 0) await new Promise((resolve) => setTimeout(resolve, 20))
}
