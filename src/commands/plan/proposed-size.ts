// How large the sample of a night ought to be, by what `plan` says of the blocking rules.

import type { Store } from '../../store/store.ts'
import { isNothingNew } from '../night/nothing-new.ts'
import { drawRecords } from '../sample.ts'
import type { Session } from '../session/session.ts'
import { planPower } from './plan-power.ts'

export interface ProposedSize {
  readonly size: number
  /** What the blocking rules take that the log tells of; null where that is none. */
  readonly needed: number | null
  /** Whether these are all of them. */
  readonly isAll: boolean
}

const leastSize = 200
export const mostSize = 5000
/** What plan advises where the log can't tell: a p95 within 20 %. */
export const unknownSize: ProposedSize = { size: 2000, needed: null, isAll: false }

/** By all records of the store, whatever size the config has: a small sample says little of a tail. */
export async function sizeFor(session: Session, store: Store): Promise<ProposedSize> {
  const { config } = session
  const all: Session = { ...session, config: { ...config, sample: { ...config.sample, size: mostSize } } }
  const drawn = await drawRecords(all, store)
  if (isNothingNew(drawn)) return unknownSize
  const { rules } = await planPower(all, store, drawn.ids)
  const blocking = rules.filter(({ rule, isAsked }) => isAsked && rule.severity === 'block')
  const known = blocking.flatMap(({ needed: pairs }) => pairs ?? [])
  if (known.length === 0) return unknownSize
  const needed = Math.max(...known)
  // A fifth more: pairs are excluded, and later nights are no copies of this log.
  const roomy = Math.ceil((needed * 1.2) / 100) * 100
  return {
    size: Math.min(mostSize, Math.max(leastSize, roomy)),
    needed,
    isAll: known.length === blocking.length,
  }
}
