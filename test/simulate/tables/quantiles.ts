// The ratio of latency quantiles, exactly at the margin of 1.2, in shapes from tame to cruel.

import { bimodal, type DrawLatencies, lognormal, onGrid, otherShape, paretoTail, withTimeouts } from '../latencies.ts'
import { blockingRule, columnOf, errorsOf, evidenceFor, outcomeOf, recordsOf, sentTimes } from '../measured.ts'
import { bothErrors, type Case } from '../study.ts'

/** What the design gives under MOVER: misses of the upper limit, misses of the lower. */
interface Row {
  readonly shape: string
  readonly draw: DrawLatencies
  readonly p: 50 | 95
  readonly isInferred?: boolean
  readonly design: Readonly<Record<number, readonly [go: number, noGo: number]>>
}

const timeouts = withTimeouts(lognormal, { production: 0.03, candidate: 0.03 })

const rows: readonly Row[] = [
  {
    shape: 'lognormal',
    draw: lognormal,
    p: 50,
    design: { 50: [0.029, 0.024], 200: [0.037, 0.032], 1000: [0.041, 0.044], 5000: [0.044, 0.051] },
  },
  {
    shape: 'lognormal',
    draw: lognormal,
    p: 95,
    design: { 50: [0, 0], 200: [0.025, 0.026], 1000: [0.036, 0.037], 5000: [0.047, 0.043] },
  },
  {
    shape: 'Pareto tail',
    draw: paretoTail,
    p: 95,
    isInferred: true,
    design: { 200: [0.028, 0.025], 1000: [0.039, 0.039], 5000: [0.041, 0.043] },
  },
  {
    shape: 'bimodal',
    draw: bimodal,
    p: 50,
    isInferred: true,
    design: { 50: [0.024, 0.028], 200: [0.026, 0.031], 1000: [0.034, 0.035] },
  },
  {
    shape: 'shape .5 vs .9',
    draw: otherShape,
    p: 95,
    design: { 50: [0, 0], 200: [0.019, 0.033], 1000: [0.034, 0.04], 5000: [0.044, 0.048] },
  },
  {
    shape: '3 % timeouts',
    draw: timeouts,
    p: 95,
    isInferred: true,
    design: { 50: [0, 0], 200: [0.016, 0.015], 1000: [0.042, 0.041], 5000: [0.048, 0.043] },
  },
  {
    shape: '10 ms grid',
    draw: onGrid(lognormal, 10),
    p: 50,
    design: { 1000: [0.041, 0.038], 5000: [0.041, 0.048] },
  },
  { shape: '100 ms grid', draw: onGrid(lognormal, 100), p: 95, design: { 5000: [0.025, 0.034] } },
]

export const quantileCases: readonly Case[] = rows.flatMap((row) =>
  Object.entries(row.design).map(([n, design]) => caseOf(row, Number(n), design)),
)

function caseOf({ shape, draw, p, isInferred = false }: Row, n: number, design: readonly [number, number]): Case {
  return {
    table: 'quantiles',
    name: `${shape} p${p}`,
    n,
    runs: n >= 5000 ? 0.5 : 1,
    isInferred,
    isStricter: null,
    figures: bothErrors(...design),
    prepare: () => {
      const [records, sentAt] = [recordsOf(n), sentTimes(n)]
      const rule = blockingRule(`latency-p${p}`, 0.2)
      return (chance) => {
        const evidence = evidenceFor([columnOf('latency', draw(chance, n, 1.2))], records, sentAt)
        return errorsOf(outcomeOf(evidence, rule, n))
      }
    },
  }
}
