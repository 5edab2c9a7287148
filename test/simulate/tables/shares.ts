// The difference of two shares of the same pairs, exactly at the margin.

import type { Chance } from '../chance.ts'
import { blockingRule, columnOf, errorsOf, evidenceFor, outcomeOf, recordsOf, type Sides } from '../measured.ts'
import { bothErrors, type Case } from '../study.ts'

/**
 * Pairs in which both arms refuse. The design leaves it open; without any, the corrected φ would not differ from the plain one as
 * its columns do, and from 2 % on the figures are met.
 */
const both = 0.03

interface Row {
  readonly candidateOnly: number
  readonly productionOnly: number
  readonly design: Readonly<Record<number, readonly [go: number, noGo: number]>>
}

const rows: readonly Row[] = [
  {
    candidateOnly: 0.015,
    productionOnly: 0.005,
    design: { 50: [0.001, 0.002], 200: [0.017, 0.014], 1000: [0.044, 0.04], 5000: [0.049, 0.046] },
  },
  {
    candidateOnly: 0.02,
    productionOnly: 0,
    design: { 200: [0.018, 0.02], 1000: [0.038, 0.032], 5000: [0.055, 0.041] },
  },
  {
    candidateOnly: 0.03,
    productionOnly: 0.01,
    design: { 50: [0.007, 0.011], 200: [0.038, 0.035], 1000: [0.049, 0.043], 5000: [0.05, 0.051] },
  },
  { candidateOnly: 0.1, productionOnly: 0.05, design: { 50: [0.038, 0.039] } },
]

export const shareCases: readonly Case[] = rows.flatMap((row) =>
  Object.entries(row.design).map(([n, design]) => caseOf(row, Number(n), design)),
)

function caseOf(row: Row, n: number, design: readonly [number, number]): Case {
  const { candidateOnly, productionOnly } = row
  // 0.015 − 0.005 is not 0.01 in floating point, and limits of rare events are few: the margin is what the user writes.
  const margin = Number((candidateOnly - productionOnly).toFixed(6))
  return {
    table: 'shares',
    name: `+${100 * margin} pt (${100 * candidateOnly}/${100 * productionOnly})`,
    n,
    runs: n >= 5000 ? 2 : 4,
    isInferred: true,
    isStricter: null,
    figures: bothErrors(...design, 40_000),
    prepare: () => {
      const records = recordsOf(n)
      const rule = blockingRule('refused', margin)
      return (chance) => {
        const evidence = evidenceFor([columnOf('refused', drawEvents(chance, n, row))], records)
        return errorsOf(outcomeOf(evidence, rule, n))
      }
    },
  }
}

function drawEvents(chance: Chance, n: number, { candidateOnly, productionOnly }: Row): Sides {
  const [production, candidate] = [new Float64Array(n), new Float64Array(n)]
  for (let place = 0; place < n; place++) {
    const draw = chance.unit()
    if (draw < both + candidateOnly) candidate[place] = 1
    if (draw < both || (draw >= both + candidateOnly && draw < both + candidateOnly + productionOnly))
      production[place] = 1
  }
  return { production, candidate }
}
