// What the logs gave and what of it was left out, as a report tells it.

import type { Fidelity } from '../../core/types.ts'
import type { LeftOut, LogCounts, PrivacyFacts } from '../../report/input.ts'
import type { Store } from '../../store/store.ts'
import { kindWords } from '../ingest/privacy-words.ts'

/** `unreadable`: why lines of the logs could not be read. */
export async function logCounts(store: Store, unreadable: readonly LeftOut[]): Promise<LogCounts> {
  const found = await store.wholeness()
  const recordsOf = (fidelity: Fidelity) =>
    found.filter((each) => each.fidelity === fidelity).reduce((sum, { records }) => sum + records, 0)
  return {
    records: {
      full: recordsOf('full'),
      truncated: recordsOf('truncated'),
      redacted: recordsOf('redacted'),
      'metadata-only': recordsOf('metadata-only'),
    },
    incomplete: found
      .filter(({ fidelity }) => fidelity !== 'full')
      .map(({ fidelity, reason, records }) => ({ reason: reason ?? fidelity, count: records })),
    unreadable: unreadable.map(({ reason, count }) => ({ reason, count })),
    privacy: await privacyFacts(store),
  }
}

async function privacyFacts(store: Store): Promise<PrivacyFacts | null> {
  const readings = await store.privacyOf()
  const latest = readings.at(-1)
  if (latest === undefined) return null
  const replaced = Object.entries(latest.replaced).map(([kind, count]) => [kindWords(kind), count] as const)
  return {
    readings: readings.length,
    keeping: readings.filter(({ isOn }) => !isOn).length,
    isOn: latest.isOn,
    replaced: Object.fromEntries(replaced),
    records: latest.records,
  }
}
