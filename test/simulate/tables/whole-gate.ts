// The whole gate on six blocking rules, judged once at 4000 pairs, and along the way.

import { endOf, judge } from '../../../src/commands/gate/judgement.ts'
import type { MeasureColumn } from '../../../src/core/types.ts'
import { defaultLookPolicy } from '../../../src/gate/policy.ts'
import { runOf } from '../../support/nouns.ts'
import type { Chance } from '../chance.ts'
import { paretoTail } from '../latencies.ts'
import { blockingRule, columnOf, policyOf, recordsOf, type Sides, sentTimes } from '../measured.ts'
import { type Case, errorFigure, type Figure, meanFigure, shareFigure } from '../study.ts'

const pairs = 4000
/** Replicates of the design's table. */
const designRuns = 800
const run = runOf('simulated')

const rules = [
  blockingRule('latency-p50', 0.2),
  blockingRule('latency-p95', 0.2),
  blockingRule('output-tokens', 0.5),
  blockingRule('refused', 0.02),
  blockingRule('answered', 0.01),
  blockingRule('cache-hit-rate', 0.05),
]

interface Truth {
  readonly name: string
  readonly latency?: number
  readonly tokens?: number
  /** In points more than production's. */
  readonly refusals?: number
  readonly errors?: number
  /** In points less. */
  readonly cache?: number
  readonly once: readonly [go: number, noGo: number]
  /** Without the correction for several rules that may fail, and with it where the design gives that: section 6. */
  readonly along: readonly [go: number, noGo: number, pairs: number | readonly [number, number]]
  /** The truth lies at a margin, so that GO and NO-GO are both wrong. */
  readonly isAtMargin?: true
}

const truths: readonly Truth[] = [
  { name: 'A/A', once: [0.969, 0], along: [0.97, 0, 2500] },
  { name: 'latency × 0.9', latency: 0.9, once: [1, 0], along: [1, 0, 1784] },
  { name: 'latency × 1.1', latency: 1.1, once: [0.502, 0], along: [0.489, 0, 3602] },
  { name: 'latency × 1.2', latency: 1.2, once: [0.001, 0.094], along: [0.001, 0.105, 3910], isAtMargin: true },
  { name: 'latency × 1.3', latency: 1.3, once: [0, 1], along: [0, 1, [1066, 1337]] },
  { name: 'latency × 1.5', latency: 1.5, once: [0, 1], along: [0, 1, [401, 403]] },
  { name: 'refusals + 2 pt', refusals: 0.02, once: [0.05, 0.045], along: [0.045, 0.039, 3949], isAtMargin: true },
  { name: 'errors + 1 pt', errors: 0.01, once: [0.035, 0.059], along: [0.04, 0.069, 3944], isAtMargin: true },
  { name: 'tokens × 1.5', tokens: 1.5, once: [0.069, 0.072], along: [0.059, 0.068, 3930], isAtMargin: true },
  { name: 'cache − 5 pt', cache: 0.05, once: [0.056, 0.054], along: [0.048, 0.051, 3953], isAtMargin: true },
  { name: 'refusals + 4 pt', refusals: 0.04, once: [0, 1], along: [0, 1, 1318] },
]

const byHolm = 'NO-GO is corrected for six rules that may fail (Holm), which the table is not'

export const gateCases: readonly Case[] = truths.flatMap((truth) => [once(truth), along(truth)])

function decisionFigures({ isAtMargin }: Truth, [go, noGo]: readonly [number, number]): readonly Figure[] {
  const figure = isAtMargin ? errorFigure : shareFigure
  return [figure('GO', go, designRuns), figure('NO-GO', noGo, designRuns)]
}

function caseOf(truth: Truth, how: Pick<Case, 'name' | 'figures' | 'prepare'>): Case {
  const isStricter = truth.isAtMargin ? byHolm : null
  return { table: 'whole-gate', n: pairs, runs: 0.05, isInferred: true, isStricter, ...how }
}

