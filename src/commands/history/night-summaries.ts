// What the store keeps of judged nights → what nights are compared by.

import type { NightSummary } from '../../core/across.ts'
import { summaryOf } from '../../gate/across/night-summary.ts'
import type { Store } from '../../store/store.ts'

/** All judged nights, in the order in which they began; those up to a run, it included, where its id is given. */
export async function nightSummaries(store: Store, upTo: string | null = null): Promise<readonly NightSummary[]> {
  const nights = await store.keptNights({ segment: 'any' })
  const end = upTo === null ? -1 : nights.findIndex(({ run }) => run.id === upTo)
  return nights.slice(0, end < 0 ? nights.length : end + 1).map(summaryOf)
}
