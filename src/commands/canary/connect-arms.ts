// The servers of both arms as the router asks them: addresses, keys and headers from the config, each with its connections.

import { type ArmTargets, createArmTargets } from '../../canary/proxy/arm-targets.ts'
import { isFailure } from '../../canary/proxy/failing.ts'
import { type ArmConnections, type ArmOptions, connectArm } from '../../canary/proxy/forward.ts'
import type { ArmRequests } from '../../canary/proxy/requests.ts'
import { Fault } from '../../core/fault.ts'
import { type Arm, arms } from '../../core/types.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import { keyNamed } from '../config/key-named.ts'
import { requireBareUrl } from '../config/resolve.ts'
import { probeTarget } from '../replay/preflight.ts'
import type { Session } from '../session/session.ts'
import { controlKeys } from './control.ts'

export interface ServedArm {
  readonly arm: Arm
  /** In the order of the config: the one in `targets` is the first, and the control's own the last. */
  readonly requests: readonly ServerRequests[]
  /** null: it is asked with the clients' own keys, or with none where they are not for it. */
  readonly key: string | null
  /** Whether its servers are asked with the clients' own keys: a status that refuses one is the client's matter then. */
  readonly takesClients: boolean
}

interface ServerRequests extends ArmRequests {
  /** That names it. */
  readonly setting: string
  readonly weight: number
  readonly isControls?: boolean
}

/** Whom to ask for an arm. Faults: KEY_MISSING; BAD_CONFIG where an address holds a credential. */
export function servedArm({ config, targets, world, file }: Session, arm: Arm, order: ArmOrder): ServedArm {
  const { credentials, moreTargets } = config.canary
  // What clients show to production is for its servers: another vendor could ask there with it.
  const home = new Set([targets.production, ...moreTargets.production].map(({ baseUrl }) => new URL(baseUrl).origin))
  const isForeign = (baseUrl: string) => arm === 'candidate' && !home.has(new URL(baseUrl).origin)
  const key = arm === 'production' && credentials === 'client' ? null : order.key
  const more = moreTargets[arm].map(({ baseUrl, keyFrom, headers, weight }, at) => {
    const setting = `canary.moreTargets.${arm}[${at}]`
    const place = `${file} ${setting}`
    requireBareUrl(baseUrl, `${place}.baseUrl`)
    return {
      setting,
      target: { ...order.target, baseUrl },
      key: keyFrom === undefined ? key : keyNamed(keyFrom.env, world.env, `${place}.keyFrom`),
      headers: { ...order.headers, ...headers },
      isForeign: isForeign(baseUrl),
      weight,
    }
  })
  const { target, headers } = order
  const first = { setting: `targets.${arm}`, target, key, headers, isForeign: isForeign(target.baseUrl), weight: 1 }
  const own = arm === 'production' ? controlServer({ config, world, file }, first) : []
  return { arm, key, takesClients: key === null && !first.isForeign, requests: [first, ...more, ...own] }
}

/** Where the control has one. Fault: BAD_CONFIG where its address holds a credential. */
function controlServer(session: Pick<Session, 'config' | 'world' | 'file'>, first: ServerRequests): ServerRequests[] {
  const { baseUrl } = session.config.canary.control
  if (baseUrl === undefined) return []
  requireBareUrl(baseUrl, `${session.file} canary.control.baseUrl`)
  const { key, headers } = controlKeys(session)
  return [
    {
      ...first,
      setting: 'canary.control',
      target: { ...first.target, baseUrl },
      key: key ?? first.key,
      headers: { ...first.headers, ...headers },
      isControls: true,
    },
  ]
}

/** Asks the further servers for something free. One that does not answer is told of and no fault: the others take its part. */
export async function probeMoreTargets(session: Session, orders: Readonly<Record<Arm, ArmOrder>>): Promise<void> {
  const asked = arms.flatMap((arm) => {
    const more = servedArm(session, arm, orders[arm]).requests.slice(1)
    return more.map((order) => ({ name: order.setting, order, key: order.key ?? orders[arm].key }))
  })
  const tries = asked.map(async ({ name, order, key }) => {
    try {
      await probeTarget(session, name, { ...order, key })
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      session.world.log(`router   ${name} is left alone until it answers: ${error.message}`)
    }
  })
  await Promise.all(tries)
}

/** `connect` makes the connections to one server. */
export function connectTargets(
  { config, targets, world, say }: Session,
  { arm, takesClients, requests }: ServedArm,
  connect: (options: ArmOptions) => ArmConnections = connectArm,
): ArmTargets {
  const { connections, limits, breaker } = config.canary
  const { timeouts } = targets[arm]
  return createArmTargets({
    targets: requests.map(({ target: { baseUrl }, weight, isControls = false }) => {
      const { origin, pathname } = new URL(baseUrl)
      const name = `${origin}${pathname}${isControls ? ' (control)' : ''}`
      return { name, weight, isControls, connections: connect({ origin, timeouts, connections }) }
    }),
    mostInFlight: connections,
    waiting: { most: limits.waiting, waitMs: limits.waitSeconds * 1000 },
    breaker: { failures: breaker.failures, openMs: breaker.openSeconds * 1000 },
    isFailure: (status) => isFailure(status, !takesClients),
    totalMs: timeouts.totalMs,
    onChange: (target, isDown) => {
      if (isDown)
        world.log(`router   ${arm} at ${target} failed ${breaker.failures} times in a row: it is left alone for now`)
      else say(`router   ${arm} at ${target} answers again`)
    },
    clock: world.clock,
  })
}
