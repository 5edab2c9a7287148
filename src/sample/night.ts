// Tonight's records: those that came since the last judged run, and a cohort that stays, so that nights compare.

import { seededBy } from '../core/random.ts'
import type { RecordId } from '../core/types.ts'
import { type Candidate, drawSample, type Sample, type SampleOptions } from './sample.ts'

export interface Arrival extends Candidate {
  /** How many runs had been drawn when it came in. */
  readonly drawnBefore: number
}

export interface NightOptions extends SampleOptions {
  /** The run whose judgement ends what is old, by its place among the runs drawn; null: everything is new. */
  readonly since: number | null
  /** Records of every night; at most `size`. */
  readonly cohort: number
}

export interface Night extends Sample {
  /** Records that no judged run had before it. */
  readonly fresh: number
}

/** Draws from what is new, beside the cohort, and orders both together as one sample. */
export function drawNight(records: readonly Arrival[], options: NightOptions): Night {
  const { since, size } = options
  if (since === null && options.cohort === 0) {
    const all = drawSample(records, options)
    return { ...all, fresh: all.ids.length }
  }
  const cohort = new Set(cohortOf(records, options))
  const isNew = ({ drawnBefore }: Arrival) => since === null || drawnBefore >= since
  const drawn = drawSample(
    records.filter((record) => isNew(record) && !cohort.has(record.id)),
    { ...options, size: Math.max(0, size - cohort.size) },
  )
  const members = new Set([...cohort, ...drawn.ids])
  const chosen = records.filter(({ id }) => members.has(id))
  const { ids } = drawSample(chosen, { ...options, size: members.size })
  return { ids, leftOut: drawn.leftOut, fresh: chosen.filter(isNew).length }
}

/**
 * The records that came first, drawn by seed and id alone: nothing that comes after a run was drawn can move one that came before,
 * so the cohort of a night is that of the night before.
 */
function cohortOf(records: readonly Arrival[], options: NightOptions): RecordId[] {
  const votes = new Set(drawSample(records, { ...options, size: Infinity }).ids)
  return records
    .filter(({ id }) => votes.has(id))
    .map(({ id, drawnBefore }) => ({ id, drawnBefore, draw: seededBy(options.seed, 'cohort', id).unit() }))
    .toSorted((a, b) => a.drawnBefore - b.drawnBefore || a.draw - b.draw || (a.id < b.id ? -1 : 1))
    .slice(0, Math.min(options.cohort, options.size))
    .map(({ id }) => id)
}
