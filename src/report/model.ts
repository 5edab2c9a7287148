// The one report model: what every report says, with each number rounded and worded once. Formats read only this.

import type { Decision } from '../core/judgement.ts'
import { closingLine } from './closing-line.ts'
import { count, levelWords } from './format.ts'
import type { ReportInput } from './input.ts'
import { type AskedModel, askedModel, modelName } from './model/asked.ts'
import { type ChangesModel, changesModel } from './model/changes.ts'
import { type FindingRow, findingRows } from './model/findings.ts'
import { type LatencyModel, latencyModel } from './model/latency.ts'
import { type PairModel, pairModel } from './model/pairs.ts'
import { type ReviewLine, reviewLines } from './model/reviews.ts'
import { type SegmentTable, segmentTables } from './model/segments.ts'
import { printable, sentence } from './text.ts'
import { decisionMarks, heldMark, type Mark } from './words.ts'

export interface ReportModel {
  readonly decision: Decision
  /** Colour of the first screen: the decision's, or amber for a GO that is held. */
  readonly tone: string
  readonly mark: Mark
  readonly because: string
  readonly next: string
  /** Findings to look into, beside the decision. */
  readonly flags: readonly string[]
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
  readonly asked: AskedModel
  readonly latency: LatencyModel
  readonly segments: readonly SegmentTable[]
  readonly changes: ChangesModel
  /** What people decided about them; empty where nobody did. */
  readonly reviews: readonly ReviewLine[]
  readonly examples: readonly PairModel[]
  readonly run: { readonly id: string; readonly seed: string; readonly version: string; readonly startedAt: string }
}

/** Builds the model. Pure: the same input gives the same words. */
export function reportModel(input: ReportInput): ReportModel {
  const { run, verdict } = input
  return {
    decision: verdict.decision,
    mark: verdict.held ? heldMark : decisionMarks[verdict.decision],
    tone: verdict.held ? 'inconclusive' : verdict.decision.toLowerCase(),
    because: sentence(verdict.because),
    next: sentence(verdict.next),
    flags: verdict.flags.map(sentence),
    invalid: verdict.invalid.filter((reason) => !verdict.because.includes(reason)).map(sentence),
    swap: { production: swapName(input, 'production'), candidate: swapName(input, 'candidate') },
    pairs: count(input.counts.pairs),
    findings: findingRows(input),
    tally: closingLine(verdict.findings),
    sureness: surenessWords(input),
    asked: askedModel(input),
    latency: latencyModel(input.latencies),
    segments: segmentTables(input),
    changes: changesModel(
      input.changes,
      input.examples.map(({ row }) => row.recordId),
    ),
    reviews: reviewLines(verdict.reviews),
    examples: input.examples.map(pairModel),
    run: { id: printable(run.id), seed: String(run.seed), version: run.versions.shadowgate, startedAt: run.startedAt },
  }
}

/** The model that the API says it served, where it is one; else the one asked for. */
function swapName(input: ReportInput, arm: 'production' | 'candidate'): string {
  const [served, ...others] = input.counts.servedModels[arm]
  return served !== undefined && others.length === 0 ? printable(served) : modelName(input.run.targets[arm])
}

function surenessWords({ policy, run, verdict }: ReportInput): string {
  const interval = levelWords(2 * policy.level - 1)
  const own = `Each bound of a ${interval} interval is a one-sided limit at ${levelWords(policy.level)} confidence.`
  const { length } = verdict.looks
  if (length === 0) return own
  const looked = `Blocking rules were judged along the way, at ${length === 1 ? 'one look' : `${length} looks`}: their intervals are as wide as looking often asks for.`
  const biased = 'An estimate at which a run ended early lies further from the margin than the truth does, on average.'
  return [own, looked, ...(run.stopped?.why === 'decided' ? [biased] : [])].join(' ')
}
