// The ratio of mean output tokens, exactly at the margin of 1.5.

import { type Chance, normalPair } from '../chance.ts'
import { blockingRule, columnOf, errorsOf, evidenceFor, outcomeOf, recordsOf, type Sides } from '../measured.ts'
import { bothErrors, type Case } from '../study.ts'

const ratio = 1.5

/** Of ln tokens between the arms; the design gives none for this table, so it is that of its latencies. */
const correlation = 0.7

type Pair = (chance: Chance) => readonly [production: number, candidate: number]

/** Lognormal of mean 1, so that only `ratio` moves the candidate's mean. */
const ofMeanOne = (spread: number, normal: number): number => Math.exp(spread * normal - spread ** 2 / 2)

function lognormalTokens(production: number, candidate: number): Pair {
  return (chance) => {
    const [left, right] = normalPair(chance, correlation)
    return [400 * ofMeanOne(production, left), 400 * ratio * ofMeanOne(candidate, right)]
  }
}

/** "2 % outputs × 20": either arm's, each by itself; the spread of the others is left open, and that of the latencies here. */
const giants: Pair = (chance) => {
  const [left, right] = normalPair(chance, correlation)
  const giant = (): number => (chance.happens(0.02) ? 20 : 1)
  return [400 * ofMeanOne(0.7, left) * giant(), 400 * ratio * ofMeanOne(0.7, right) * giant()]
}

interface Row {
  readonly name: string
  readonly pair: Pair
  readonly isInferred: boolean
  readonly design: Readonly<Record<number, readonly [go: number, noGo: number]>>
}

const rows: readonly Row[] = [
  {
    name: 'lognormal s=1',
    pair: lognormalTokens(1, 1),
    isInferred: false,
    design: { 200: [0.051, 0.05], 1000: [0.047, 0.054], 5000: [0.053, 0.065] },
  },
  {
    name: '2 % outputs x20',
    pair: giants,
    isInferred: true,
    design: { 200: [0.046, 0.046], 1000: [0.049, 0.055] },
  },
  {
    name: 's=.8 vs 1.2',
    pair: lognormalTokens(0.8, 1.2),
    isInferred: true,
    design: { 200: [0.105, 0.022], 1000: [0.074, 0.03], 5000: [0.072, 0.048] },
  },
]

/** Below 200 pairs the gate gives no verdict on tokens: the design's excess at 50 cannot come about. */
const refused: Case = {
  ...caseOf({ name: 's=.8 vs 1.2', pair: lognormalTokens(0.8, 1.2), isInferred: true }, 50, [0.14, 0.011]),
  isStricter: 'no verdict on tokens below 200 pairs',
}

export const meanCases: readonly Case[] = [
  refused,
  ...rows.flatMap((row) => Object.entries(row.design).map(([n, design]) => caseOf(row, Number(n), design))),
]

function caseOf(row: Omit<Row, 'design'>, n: number, design: readonly [number, number]): Case {
  const { name, pair, isInferred } = row
  return {
    table: 'means',
    name,
    n,
    runs: 1,
    isInferred,
    isStricter: null,
    figures: bothErrors(...design, n === 5000 ? 2000 : 4000),
    prepare: () => {
      const records = recordsOf(n)
      const rule = blockingRule('output-tokens', ratio - 1)
      return (chance) => {
        const evidence = evidenceFor([columnOf('output-tokens', drawn(chance, n, pair))], records)
        return errorsOf(outcomeOf(evidence, rule, n))
      }
    },
  }
}

function drawn(chance: Chance, n: number, pair: Pair): Sides {
  const [production, candidate] = [new Float64Array(n), new Float64Array(n)]
  for (let place = 0; place < n; place++) [production[place], candidate[place]] = pair(chance) as [number, number]
  return { production, candidate }
}
