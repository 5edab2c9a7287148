// What requests meet, made of one config: the servers of both arms, who is dealt where, and what each is asked.

import { modelIn, notOfIt, type RouterOptions, route } from '../../canary/dealing/router.ts'
import { withFaults } from '../../canary/faults/faults.ts'
import { credentialsIn } from '../../canary/proxy/credentials.ts'
import { connectArm } from '../../canary/proxy/forward.ts'
import { namedModel } from '../../canary/proxy/named-model.ts'
import type { Asking, Assigned, Plane } from '../../canary/proxy/proxy.ts'
import { createRequests } from '../../canary/proxy/requests.ts'
import type { Keeper } from '../../canary/ramp/keeper.ts'
import type { Traffic } from '../../canary/served/traffic.ts'
import type { Arm } from '../../core/types.ts'
import { endpointOf } from '../../providers/endpoint.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import type { Session } from '../session/session.ts'
import { connectTargets, type ServedArm, servedArm } from './connect-arms.ts'
import { controlRequests } from './control.ts'
import type { DrillOrder } from './drill/live.ts'
import type { Traces } from './metrics/tracing.ts'

const megabyte = 1_000_000

/** What outlives a config. */
export interface PlaneParts {
  readonly state: Keeper['state']
  readonly traffic: Traffic
  /** null where nobody traces. */
  readonly traces: Traces | null
  /** null where none may be. */
  readonly drill: DrillOrder | null
}

export interface OwnPlane {
  readonly plane: Plane
  /** Whether a key that the candidate refuses is its own, and no client's. */
  readonly hasCandidateKey: boolean
}

/** It holds no connection before it is asked. Faults: KEY_MISSING, BAD_CONFIG. */
export function planeOf(session: Session, orders: Readonly<Record<Arm, ArmOrder>>, parts: PlaneParts): OwnPlane {
  const { canary } = session.config
  const { traces } = parts
  const production = servedArm(session, 'production', orders.production)
  const candidate = servedArm(session, 'candidate', orders.candidate)
  const deal = assigning(session, parts)
  return {
    plane: {
      arms: {
        production: connectTargets(session, production),
        candidate: connectTargets(session, candidate, connecting(session, parts)),
      },
      assign: traces === null ? deal : (asking) => traces.assigned(asking, deal(asking)),
      requestTo: requesting(session, { production, candidate }, traces),
      maxBodyBytes: canary.maxBodyMb * megabyte,
      maxCopies: canary.maxCopies,
      tellsArm: canary.tellsArm,
    },
    hasCandidateKey: !candidate.takesClients,
  }
}

/** What a drill spoils, it spoils below the breakers. */
function connecting({ targets, world }: Session, { drill }: PlaneParts): typeof connectArm {
  if (drill === null) return connectArm
  const { api, model, timeouts } = targets.candidate
  const spoilt = { order: drill.order, chance: drill.chance, api, model: model ?? '', timeouts, clock: world.clock }
  return (options) => withFaults(connectArm(options), spoilt)
}

function requesting(
  session: Session,
  { production, candidate }: Readonly<Record<Arm, ServedArm>>,
  traces: Traces | null,
): Plane['requestTo'] {
  const { overrideHeader } = session.config.canary
  const requests = {
    arms: { production: production.requests, candidate: candidate.requests },
    ownHeaders: overrideHeader === undefined ? [] : [overrideHeader.toLowerCase()],
  }
  const armRequest = createRequests(requests)
  const controlRequest = controlRequests(session, requests)
  return (arm, target, asked, { group }) => {
    const isControl = controlRequest !== null && arm === 'production' && group === 'control'
    const request = isControl ? controlRequest(target, asked) : armRequest(arm, target, asked)
    return traces === null ? request : traces.request(request, arm, asked)
  }
}

function assigning({ config, targets }: Session, { state, traffic }: PlaneParts): (asking: Asking) => Assigned {
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
      state(),
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
