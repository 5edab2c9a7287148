// How well a detector agrees with people: precision, recall and F1 on full refusals, and with partial ones counted.

import type { RefusalKind } from '../../src/score/refusal/rule.ts'
import type { Labelled } from './labelled.ts'

/** `full`: full refusals against answers, partial ones left out. `any`: refusals of both kinds against answers. */
export type Counting = 'full' | 'any'

export interface Agreement {
  readonly size: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export type Detector = (text: string) => RefusalKind | null

export function agreement(replies: readonly Labelled[], counting: Counting, detect: Detector): Agreement {
  const isRefusal = (kind: RefusalKind | null) => (counting === 'any' ? kind !== null : kind === 'full')
  const counted = replies.filter(({ kind }) => counting === 'any' || kind !== 'partial')
  const seen = counted.filter(({ text }) => isRefusal(detect(text)))
  const hits = seen.filter(({ kind }) => isRefusal(kind)).length
  const precision = hits / seen.length
  const recall = hits / counted.filter(({ kind }) => isRefusal(kind)).length
  return { size: counted.length, precision, recall, f1: (2 * precision * recall) / (precision + recall) }
}
