// The one report model: what every report says, with each number rounded and worded once. Formats read only this.

import type { Decision } from '../core/judgement.ts'
import { modelName } from '../core/model-name.ts'
import { closingLine } from './closing-line.ts'
import { count, levelWords } from './format.ts'
import type { ReportInput } from './input.ts'
import { type AgainstModel, againstModel } from './model/against.ts'
import { type AskedModel, askedModel } from './model/asked.ts'
import { type ChangesModel, changesModel } from './model/changes.ts'
import { type FindingRow, findingRows } from './model/findings.ts'
import { type FlagLine, flagLines } from './model/flags.ts'
import { type LatencyModel, latencyModel } from './model/latency.ts'
import { type Lead, leadOf } from './model/lead.ts'
import { nightFlags } from './model/nights.ts'
import { listedExamples, type PairModel, pairModel } from './model/pairs.ts'
import { type ReviewLine, reviewLines } from './model/reviews.ts'
import { type SegmentTable, segmentTables } from './model/segments.ts'
import { type TokensModel, tokensModel } from './model/tokens.ts'
import { printable, sentence } from './text.ts'
import { decisionMark, type Mark } from './words.ts'

export interface ReportModel {
  readonly decision: Decision
  /** Colour of the first screen: the decision's, or amber for a GO that is held. */
  readonly tone: string
  readonly mark: Mark
  readonly because: string
  readonly next: string
  /** The decision told by its foremost finding; null where `because` alone can tell it. */
  readonly lead: Lead | null
  /** What to look into, beside the decision. */
  readonly flags: readonly FlagLine[]
  /** Why the run can't be judged, as far as `because` does not say it. */
  readonly invalid: readonly string[]
  /** "gpt-4-0314 → gpt-4-0613". */
  readonly swap: { readonly production: string; readonly candidate: string }
  /** "1,969" pairs in which both arms came to an end. */
  readonly pairs: string
  readonly findings: readonly FindingRow[]
  /** "6 passed, 2 failed, 2 skipped". */
  readonly tally: string
  /** How sure the limits are, in one sentence. */
  readonly sureness: string
  /** What changed since another run; null where no comparison was asked for. */
  readonly against: AgainstModel | null
  readonly asked: AskedModel
  readonly latency: LatencyModel
  readonly tokens: TokensModel
  readonly segments: readonly SegmentTable[]
  readonly changes: ChangesModel
  /** What people decided about them; empty where nobody did. */
  readonly reviews: readonly ReviewLine[]
  /** Those that stand in every report: the very worst, and those that clusters are named by. */
  readonly examples: readonly PairModel[]
  readonly run: { readonly id: string; readonly seed: string; readonly version: string; readonly startedAt: string }
}

const made = new WeakMap<ReportInput, ReportModel>()

/** Builds the model, once for all formats of an input. Pure: the same input gives the same words. */
export function reportModel(input: ReportInput): ReportModel {
  const known = made.get(input)
  if (known !== undefined) return known
  const model = modelOf(input)
  made.set(input, model)
  return model
}

function modelOf(input: ReportInput): ReportModel {
  const { run, verdict } = input
  const findings = findingRows(input)
  const listed = listedExamples(input)
  return {
    decision: verdict.decision,
    mark: decisionMark(verdict),
    tone: verdict.held ? 'inconclusive' : verdict.decision.toLowerCase(),
    because: sentence(verdict.because),
    next: sentence(verdict.next),
    lead: leadOf(input),
    flags: [...flagLines(findings, verdict), ...nightFlags(input)],
    invalid: verdict.invalid.filter((reason) => !verdict.because.includes(reason)).map(sentence),
    swap: { production: swapName(input, 'production'), candidate: swapName(input, 'candidate') },
    pairs: count(input.counts.pairs),
    findings,
    tally: closingLine(verdict.findings),
    sureness: surenessWords(input),
    against: againstModel(input),
    asked: askedModel(input),
    latency: latencyModel(input),
    tokens: tokensModel(input),
    segments: segmentTables(input),
    changes: changesModel(
      input.changes,
      listed.map(({ row }) => row.recordId),
    ),
    reviews: reviewLines(verdict.reviews),
    examples: listed.map((example) => pairModel(example)),
    run: { id: printable(run.id), seed: String(run.seed), version: run.versions.shadowgate, startedAt: run.startedAt },
  }
}

/** The model that the API says it served, where it is one; else the one asked for. */
function swapName(input: ReportInput, arm: 'production' | 'candidate'): string {
  const [served, ...others] = input.counts.servedModels[arm]
  return served !== undefined && others.length === 0 ? printable(served) : modelName(input.run.targets[arm])
}

function surenessWords(input: ReportInput): string {
  const repetition = input.across?.repetition ?? null
  const own = ownSureness(input)
  return repetition === null || repetition.night === 1 ? own : `${own} ${repetition.because}`
}

function ownSureness({ policy, run, verdict }: ReportInput): string {
  const interval = levelWords(2 * policy.level - 1)
  const own = `Each bound of a ${interval} interval is a one-sided limit at ${levelWords(policy.level)} confidence.`
  const { length } = verdict.looks
  if (length === 0) return own
  const looked = `Blocking rules were judged along the way, at ${length === 1 ? 'one look' : `${length} looks`}: their intervals are as wide as looking often asks for.`
  const biased = 'An estimate at which a run ended early lies further from the margin than the truth does, on average.'
  return [own, looked, ...(run.stopped?.why === 'decided' ? [biased] : [])].join(' ')
}
