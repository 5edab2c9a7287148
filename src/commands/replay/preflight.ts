// Second 0: whether each target answers and takes the key, before anything is stored or paid for.

import { Fault } from '../../core/fault.ts'
import { type Arm, arms, type Target } from '../../core/types.ts'
import { providerServedBy } from '../../providers/index.ts'
import type { Exchange } from '../../replay/exchange.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import { createSender } from '../../replay/send.ts'
import { keyFileTrouble } from '../config/key-named.ts'
import { keysOf } from '../config/resolve.ts'
import { requireFilledIn } from '../init/placeholders.ts'
import { judgeOrder } from '../judge/judge-order.ts'
import type { Session } from '../session/session.ts'

/** What it takes to ask each arm: target, key and headers. Faults: BAD_CONFIG where a target is not filled in, KEY_MISSING. */
export function armOrders(session: Session): Record<Arm, ArmOrder> {
  requireFilledIn(session.targets, session.file)
  const { world, targets } = session
  const keys = keysOf(targets, world.env)
  for (const name of new Set(arms.flatMap((arm) => targets[arm].keyFrom?.env ?? []))) {
    const trouble = keyFileTrouble(name, world.env, process.getuid?.() ?? null)
    if (trouble !== null) world.log(`check    ${trouble}`)
  }
  const orderOf = (arm: Arm): ArmOrder => ({
    target: session.targets[arm],
    key: keys[arm],
    headers: session.config.targets[arm].headers,
  })
  return { production: orderOf('production'), candidate: orderOf('candidate') }
}

export function userAgentOf({ world }: Session): string {
  return `shadowgate/${world.versions.shadowgate}`
}

/** Asks each target, and the judge, for something free. Faults: TARGET_UNREACHABLE, KEY_REFUSED. */
export async function probeTargets(session: Session, orders: Readonly<Record<Arm, ArmOrder>>): Promise<void> {
  const judge = judgeOrder(session)
  const asked = arms.map((arm) => ({ name: arm as string, order: orders[arm] }))
  await Promise.all(
    [...asked, ...(judge ? [{ name: 'judge', order: judge }] : [])].map(({ name, order }) =>
      probeTarget(session, name, order),
    ),
  )
}

/** Asks one target for something free. Faults: TARGET_UNREACHABLE, KEY_REFUSED. */
export async function probeTarget(session: Session, name: string, { target, key, headers }: ArmOrder): Promise<void> {
  const provider = providerServedBy(target.api, target.vendor)
  const userAgent = userAgentOf(session)
  const sender = createSender({ target, provider, key, headers, userAgent, clock: session.world.clock })
  try {
    const exchange = await sender.probe()
    if (exchange) judgeProbe(name, target, exchange)
  } finally {
    await sender.close()
  }
}

function judgeProbe(name: string, target: Target, { httpStatus, outcome }: Exchange): void {
  const place = `${name === 'judge' ? 'judge.target' : `targets.${name}`} ${target.baseUrl}`
  const detail = 'detail' in outcome && outcome.detail ? `: ${outcome.detail}` : ''
  if (httpStatus === 401 || httpStatus === 403) {
    const key = target.keyFrom ? `the key in ${target.keyFrom.env}` : 'a request without a key'
    throw new Fault('KEY_REFUSED', `the ${name} refuses ${key} (HTTP ${httpStatus})${detail}`, { place })
  }
  if (httpStatus === null) {
    const why = outcome.kind === 'timeout' ? `: no answer in time (${outcome.phase})` : detail
    throw new Fault('TARGET_UNREACHABLE', `the ${name} can't be reached${why}`, { place })
  }
  if ([502, 503, 504].includes(httpStatus)) {
    throw new Fault('TARGET_UNREACHABLE', `the ${name} is down (HTTP ${httpStatus})${detail}`, { place })
  }
}
