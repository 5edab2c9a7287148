// The config, read again under traffic: all of it is taken up, or nothing.

import { isDeepStrictEqual } from 'node:util'
import { Fault } from '../../core/fault.ts'
import type { Actor, SettingChange } from '../../core/rollout.ts'
import { type Arm, arms } from '../../core/types.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import { armOrders, probeTarget } from '../replay/preflight.ts'
import { openSession, type Session } from '../session/session.ts'
import { probeMoreTargets, servedArm } from './connect-arms.ts'
import type { Rollout } from './rollout.ts'
import { type Change, changesBetween } from './setting-changes.ts'

export type Reloaded =
  | { readonly kind: 'changed'; readonly changes: readonly SettingChange[] }
  /** What would have to be done. */
  | { readonly kind: 'refused'; readonly because: string }

type Orders = Readonly<Record<Arm, ArmOrder>>

export interface Reloader {
  readonly reload: (by: Actor) => Promise<Reloaded>
}

export function createReloader(first: Session, firstOrders: Orders, rollout: Rollout): Reloader {
  let session = first
  let keys = keysOf(first, firstOrders)
  // One after the other: two words at once must not both begin from the same config.
  let last: Promise<unknown> = Promise.resolve()
  const reload = async (by: Actor): Promise<Reloaded> => {
    const next = openSession(first.world, first.invocation, { sends: true })
    const found = changesBetween(session.config, next.config)
    const refusal = refusalOf(found)
    if (refusal !== null) return { kind: 'refused', because: refusal }
    const nextOrders = armOrders(next)
    const nextKeys = keysOf(next, nextOrders)
    const otherKeys = arms.filter((arm) => !isDeepStrictEqual(keys[arm], nextKeys[arm]))
    await requireAccepted(next, nextOrders, otherKeys)
    const changes = [
      ...found.map(({ setting, before, after }) => ({ setting, before, after })),
      ...otherKeys.map(keyChange),
    ]
    if (changes.length === 0) return { kind: 'changed', changes }
    const { stages } = next.config.canary
    const because = rollout.renew(next, nextOrders, () => rollout.keeper.reconfigure({ by, stages, changes }))
    if (because !== null) return { kind: 'refused', because: `${because}; ${anewHint}` }
    session = next
    keys = nextKeys
    return { kind: 'changed', changes }
  }
  return {
    reload: (by) => {
      const asked = last.then(() => reload(by)).catch(refusedBy)
      last = asked.catch(() => {})
      return asked
    },
  }
}

const anewHint = 'shadowgate serve --restart begins anew with it'

function refusalOf(changes: readonly Change[]): string | null {
  const of = (when: Change['when']) => changes.filter((change) => change.when === when).map(({ setting }) => setting)
  const [anew, restart] = [of('anew'), of('restart')]
  if (anew.length > 0) return `${anew.join(', ')}: with that it is another rollout; stop the router, and ${anewHint}`
  if (restart.length > 0) return `${restart.join(', ')}: it takes a restart of shadowgate serve, and the ramp stands`
  return null
}

/** A key that a server refuses would cost all users their answers. A server that is down just now says nothing of it. */
async function requireAccepted(session: Session, orders: Orders, changed: readonly Arm[]): Promise<void> {
  if (changed.length === 0) return
  const probes = [...changed.map((arm) => probeTarget(session, arm, orders[arm])), probeMoreTargets(session, orders)]
  for (const probe of await Promise.allSettled(probes)) {
    if (probe.status === 'fulfilled') continue
    const { reason } = probe
    if (!(reason instanceof Fault) || reason.code === 'KEY_REFUSED') throw reason
  }
}

/** Of each arm's servers, as they were read: their files may hold others by now. */
function keysOf(session: Session, orders: Orders): Record<Arm, readonly (string | null)[]> {
  const of = (arm: Arm) => [orders[arm].key, ...servedArm(session, arm, orders[arm]).requests.map(({ key }) => key)]
  return { production: of('production'), candidate: of('candidate') }
}

function keyChange(arm: Arm): SettingChange {
  return { setting: `the key of targets.${arm}`, before: '(a key)', after: '(another one)' }
}

function refusedBy(error: unknown): Reloaded {
  if (!(error instanceof Fault)) throw error
  const place = error.place === null ? '' : `${error.place}: `
  return { kind: 'refused', because: `${place}${error.message}` }
}
