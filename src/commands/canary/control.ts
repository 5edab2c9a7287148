// How the control is asked: whether its prompts have a cache of their own, and what follows where they have not.

import { withFields } from '../../canary/proxy/control-requests.ts'
import type { ClientRequest } from '../../canary/proxy/forward.ts'
import type { Asking } from '../../canary/proxy/proxy.ts'
import { type ArmRequests, createRequests } from '../../canary/proxy/requests.ts'
import { keyNamed } from '../config/key-named.ts'
import type { Session } from '../session/session.ts'

export interface ControlOptions {
  /** Of the candidate nothing is made here. */
  readonly arms: Parameters<typeof createRequests>[0]['arms']
  readonly ownHeaders: readonly string[]
}

/** Makes the control's requests; null where they are production's like all others. Fault: KEY_MISSING. */
export function controlRequests(
  { config, world, file }: Pick<Session, 'config' | 'world' | 'file'>,
  { arms, ownHeaders }: ControlOptions,
): ((target: number, asking: Asking) => ClientRequest) | null {
  const { control } = config.canary
  if (!hasOwnCache(config)) return null
  const { key: own } = controlKeys({ config, world, file })
  const asControl = (target: ArmRequests): ArmRequests => ({
    ...target,
    key: own ?? target.key,
    headers: { ...target.headers, ...control.headers },
  })
  // A server of its own has them already: production's, which answers in its place, would refuse a key that is not for it.
  const production = control.baseUrl === undefined ? arms.production.map(asControl) : arms.production
  const make = createRequests({ arms: { ...arms, production }, ownHeaders })
  return (target, asking) => withFields(make('production', target, asking), asking, control.body)
}

/** What the control is asked with besides. Fault: KEY_MISSING. */
export function controlKeys({
  config,
  world,
  file,
}: Pick<Session, 'config' | 'world' | 'file'>): Pick<ArmRequests, 'key' | 'headers'> {
  const { keyFrom, headers } = config.canary.control
  return {
    key: keyFrom === undefined ? null : keyNamed(keyFrom.env, world.env, `${file} canary.control.keyFrom.env`),
    headers,
  }
}

/** Whether anything is said by which the control's cache is another than production's. */
export function hasOwnCache({ canary: { control } }: Session['config']): boolean {
  const isNamed = Object.keys(control.headers).length > 0 || Object.keys(control.body).length > 0
  return control.baseUrl !== undefined || control.keyFrom !== undefined || isNamed
}
