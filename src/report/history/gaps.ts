// Nights that are missing: none began where, by the rhythm of the others, one should have.

import type { Instant } from '../../core/types.ts'
import type { Gap } from './history.ts'

const hourMs = 3_600_000
/** Shorter distances are second tries of one night, longer ones no rhythm that could be missed. */
const [shortestMs, longestMs] = [3 * hourMs, 8 * 24 * hourMs]
/** Fewer distances make no rhythm. */
const leastDistances = 3

/** Nights in their order. A night that is late by less than half of the usual distance is not missing. */
export function gapsOf(nights: readonly Instant[], now: Instant): Gap[] {
  const times = nights.map((at) => Date.parse(at))
  const distances = times.slice(1).map((time, place) => time - (times[place] ?? time))
  const rhythm = distances
    .filter((distance) => distance >= shortestMs && distance <= longestMs)
    .toSorted((a, b) => a - b)
  const usual = rhythm[Math.floor((rhythm.length - 1) / 2)]
  if (usual === undefined || rhythm.length < leastDistances) return []
  const ends = [...nights.slice(1), now]
  return nights.flatMap((after, place) => {
    const before = ends[place] ?? now
    const steps = (Date.parse(before) - Date.parse(after)) / usual
    // Whoever looks now looks before the next night is due.
    const missing = place === nights.length - 1 ? Math.floor(steps - 0.5) : Math.round(steps) - 1
    return missing > 0 ? [{ after, before, missing }] : []
  })
}
