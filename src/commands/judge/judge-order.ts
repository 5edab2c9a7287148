// What it takes to ask the judge: target, key and headers.

import type { ArmOrder } from '../../replay/orders.ts'
import { keyOf, targetFrom } from '../config/resolve.ts'
import type { Session } from '../session/session.ts'

/** null where the config names no judge. Fault: KEY_MISSING. */
export function judgeOrder({ config, world }: Session): ArmOrder | null {
  const { judge, prices } = config
  if (judge === undefined) return null
  const target = targetFrom('candidate', judge.target, prices)
  return { target, key: keyOf(target, world.env, 'judge.target'), headers: judge.target.headers }
}
