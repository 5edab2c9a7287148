// Which fault strikes on which night.

import { seededBy } from '../../src/core/random.ts'
import { faults } from './faults.ts'

/** The month: each fault on its night, after nights that leave it something to strike. */
const month: readonly string[] = [
  'quiet',
  'hangs',
  'kill-ingest',
  'kill-replay',
  'kill-score',
  'other-candidate',
  'no-log',
  'kill-gate',
  'corrupt-file',
  'kill-report',
  'gzip-twin',
  'disk-full-ingest',
  'disk-full-replay',
  'disk-full-gate',
  'target-down',
  'truncated-log',
  'quota',
  'half-frames',
  'quiet',
  'worse-untold',
  'second-starter',
  'rotated-while-read',
  'kill-gc',
  'clock-back',
  'clock-forward',
  'sigterm',
  'torn-journal',
  'reports-read-only',
  'quiet',
  'quiet',
]

export interface PlanOptions {
  readonly nights: number
  readonly seed: number
  readonly only: string | null
}

/** The last two nights are quiet: the first may bring home what was left, the second judges what came meanwhile. */
export function planOf({ nights, seed, only }: PlanOptions): string[] {
  if (only !== null) {
    const before = faults.get(only)?.nightsBefore ?? 2
    return [...Array.from({ length: before }, () => 'quiet'), only, 'quiet', 'quiet']
  }
  const chance = seededBy(seed, 'plan')
  const names = [...faults.keys()]
  const more = Array.from(
    { length: Math.max(0, nights - month.length) },
    () => names[chance.below(names.length)] ?? 'quiet',
  )
  const plan = [...month, ...more]
  return nights < 3 ? plan.slice(0, nights) : [...plan.slice(0, nights - 2), 'quiet', 'quiet']
}
