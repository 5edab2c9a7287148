// How a part of the records is named wherever people read: `task=prime`, as filters and configs ask for it.

import type { Segment } from './judgement.ts'
import { oneLine } from './visible-text.ts'

export function segmentWords({ key, value }: Segment): string {
  return `${oneLine(key)}=${oneLine(value)}`
}

/** "Latency p95 in task=prime"; of all records the subject alone. */
export function inSegment(subject: string, segment: Segment | string | null): string {
  if (segment === null) return subject
  return `${subject} in ${typeof segment === 'string' ? segment : segmentWords(segment)}`
}
