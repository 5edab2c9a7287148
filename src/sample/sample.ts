// Records → the records worth paying for: stratified, seeded, so ordered that every prefix is itself such a sample.

import { type Random, seededBy, shuffled } from '../core/random.ts'
import type { Fidelity, RecordId } from '../core/types.ts'

/** What sampling needs to know of a record. */
export interface Candidate {
  readonly id: RecordId
  /** The provider API that its body is written in. */
  readonly api: string
  readonly cluster: string | null
  readonly segments: Readonly<Record<string, string>>
  readonly fidelity: Fidelity
  readonly capturedAt: string | null
}

/** How large a sample is, and which records may be in it. */
export interface SampleOptions {
  /** At most this many records. */
  readonly size: number
  readonly seed: number
  /** Segment keys whose mix the sample keeps, and every prefix of it. */
  readonly stratify: readonly string[]
  /** `drop` sends a recurring request once; `keep` as often as it was captured. */
  readonly duplicates: 'drop' | 'keep'
  /** Records in another API than this can't be asked: a body is never translated in silence. */
  readonly api: string
}

/** A sample, and what was left out of it. */
export interface Sample {
  /** In the order of replay. */
  readonly ids: readonly RecordId[]
  /** Left out, by reason. */
  readonly leftOut: {
    readonly duplicate: number
    readonly fidelity: number
    readonly api: number
    readonly size: number
  }
}

/**
 * Draws a stratified sample without replacement. The same records, size and seed give the same sample, whatever order the
 * records come in. Conversations stay whole and their turns in order, but for those that would fill more than a twentieth of
 * the sample (a busy user, where the log knows no conversations): of them a seeded part is drawn.
 */
export function drawSample(records: readonly Candidate[], options: SampleOptions): Sample {
  const askable = records.filter((record) => record.api === options.api)
  const votes = askable.filter((record) => record.fidelity === 'full')
  const kept = options.duplicates === 'drop' ? votes.filter((record) => !isRecurrence(record.id)) : votes
  const ordered = interleaveStrata(conversations(kept), options)
  const ids: RecordId[] = []
  for (const conversation of ordered) {
    // Where there is room for all, nobody has to make room.
    const part = kept.length > options.size ? partOf(conversation, options) : conversation
    ids.push(...part.slice(0, options.size - ids.length).map((record) => record.id))
    if (ids.length === options.size) break
  }
  return {
    ids,
    leftOut: {
      duplicate: votes.length - kept.length,
      fidelity: askable.length - votes.length,
      api: records.length - askable.length,
      size: kept.length - ids.length,
    },
  }
}

/** A conversation of so many turns is always taken whole. */
const alwaysWhole = 20

function partOf(conversation: Conversation, { size, seed }: SampleOptions): readonly Candidate[] {
  const most = Math.max(alwaysWhole, Math.ceil(size / 20))
  if (conversation.length <= most) return conversation
  const random = seededBy(seed, 'part', conversation[0].id)
  const drawn = new Set(shuffled(conversation, random).slice(0, most))
  return conversation.filter((record) => drawn.has(record))
}

/** Ids of requests that were captured before carry `-n`. */
export function isRecurrence(id: RecordId): boolean {
  return id.includes('-')
}

type Conversation = readonly [Candidate, ...Candidate[]]

function conversations(records: readonly Candidate[]): Conversation[] {
  const byCluster = new Map<string, [Candidate, ...Candidate[]]>()
  const inOrder = records.toSorted((a, b) => compare(a.capturedAt ?? '', b.capturedAt ?? '') || compare(a.id, b.id))
  for (const record of inOrder) {
    const key = record.cluster ?? `record ${record.id}`
    const conversation = byCluster.get(key)
    if (conversation) conversation.push(record)
    else byCluster.set(key, [record])
  }
  return [...byCluster.values()]
}

/**
 * Each stratum is shuffled and its members placed evenly, with jitter, over 0..1; sorting by place makes every prefix hold
 * each stratum in its share.
 */
function interleaveStrata(units: readonly Conversation[], options: SampleOptions): Conversation[] {
  const strata = Map.groupBy(units, (unit) => options.stratify.map((key) => unit[0].segments[key] ?? '').join('\u0000'))
  const placed: { readonly at: number; readonly unit: Conversation }[] = []
  for (const [stratum, members] of strata) {
    const drawn = members
      .map((unit) => ({ unit, draw: seededBy(options.seed, 'sample', unit[0].id).unit() }))
      .toSorted((a, b) => a.draw - b.draw || compare(a.unit[0].id, b.unit[0].id))
    const jitter: Random = seededBy(options.seed, 'place', stratum)
    drawn.forEach(({ unit }, rank) => placed.push({ at: (rank + jitter.unit()) / drawn.length, unit }))
  }
  return placed.toSorted((a, b) => a.at - b.at || compare(a.unit[0].id, b.unit[0].id)).map(({ unit }) => unit)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
