// Drift: recorded answers against two of now, of a production that is as it was, stands at the margin, or is another.

import { driftOf } from '../../../src/commands/gate/drift-of.ts'
import type { Policy } from '../../../src/core/judgement.ts'
import type { MeasureColumn } from '../../../src/core/types.ts'
import { driftMargins } from '../../../src/gate/policy.ts'
import type { Chance } from '../chance.ts'
import { columnOf, policyOf, recordsOf } from '../measured.ts'
import { type Case, errorFigure, type Figure, shareFigure } from '../study.ts'

/** Shares of six wordings at temperature 1, and how alike two of them are: the same, neighbours, or others. */
const usual: readonly number[] = [0.4, 0.22, 0.15, 0.1, 0.08, 0.05]
const likeness = (a: number, b: number): number => (a === b ? 1 : 0.85 - 0.12 * Math.abs(a - b))
const margin = driftMargins['text-similarity'] ?? Number.NaN

/** As a temperature makes them: p^(1/T); at 0 the first wording alone. */
function atTemperature(temperature: number): readonly number[] {
  if (temperature === 0) return usual.map((_, place) => (place === 0 ? 1 : 0))
  const raised = usual.map((share) => share ** (1 / temperature))
  const sum = raised.reduce((total, each) => total + each, 0)
  return raised.map((each) => each / sum)
}

function meanLikeness(left: readonly number[], right: readonly number[]): number {
  let sum = 0
  for (const [a, p] of left.entries()) for (const [b, q] of right.entries()) sum += p * q * likeness(a, b)
  return sum
}

/** The share of requests that a changed production answers by other habits, at which the loss of likeness is just the margin. */
function shareAtMargin(then: readonly number[]): number {
  const now = then.toReversed()
  return margin / (meanLikeness(now, now) - meanLikeness(then, now))
}

interface Row {
  readonly name: string
  /** Records that were asked twice. */
  readonly n: number
  readonly temperature: number
  /** Share of the requests whose habits changed; `margin`: as many as put the truth there. */
  readonly changed: number | 'margin'
  /** Turns of a conversation, which change together or not. */
  readonly turns?: number
  readonly figures: readonly Figure[]
}

const unchanged = [errorFigure('drifted', null), shareFigure('steady', null)]
const atMargin = [errorFigure('drifted', null), errorFigure('steady', null)]
/** Few requests lose all their likeness and the others nothing: t-limits of something so skewed err more, to the safe side of an alarm. */
const atSkewedMargin = [errorFigure('drifted', null), errorFigure('steady', 0.08)]
const power = [shareFigure('drifted', null), shareFigure('steady', null)]

const rows: readonly Row[] = [
  ...[0, 0.5, 1].flatMap((temperature) =>
    [100, 500, 2000].map((n) => ({
      name: `unchanged, T = ${temperature}`,
      n,
      temperature,
      changed: 0,
      figures: unchanged,
    })),
  ),
  { name: 'at the margin, T = 0', n: 500, temperature: 0, changed: 'margin', figures: atSkewedMargin },
  ...[100, 500, 2000].map((n) => ({
    name: 'at the margin, T = 1',
    n,
    temperature: 1,
    changed: 'margin' as const,
    figures: atMargin,
  })),
  { name: 'at the margin, conversations', n: 1000, temperature: 1, changed: 'margin', turns: 5, figures: atMargin },
  ...[100, 500, 2000].flatMap((n) =>
    [0.5, 1].map((changed) => ({
      name: `${100 * changed} % changed, T = 1`,
      n,
      temperature: 1,
      changed,
      figures: power,
    })),
  ),
]

const policy: Policy = {
  ...policyOf([]),
  drift: { severity: 'warn', margins: { 'text-similarity': margin } },
}

export const driftCases: readonly Case[] = rows.map(({ name, n, figures, ...row }) => ({
  table: 'drift',
  name,
  n,
  runs: n > 1000 ? 1 : 2,
  isInferred: true,
  isStricter: null,
  figures,
  prepare: () => {
    const { turns = 1 } = row
    const conversations = turns === 1 ? null : Int32Array.from({ length: n }, (_, place) => Math.floor(place / turns))
    const records = recordsOf(n, conversations)
    const habits = atTemperature(row.temperature)
    const changed = row.changed === 'margin' ? shareAtMargin(habits) : row.changed
    return (chance) => {
      const drift = driftOf({ policy, records, measures: drawn(chance, { n, turns, habits, changed }) })
      return [drift?.outcome === 'drifted' ? 1 : 0, drift?.outcome === 'steady' ? 1 : 0]
    }
  },
}))

interface Draw {
  readonly n: number
  readonly turns: number
  readonly habits: readonly number[]
  readonly changed: number
}

function drawn(chance: Chance, { n, turns, habits, changed }: Draw): readonly MeasureColumn[] {
  const other = habits.toReversed()
  const [noise, recorded, again] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  let now = habits
  for (let place = 0; place < n; place++) {
    if (place % turns === 0) now = chance.happens(changed) ? other : habits
    const [log, first, second] = [wordingOf(chance, habits), wordingOf(chance, now), wordingOf(chance, now)]
    noise[place] = likeness(first, second)
    recorded[place] = likeness(log, first)
    again[place] = likeness(log, second)
  }
  const of = (candidate: Float64Array) => ({ production: new Float64Array(n), candidate })
  return [
    columnOf('text-similarity', of(noise), 'noise'),
    columnOf('text-similarity', of(recorded), 'recorded'),
    columnOf('text-similarity', of(again), 'recorded-again'),
  ]
}

function wordingOf(chance: Chance, shares: readonly number[]): number {
  let rest = chance.unit()
  for (const [place, share] of shares.entries()) {
    rest -= share
    if (rest < 0) return place
  }
  return shares.length - 1
}
