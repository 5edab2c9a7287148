// Second 0: whether each target answers and takes the key, before anything is stored or paid for.

import { Fault } from '../core/fault.ts'
import { type Arm, arms, type Target } from '../core/types.ts'
import { providerServedBy } from '../providers/index.ts'
import type { Exchange } from '../replay/exchange.ts'
import { createSender, type Sender } from '../replay/send.ts'
import { keysOf } from './config/resolve.ts'
import type { Session } from './session.ts'

/** A sender for each arm, with key and headers. Fault: KEY_MISSING. */
export function createSenders(session: Session): Record<Arm, Sender> {
  const keys = keysOf(session.targets, session.world.env)
  const senderOf = (arm: Arm) =>
    createSender({
      target: session.targets[arm],
      provider: providerServedBy(session.targets[arm].api, session.targets[arm].vendor),
      key: keys[arm],
      headers: session.config.targets[arm].headers,
      userAgent: `shadowgate/${session.world.versions.shadowgate}`,
      clock: session.world.clock,
    })
  return { production: senderOf('production'), candidate: senderOf('candidate') }
}

/** Asks each target for something free. Faults: TARGET_UNREACHABLE, KEY_REFUSED. */
export async function probeTargets(session: Session, senders: Record<Arm, Sender>): Promise<void> {
  await Promise.all(
    arms.map(async (arm) => {
      const exchange = await senders[arm].probe()
      if (exchange) judgeProbe(session.targets[arm], exchange)
    }),
  )
}

function judgeProbe(target: Target, { httpStatus, outcome }: Exchange): void {
  const place = `targets.${target.arm} ${target.baseUrl}`
  const detail = 'detail' in outcome && outcome.detail ? `: ${outcome.detail}` : ''
  if (httpStatus === 401 || httpStatus === 403) {
    const key = target.keyFrom ? `the key in ${target.keyFrom.env}` : 'a request without a key'
    throw new Fault('KEY_REFUSED', `the ${target.arm} refuses ${key} (HTTP ${httpStatus})${detail}`, { place })
  }
  if (httpStatus === null) {
    const why = outcome.kind === 'timeout' ? `: no answer in time (${outcome.phase})` : detail
    throw new Fault('TARGET_UNREACHABLE', `the ${target.arm} can't be reached${why}`, { place })
  }
  if ([502, 503, 504].includes(httpStatus)) {
    throw new Fault('TARGET_UNREACHABLE', `the ${target.arm} is down (HTTP ${httpStatus})${detail}`, { place })
  }
}
