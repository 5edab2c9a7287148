// The gate before its judge: what it says of production against itself, and of regressions that are known to be there.

import { Fault } from '../../core/fault.ts'
import type { Policy, Rule, Run } from '../../core/judgement.ts'
import { type Random, seededBy } from '../../core/random.ts'
import type { MeasureColumn } from '../../core/types.ts'
import { findEvidence } from '../../gate/evidence.ts'
import { weigh } from '../../gate/find.ts'
import { buildScoreTable, type ScoredRecord } from '../../score/columns.ts'
import { evidenceOf } from '../../score/effects.ts'
import type { Metric } from '../../score/metric.ts'
import { summaryNamed } from '../../score/metrics/index.ts'
import { type Drawn, draw, type Pool, poolOf } from '../../score/resample.ts'
import { endOf, judge } from '../gate/judgement.ts'
import { type PlantedRegression, regressionsFor, worseningOf } from './plants.ts'

export interface AuditOptions {
  readonly run: Run
  readonly records: readonly ScoredRecord[]
  readonly measures: readonly MeasureColumn[]
  readonly sentAt: Float64Array | null
  readonly policy: Policy
  readonly metrics: readonly Metric[]
  readonly draws: number
  /** Of each drawn sample. */
  readonly pairs: number
  readonly seed: number
  /** Called after each draw, with the share that is done. */
  readonly onProgress: (share: number) => void
}

export interface Audit {
  readonly run: string
  /** `noise`: production's two answers to each record. `swapped`: both arms' answers, which is whose drawn at random. */
  readonly source: 'noise' | 'swapped'
  readonly sourcePairs: number
  readonly pairs: number
  readonly draws: number
  readonly seed: number
  readonly level: number
  /** What the gate said of production against itself. */
  readonly self: Said
  /** Rules that no draw can put to the test, and why. */
  readonly unaudited: readonly { readonly metric: string; readonly why: string }[]
  readonly rules: readonly RulePower[]
  readonly planted: readonly Planted[]
}

/** How often, of all draws. */
export interface Said {
  readonly blocked: number
  readonly held: number
  readonly go: number
  readonly inconclusive: number
}

export interface RulePower {
  readonly metric: string
  readonly margin: number
  readonly severity: Rule['severity']
  readonly points: readonly {
    /** How much worse the candidate was in truth, in margins of the rule. */
    readonly margins: number
    /** Shares of the draws in which the rule was shown to hold, and to be broken. */
    readonly holds: number
    readonly breaks: number
  }[]
}

export interface Planted {
  readonly name: string
  /** Draws in which it made the decision NO-GO, and in which a rule on its metric was shown to be broken at all. */
  readonly blocked: number
  readonly seen: number
}

/** Fewer pairs that production answered twice than this, and the arms are swapped instead. */
const minNoisePairs = 100
/** In margins of the rule: nothing, half of it, the margin itself, and beyond. */
const grid = [0, 0.5, 1, 1.5, 2, 3] as const
/** The curve needs no more draws than this: a share's standard error is then 5 points at most. */
const maxCurveDraws = 100

