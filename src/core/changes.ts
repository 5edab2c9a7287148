// The nouns of what changed: pairs that changed alike, and changes that go both ways.

import type { JudgeSummary } from './judged.ts'
import type { Segment } from './judgement.ts'
import type { RecordId } from './types.ts'

/** Pairs that changed alike. */
export interface ChangeCluster {
  /** The same as long as kind, segment and template are, whatever the run, its order and its counts: decisions may go by it. */
  readonly id: string
  readonly kind: string
  /** "answers collapsed". */
  readonly words: string
  /** null where it is about all records, or about those of which no segment has a cluster of its own. */
  readonly segment: Segment | null
  /** Hash of what the edits have in common, 12 hex digits; null where that is nothing. */
  readonly template: string | null
  readonly pairs: number
  /** Pairs that could have changed so: those of the segment. */
  readonly of: number
  /** Pairs of the kind between production and itself, of the same segment; null where it was not asked twice there. */
  readonly noise: { readonly pairs: number; readonly of: number } | null
  /** Pairs of the segment that changed the other way round; null where the kind has no other way. */
  readonly mirror: { readonly words: string; readonly pairs: number } | null
  /** Whether it is more than production differs from itself; null where nothing can tell. */
  readonly isBeyondNoise: boolean | null
  /** The most ordinary of its pairs; the same whatever the order of the run. */
  readonly example: { readonly ordinal: number; readonly recordId: RecordId }
  /** Medians of both arms' answers; null where nothing was measured. */
  readonly lengths: { readonly unit: 'characters' | 'tokens'; readonly before: number; readonly after: number } | null
  /** Median latency of the candidate, in production's; null where one is not known or has no end. */
  readonly latencyRatio: number | null
}

/** Pairs of the whole run that changed one way and the other, whatever else happened to them. */
export interface ChangeDirection {
  readonly kind: string
  /** "newly refused", and "no longer refused". */
  readonly there: string
  readonly back: string
  readonly candidate: Ways
  /** Between production and itself; null where it was asked once. */
  readonly noise: Ways | null
}

/** Pairs that changed one way, pairs that changed the other way, and of how many. */
export interface Ways {
  readonly there: number
  readonly back: number
  readonly of: number
}

/** What a run says about changes. */
export interface Changes {
  /** Every pair that changed is in exactly one. What is beyond noise first, worst first; what is not comes last. */
  readonly clusters: readonly ChangeCluster[]
  /** The kinds that have two directions and that some pair took. */
  readonly directions: readonly ChangeDirection[]
  /** null where no user said what they thought of the recorded answers. */
  readonly opinions: OpinionChanges | null
  /** null where no judge was asked. */
  readonly judge: JudgeSummary | null
}

/** How many answers changed where users had said what they thought of production's. Offline that informs, and decides nothing. */
export interface OpinionChanges {
  readonly liked: ChangedAmong
  readonly disliked: ChangedAmong
}

/** How many of some answers changed: against the candidate, and against production itself. */
export interface ChangedAmong {
  readonly candidate: { readonly changed: number; readonly of: number }
  /** Of production's second answers; null where it was asked once. */
  readonly noise: { readonly changed: number; readonly of: number } | null
}

/** A stretch of text for people, from the diff of production's answer to the candidate's. */
export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}
