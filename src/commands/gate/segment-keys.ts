// Whether the segment keys that a config names are in the records: a typo must not pass for a segment without pairs.

import { Fault, type FaultCode } from '../../core/fault.ts'
import type { Policy } from '../../core/judgement.ts'
import { nearest } from '../../core/nearest.ts'

/** Keys whose every value is judged, and keys that a rule of its own is about. */
export function segmentKeysOf({ segments, rules }: Policy): string[] {
  return [...new Set([...segments, ...rules.flatMap(({ segment }) => (segment ? [segment.key] : []))])]
}

interface Segmented {
  readonly segments: Readonly<Record<string, string>>
}

/** Throws the fault where no record has one of the keys. */
export function requireSegmentKeys(
  records: readonly Segmented[],
  keys: readonly string[],
  fault: { readonly code: FaultCode; readonly place: string },
): void {
  const known = new Set(records.flatMap((record) => Object.keys(record.segments)))
  for (const key of keys) {
    if (known.has(key)) continue
    const meant = nearest(key, [...known])
    const names = known.size === 0 ? 'the records have none' : `there is ${[...known].join(', ')}`
    throw new Fault(
      fault.code,
      `no record has a segment "${key}"${meant ? `; did you mean "${meant}"?` : `; ${names}`}`,
      {
        place: fault.place,
        hint: 'segments come from the log: {"segments": {"route": "refund"}} beside the request',
      },
    )
  }
}