/** Draws, judges, counts. The same seed gives the same audit. Fault: NO_RUN where no pair votes. */
export async function auditRun(options: AuditOptions): Promise<Audit> {
  const { run, draws, pairs, seed } = options
  const { pool, source } = sourceOf(options)
  if (pool.records.length === 0) {
    const hint = 'a run with answers of both arms can be audited'
    throw new Fault('NO_RUN', `run ${run.id} has no pair that votes: there is nothing to draw from`, { hint })
  }
  const { policy, unaudited } = auditable(options, pool)
  const regressions = regressionsFor(pool, run, policy, pairs)
  const blank = { blocked: 0, held: 0, go: 0, inconclusive: 0 }
  const self: { -readonly [Name in keyof Said]: number } = { ...blank }
  const planted = regressions.map(({ name }) => ({ name, blocked: 0, seen: 0 }))
  const audited = { ...options, policy }
  const power = createPower(audited, pool)
  for (let number = 0; number < draws; number++) {
    const drawn = () => drawAt(pool, options, number)
    const said = verdictOn(drawn(), audited)
    self[said.held ? 'held' : wordOf(said.decision)] += 1
    for (const [index, regression] of regressions.entries()) {
      const sample = drawn()
      regression.plant(sample, seededBy(seed, 'plant', regression.name, String(number)))
      const { isBlocked, isSeen } = seenIn(sample, regression, audited)
      const counts = planted[index]
      if (counts && isBlocked) counts.blocked += 1
      if (counts && isSeen) counts.seen += 1
    }
    if (number < maxCurveDraws) power.see(number)
    options.onProgress((number + 1) / draws)
    // Lets a Ctrl-C and the progress line in.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { level } = policy
  const head = { run: run.id, source, sourcePairs: pool.records.length, pairs, draws, seed, level }
  return { ...head, self, unaudited, rules: power.curves(), planted }
}

function sourceOf({ records, measures, sentAt, metrics }: AuditOptions): { pool: Pool; source: Audit['source'] } {
  const names = metrics.filter(({ on }) => on !== 'pair').map(({ name }) => name)
  const from = (comparison: 'noise' | 'candidate') =>
    poolOf({ records, measures, sentAt }, { comparison, metrics: names })
  const noise = from('noise')
  return noise.records.length >= minNoisePairs
    ? { pool: noise, source: 'noise' }
    : { pool: from('candidate'), source: 'swapped' }
}

/** Which of production's two answers is called the candidate's is drawn for each unit: in truth there is no difference at all. */
function drawAt(pool: Pool, { seed, pairs }: AuditOptions, number: number): Drawn {
  return draw(pool, pairs, seededBy(seed, 'audit', String(number)), isHeads)
}

function isHeads(random: Random): boolean {
  return random.unit() < 0.5
}

/** As a replay of these pairs would have been judged: where it would have ended early, on what it would have had by then. */
function verdictOn(drawn: Drawn, { run, policy, metrics }: Pick<AuditOptions, 'run' | 'policy' | 'metrics'>) {
  const whole = { ...drawn, run: { ...run, stopped: null }, policy, metrics }
  const records = endOf(whole)
  const stopped = records === null ? null : ({ why: 'decided', records, because: '' } as const)
  return judge({ ...whole, run: { ...run, stopped } }).verdict
}

function wordOf(decision: string): keyof Said {
  if (decision === 'NO-GO') return 'blocked'
  return decision === 'GO' ? 'go' : 'inconclusive'
}

function seenIn(
  drawn: Drawn,
  { metrics: own }: PlantedRegression,
  audited: Pick<AuditOptions, 'run' | 'policy' | 'metrics'>,
): { isBlocked: boolean; isSeen: boolean } {
  const { decision, findings } = verdictOn(drawn, audited)
  const isSeen = findings.some(({ rule, outcome }) => {
    const metric = summaryNamed(rule.metric, audited.metrics)?.metric.name
    return outcome === 'fail' && metric !== undefined && own.includes(metric)
  })
  return { isBlocked: decision === 'NO-GO', isSeen }
}

/** The rules that the pool has something to say of, and why the others are left out. */
function auditable(
  { run, policy, pairs, seed, metrics }: AuditOptions,
  pool: Pool,
): { policy: Policy; unaudited: Audit['unaudited'] } {
  const sample = draw(pool, Math.max(pairs, pool.records.length), seededBy(seed, 'auditable'), () => false)
  const { findings } = verdictOn(sample, { run, metrics, policy: { ...policy, looks: null, segments: [] } })
  const unaudited = findings.flatMap(({ rule, outcome, because }) => {
    if (rule.stage === 'canary') return [{ rule, why: 'it is decided in the canary' }]
    const kind = summaryNamed(rule.metric, metrics)?.summary.method.kind
    if (kind === 'excess-mean' || kind === 'excess-share')
      return [{ rule, why: 'it takes four answers of one model to a request, and there are two' }]
    if (kind === 'repeat-share')
      return [{ rule, why: 'it counts answers that recur, and pairs drawn again recur by themselves' }]
    return outcome === 'not-evaluable' ? [{ rule, why: because.replace(/^[^:]+: /, '').replace(/\.$/, '') }] : []
  })
  const left = new Set(unaudited.map(({ rule }) => rule))
  return {
    policy: { ...policy, rules: policy.rules.filter((rule) => !left.has(rule)) },
    unaudited: unaudited.map(({ rule, why }) => ({ metric: rule.metric, why })),
  }
}

/** The power of each rule for all records, alone, at the level that the policy asks of a single judgement. */
function createPower(options: AuditOptions, pool: Pool) {
  const { policy, seed, metrics } = options
  const alpha = 1 - policy.level
  const rules = policy.rules.filter(({ segment, severity }) => segment === null && severity !== 'warn')
  const counts = rules.map(() => grid.map(() => ({ holds: 0, breaks: 0, draws: 0 })))
  const see = (number: number) => {
    for (const [index, rule] of rules.entries()) {
      const metric = metrics.filter(({ summaries }) => summaries.some(({ name }) => name === rule.metric))
      for (const [at, margins] of grid.entries()) {
        const plant = worseningOf(rule, margins, metrics)
        const cell = counts[index]?.[at]
        if (plant === null || !cell) continue
        const drawn = drawAt({ ...pool, columns: columnsOf(pool, metric) }, options, number)
        plant(drawn, seededBy(seed, 'power', rule.metric, String(margins), String(number)))
        const table = buildScoreTable(drawn.records, drawn.measures, drawn.sentAt)
        const evidence = evidenceOf(table, { metrics: metric, segments: [], level: policy.level })
        const { passes, pFail } = weigh(rule, findEvidence(evidence, rule.metric, null), alpha)
        cell.draws += 1
        if (passes && pFail >= alpha) cell.holds += 1
        if (pFail < alpha) cell.breaks += 1
      }
    }
  }
  const curves = (): RulePower[] =>
    rules.map(({ metric, margin, severity }, index) => ({
      metric,
      margin,
      severity,
      points: grid.map((margins, at) => {
        const { holds = 0, breaks = 0, draws = 0 } = counts[index]?.[at] ?? {}
        const share = (count: number) => (draws === 0 ? 0 : count / draws)
        return { margins, holds: share(holds), breaks: share(breaks) }
      }),
    }))
  return { see, curves }
}

function columnsOf(pool: Pool, wanted: readonly { readonly name: string }[]): readonly MeasureColumn[] {
  return pool.columns.filter(({ metric }) => wanted.some(({ name }) => name === metric))
}
