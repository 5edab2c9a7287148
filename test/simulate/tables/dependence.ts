// Pairs that depend on each other, by conversation and by time of sending, the truth exactly at the margin.

import type { Chance } from '../chance.ts'
import { drawCache, drawConversations, drawRefusals, drawTurns, type Parts, spreadOf } from '../conversations.ts'
import { type DrawLatencies, lognormal, withPrivateLoad } from '../latencies.ts'
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
import { bothErrors, type Case, errorFigure, type Figure, shareFigure } from '../study.ts'

// The design leaves the parts open: these give limits over pairs, which know no conversations, about the errors that it measured.
const latencyParts: Parts = { conversation: 0.4, request: 0.45, ownConversation: 0.15, ownRequest: 0.35 }
const tokenParts: Parts = { conversation: 0.5, request: 0.5, ownConversation: 0.25, ownRequest: 0.45 }
const tokenMean = 400 * Math.exp(-(spreadOf(tokenParts) ** 2) / 2)

const drawLatencies = (chance: Chance, of: Int32Array): Sides =>
  drawTurns(chance, of, { parts: latencyParts, ratio: 1.2 })
const drawTokens = (chance: Chance, of: Int32Array): Sides => {
  const { production, candidate } = drawTurns(chance, of, { parts: tokenParts, ratio: 1.5 })
  return {
    production: production.map((each) => tokenMean * each),
    candidate: candidate.map((each) => tokenMean * each),
  }
}

interface Row {
  readonly summary: string
  readonly metric: string
  readonly margin: number
  readonly draw: (chance: Chance, conversations: Int32Array) => Sides
  readonly isStricter: string | null
  readonly design: Readonly<Record<number, readonly [go: number, noGo: number]>>
}

const inBlocks = 'turns follow each other: where ten blocks of time show that, they count too'

const rows: readonly Row[] = [
  {
    summary: 'latency-p50',
    metric: 'latency',
    margin: 0.2,
    draw: drawLatencies,
    isStricter: inBlocks,
    design: { 20: [0.032, 0.043], 50: [0.04, 0.04], 200: [0.05, 0.037], 1000: [0.045, 0.045] },
  },
  {
    summary: 'latency-p95',
    metric: 'latency',
    margin: 0.2,
    draw: drawLatencies,
    isStricter: inBlocks,
    design: { 20: [0.018, 0.017], 50: [0.045, 0.044], 200: [0.038, 0.045], 1000: [0.042, 0.045] },
  },
  {
    summary: 'output-tokens',
    metric: 'output-tokens',
    margin: 0.5,
    draw: drawTokens,
    isStricter: 'no verdict on tokens below 200 pairs',
    design: { 20: [0.057, 0.032], 50: [0.06, 0.042], 200: [0.055, 0.048], 1000: [0.053, 0.048] },
  },
  {
    summary: 'refused',
    metric: 'refused',
    margin: 0.02,
    draw: drawRefusals,
    isStricter: null,
    design: { 20: [0.002, 0.002], 50: [0.045, 0.011], 200: [0.053, 0.025], 1000: [0.059, 0.05] },
  },
]

/** The design's figures for the jackknife: the least and the most of both sides, for a rate that fell by nothing or by 4.8 points. */
const cacheRanges: Readonly<Record<number, readonly [number, number]>> = {
  20: [0.061, 0.071],
  50: [0.048, 0.073],
  200: [0.052, 0.057],
  1000: [0.043, 0.057],
}

const load = { memory: 49, spread: 0.21 }

export const dependenceCases: readonly Case[] = [
  ...rows.flatMap((row) => Object.entries(row.design).map(([count, design]) => clustered(row, Number(count), design))),
  ...[20, 50, 200, 1000].map(cache),
  privateLoad(4000, [0.03, 0.06]),
  privateLoad(1000, [0.093, 0.09]),
  told('told of load, none is there', lognormal, errorFigure('shown', null)),
  told('told of load, it is there', withPrivateLoad(load), shareFigure('shown', null)),
]

function clustered(row: Row, count: number, design: readonly [number, number]): Case {
  const { summary, metric, margin, draw, isStricter } = row
  return {
    table: 'dependence',
    name: `${summary}, conversations`,
    n: count,
    runs: count >= 1000 ? 0.3 : 1,
    isInferred: true,
    isStricter,
    figures: bothErrors(...design),
    prepare: () => {
      const rule = blockingRule(summary, margin)
      return (chance) => {
        const conversations = drawConversations(chance, count)
        const records = recordsOf(conversations.length, conversations)
        const evidence = evidenceFor([columnOf(metric, draw(chance, conversations))], records)
        return errorsOf(outcomeOf(evidence, rule, records.length))
      }
    },
  }
}

/** Passing and failing at a margin of 5 points, and failing a rate that did not fall at all, which `difference` asks for. */
function cache(count: number): Case {
  const range = cacheRanges[count] ?? null
  const figures: readonly Figure[] = [...bothErrors(range, range), errorFigure('false NO-GO at 0', range)]
  return {
    table: 'dependence',
    name: 'cache-hit-rate, conversations',
    n: count,
    runs: 1,
    isInferred: true,
    isStricter: null,
    figures,
    prepare: () => {
      const atMargin = blockingRule('cache-hit-rate', 0.05)
      const atNothing = blockingRule('cache-hit-rate', 0.05, 'difference')
      return (chance) => {
        const conversations = drawConversations(chance, count)
        const records = recordsOf(conversations.length, conversations)
        const outcome = (drop: number, rule: typeof atMargin) => {
          const column = columnOf('cache-hit-rate', drawCache(chance, conversations, drop))
          return outcomeOf(evidenceFor([column], records), rule, records.length)
        }
        return [...errorsOf(outcome(0.05, atMargin)), outcome(0, atNothing) === 'fail' ? 1 : 0]
      }
    },
  }
}

/** Load private to the candidate's fleet, which lasts for 49 pairs: 80 or 20 times over the run. */
function privateLoad(n: number, design: readonly [number, number]): Case {
  const draw = withPrivateLoad(load)
  return {
    table: 'dependence',
    name: 'latency-p50, private load',
    n,
    runs: 1,
    isInferred: true,
    isStricter: null,
    figures: bothErrors(...design),
    prepare: () => {
      const [records, sentAt] = [recordsOf(n), sentTimes(n)]
      const rule = blockingRule('latency-p50', 0.2)
      return (chance) => {
        const evidence = evidenceFor([columnOf('latency', draw(chance, n, 1.2))], records, sentAt)
        return errorsOf(outcomeOf(evidence, rule, n))
      }
    },
  }
}

/** How often a person is told that load came and went; and how often limits allow for it, told or not. */
function told(name: string, draw: DrawLatencies, shown: Figure): Case {
  const n = 1000
  return {
    table: 'dependence',
    name,
    n,
    runs: 1,
    isInferred: true,
    isStricter: null,
    figures: [shown, shareFigure('or allowed for', null)],
    prepare: () => {
      const [records, sentAt] = [recordsOf(n), sentTimes(n)]
      return (chance) => {
        const evidence = evidenceFor([columnOf('latency', draw(chance, n, 1))], records, sentAt)
        const seen = evidence.map(({ effect }) => effect?.overTime ?? null)
        return [seen.includes('shown') ? 1 : 0, seen.some((each) => each !== null) ? 1 : 0]
      }
    },
  }
}