function once(truth: Truth): Case {
  return caseOf(truth, {
    name: `${truth.name}, judged once`,
    figures: decisionFigures(truth, truth.once),
    prepare: () => {
      const [records, sentAt, policy] = [recordsOf(pairs), sentTimes(pairs), policyOf(rules)]
      return (chance) => {
        const { verdict } = judge({ run, records, sentAt, policy, measures: drawRun(chance, truth) })
        return [verdict.decision === 'GO' ? 1 : 0, verdict.decision === 'NO-GO' ? 1 : 0]
      }
    },
  })
}

function along(truth: Truth): Case {
  const [go, noGo, mean] = truth.along
  return caseOf(truth, {
    name: `${truth.name}, along the way`,
    figures: [...decisionFigures(truth, [go, noGo]), meanFigure('pairs', mean, designRuns)],
    prepare: () => {
      const [records, sentAt] = [recordsOf(pairs), sentTimes(pairs)]
      const policy = policyOf(rules, { looks: { ...defaultLookPolicy, minMinutes: 0 } })
      return (chance) => {
        const judged = { run, records, sentAt, policy, measures: drawRun(chance, truth) }
        const end = endOf(judged)
        const stopped = end === null ? null : ({ why: 'decided', records: end, because: '' } as const)
        const { verdict } = judge({ ...judged, run: { ...run, stopped } })
        return [verdict.decision === 'GO' ? 1 : 0, verdict.decision === 'NO-GO' ? 1 : 0, end ?? pairs]
      }
    },
  })
}

function drawRun(
  chance: Chance,
  { latency = 1, tokens = 1, refusals = 0, errors = 0, cache = 0 }: Truth,
): MeasureColumn[] {
  return [
    columnOf('answered', drawAnswered(chance, errors)),
    columnOf('latency', paretoTail(chance, pairs, latency)),
    columnOf('output-tokens', drawTokens(chance, tokens)),
    columnOf('refused', drawEvents(chance, { both: 0.02, each: 0.005, more: refusals })),
    columnOf('cache-hit-rate', drawHits(chance, cache)),
  ]
}

function drawEvents(
  chance: Chance,
  { both, each, more }: { readonly both: number; readonly each: number; readonly more: number },
): Sides {
  const [production, candidate] = [new Float64Array(pairs), new Float64Array(pairs)]
  for (let place = 0; place < pairs; place++) {
    const draw = chance.unit()
    if (draw < both + each + more) candidate[place] = 1
    if (draw < both || (draw >= both + each + more && draw < both + 2 * each + more)) production[place] = 1
  }
  return { production, candidate }
}

function drawAnswered(chance: Chance, errors: number): Sides {
  const { production, candidate } = drawEvents(chance, { both: 0.002, each: 0.002, more: errors })
  const answered = (failed: Float64Array) => failed.map((event) => 1 - event)
  return { production: answered(production), candidate: answered(candidate) }
}

function drawTokens(chance: Chance, ratio: number): Sides {
  const [production, candidate] = [new Float64Array(pairs), new Float64Array(pairs)]
  for (let place = 0; place < pairs; place++) {
    const shared = 0.7 * chance.normal()
    production[place] = 300 * Math.exp(shared + 0.5 * chance.normal())
    candidate[place] = 300 * ratio * Math.exp(shared + 0.5 * chance.normal())
  }
  return { production, candidate }
}

/** Every prompt by itself: nine tenths of it are cached, or nothing. */
function drawHits(chance: Chance, drop: number): Sides {
  const [production, candidate] = [new Float64Array(pairs), new Float64Array(pairs)]
  const prompt = new Float64Array(pairs)
  for (let place = 0; place < pairs; place++) {
    prompt[place] = 1000 * Math.exp(0.6 * chance.normal())
    if (chance.happens(0.7)) production[place] = 0.9 * (prompt[place] ?? 0)
    if (chance.happens(0.7 - drop / 0.9)) candidate[place] = 0.9 * (prompt[place] ?? 0)
  }
  return { production, productionWeight: prompt, candidate, candidateWeight: prompt }
}
