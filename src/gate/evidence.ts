// Evidence by name.

import type { Evidence, Segment } from '../core/judgement.ts'

/** What is known of a metric in a segment (null: in all records); null where nothing is. */
export function findEvidence(evidence: readonly Evidence[], metric: string, segment: Segment | null): Evidence | null {
  return evidence.find((each) => each.metric === metric && isSameSegment(each.segment, segment)) ?? null
}

export function isSameSegment(a: Segment | null, b: Segment | null): boolean {
  return a?.key === b?.key && a?.value === b?.value
}
