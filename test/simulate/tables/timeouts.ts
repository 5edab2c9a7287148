// Timeouts of the candidate, otherwise equal: dropped they hide, counted they do not.

import { lognormal, withTimeouts } from '../latencies.ts'
import {
  blockingRule,
  columnOf,
  errorsOf,
  evidenceFor,
  outcomeOf,
  recordsOf,
  type Sides,
  sentTimes,
} from '../measured.ts'
import { type Case, shareFigure } from '../study.ts'

const pairs = 1000

interface Row {
  readonly share: number
  readonly dropped: readonly [passes: number, fails: number]
  readonly counted: readonly [passes: number, fails: number]
}

const rows: readonly Row[] = [
  { share: 0.01, dropped: [0.96, 0], counted: [0.55, 0] },
  { share: 0.03, dropped: [0.95, 0], counted: [0, 0.24] },
  { share: 0.045, dropped: [0.96, 0], counted: [0, 0.87] },
  { share: 0.08, dropped: [0.93, 0], counted: [0, 1] },
]

export const timeoutCases: readonly Case[] = rows.map(({ share, dropped, counted }) => ({
  table: 'timeouts',
  name: `latency-p95, ${100 * share} % timeouts`,
  n: pairs,
  runs: 0.5,
  isInferred: false,
  isStricter: null,
  figures: [
    shareFigure('passes, dropped', dropped[0], 800),
    shareFigure('fails, dropped', dropped[1], 800),
    shareFigure('passes, counted', counted[0], 800),
    shareFigure('fails, counted', counted[1], 800),
  ],
  prepare: () => {
    const [records, sentAt] = [recordsOf(pairs), sentTimes(pairs)]
    const rule = blockingRule('latency-p95', 0.2)
    const draw = withTimeouts(lognormal, { production: 0, candidate: share })
    return (chance) => {
      const sides = draw(chance, pairs, 1)
      return [withoutTimeouts(sides), sides].flatMap((each) =>
        errorsOf(outcomeOf(evidenceFor([columnOf('latency', each)], records, sentAt), rule, pairs)),
      )
    }
  },
}))

/** What the gate never does. */
function withoutTimeouts({ production, candidate }: Sides): Sides {
  return { production, candidate, isAbsent: Uint8Array.from(candidate, (latency) => (latency === Infinity ? 1 : 0)) }
}
