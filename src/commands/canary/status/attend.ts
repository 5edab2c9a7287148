// The router's words to whoever started it: what it is and where, and from then on what they ought to look at.

import { relative } from 'node:path'
import { modelName } from '../../../core/model-name.ts'
import type { Session } from '../../session/session.ts'
import { clientUrlOf } from '../client-url.ts'
import { keyWords } from './key-words.ts'
import type { RolloutStatus } from './status.ts'
import { statusLine } from './status-text.ts'
import { createTrafficRemarks } from './traffic-remarks.ts'

export interface Attended {
  readonly status: () => RolloutStatus
  /** Where it listens. */
  readonly host: string
  readonly port: number
}

/** How often somebody looks whether there is something to say. */
const lookEveryMs = 2000

export function attend(session: Session, { status, host, port }: Attended): { readonly stop: () => void } {
  const { config, targets, world, file, folder } = session
  const { canary } = config
  const clientUrl = clientUrlOf(targets.production, host, port)
  const about = `model ${modelName({ model: canary.model ?? targets.production.model })} by ${targets.production.api}`
  const keySources = canary.key.map(keyWords)
  const candidateKey = targets.candidate.keyFrom?.env ?? null
  const say = (text: string) => session.say(`router   ${text}`)
  say(statusLine(status(), world.clock.now()))
  say(`clients' base URL: ${clientUrl}    (it was ${targets.production.baseUrl})`)
  say(`it is about ${about}; users are told apart by ${keySources.join(', else ')}`)
  if (candidateKey === null && isElsewhere(session)) {
    world.log(
      `router   the candidate has no keyFrom: ${targets.candidate.baseUrl} is asked without a key, since clients' own are for production's server`,
    )
  }
  const path = (name: string) => relative(world.cwd, name) || name
  say(`journal ${path(status().journal)}, requests ${path(`${folder}/${canary.log}`)}`)
  say('shadowgate ramp, in another terminal, says how it stands; Ctrl-C ends what runs and stops')
  const remarks = createTrafficRemarks({ clientUrl, about, keySources, candidateKey, file })
  const timer = setInterval(() => {
    // A warning is said whether quiet or not.
    for (const text of remarks(status().traffic, world.clock.now())) world.log(`router   ${text}`)
  }, lookEveryMs)
  return { stop: () => clearInterval(timer) }
}

/** Whether the arms are servers of different owners, as far as their addresses tell. */
export function isElsewhere({ targets }: Pick<Session, 'targets'>): boolean {
  return new URL(targets.production.baseUrl).origin !== new URL(targets.candidate.baseUrl).origin
}
