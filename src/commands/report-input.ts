// Gathers from the store what a report is made of.

import type { Changes } from '../core/changes.ts'
import type { Run } from '../core/judgement.ts'
import type { AnsweredCall, Arm, MeasureColumn, Pair, RequestRecord } from '../core/types.ts'
import { providerNamed } from '../providers/index.ts'
import type { ExampleSide, PairExample, ReportInput } from '../report/input.ts'
import { diffForPeople } from '../score/diff.ts'
import { pairsOf } from '../score/pairs.ts'
import { replyOf, textOf, usageOf } from '../score/reply.ts'
import { describeToolDifferences, toolDifferences } from '../score/tool-diff.ts'
import { outcomeWords, type Ranked, rankPairs } from '../score/worst.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Judgement } from '../store/verdicts.ts'
import { againstInput } from './against.ts'
import { changesOf, judgedMeasures } from './changes-of.ts'
import { columnOf, countsOf, latenciesOf } from './run-numbers.ts'
import type { Session } from './session.ts'

interface Judged {
  readonly stored: StoredRun
  readonly judgement: Judgement
}

export async function reportInput(session: Session, store: Store, { stored, judgement }: Judged): Promise<ReportInput> {
  const { run } = stored
  const measures = judgedMeasures(run, await store.measuresOf(run.id))
  const { policy } = judgement
  const changes = await changesOf(store, { run, measures, records: await store.runOutlines(run.id), policy })
  return {
    run,
    ...judgement,
    counts: await countsOf(store, stored, measures),
    latencies: latenciesOf(measures),
    changes,
    against: await againstInput(session, store, stored),
    examples: await examplesOf(store, run, measures, wantedPairs(session.config.report.pairs, changes)),
    generatedAt: new Date(session.world.clock.now()).toISOString(),
  }
}

interface WantedPairs {
  readonly most: number
  /** Places of the records that clusters are named by. */
  readonly examples: ReadonlySet<number>
}

/** So many clusters' examples; a report that is to show no pair shows none of them either. */
const mostExamples = 12

function wantedPairs(most: number, changes: Changes | null): WantedPairs {
  const loud = (changes?.clusters ?? []).filter(({ isBeyondNoise }) => isBeyondNoise !== false)
  const examples = most === 0 ? [] : loud.slice(0, mostExamples).map(({ example }) => example.ordinal)
  return { most, examples: new Set(examples) }
}

async function examplesOf(
  store: Store,
  run: Run,
  measures: readonly MeasureColumn[],
  { most, examples }: WantedPairs,
): Promise<PairExample[]> {
  const worst = rankPairs(measures, most, examples)
  const ordinals = worst.map(({ ordinal }) => ordinal)
  const records = await store.recordsOf(run.id, ordinals)
  const pairs = new Map<number, Pair>()
  for await (const page of store.attemptsOf(run.id, { ordinals })) {
    for (const { ordinal, attempts } of page) {
      const own = pairsOf(attempts, { isOpenLoop: run.replay.pace === 'open' })
      const judged = own.find(({ comparison }) => comparison === 'candidate')
      if (judged) pairs.set(ordinal, judged)
    }
  }
  const refused = columnOf(measures, 'refused')
  const placeOf = new Map(Array.from(refused?.ordinal ?? [], (ordinal, place) => [ordinal, place]))
  return worst.flatMap((ranked) => {
    const record = records.get(ranked.ordinal)
    const pair = pairs.get(ranked.ordinal)
    if (!record || !pair) return []
    const place = placeOf.get(ranked.ordinal) ?? -1
    const isRefused = { production: refused?.production[place] === 1, candidate: refused?.candidate[place] === 1 }
    return [exampleOf({ record, pair, ranked, isRefused })]
  })
}

function exampleOf(from: {
  record: RequestRecord
  pair: Pair
  ranked: Ranked
  isRefused: Readonly<Record<Arm, boolean>>
}): PairExample {
  const { record, pair, ranked, isRefused } = from
  const production = sideOf(pair.production, isRefused.production)
  const candidate = sideOf(pair.candidate, isRefused.candidate)
  return {
    recordId: record.id,
    segments: record.segments,
    source: record.source,
    prompt: providerNamed(record.api).prompt(record.body),
    production,
    candidate,
    similarity: ranked.similarity,
    noiseSimilarity: ranked.noiseSimilarity,
    diff: diffForPeople(production.text, candidate.text),
    reasons: ranked.reasons,
    tools: toolsOf(pair),
  }
}

function toolsOf({ production, candidate }: Pair): readonly string[] {
  const [left, right] = [replyOf(production), replyOf(candidate)]
  if (left === null || right === null) return []
  return describeToolDifferences(toolDifferences(left.toolCalls, right.toolCalls))
}

function sideOf(call: AnsweredCall, isRefused: boolean): ExampleSide {
  const usage = usageOf(call)
  return {
    text: textOf(call) ?? '',
    outcome: outcomeWords(call, isRefused),
    latencyMs: call.latencyMs !== null && Number.isFinite(call.latencyMs) ? call.latencyMs : null,
    outputTokens: typeof usage === 'string' ? null : usage.output,
  }
}
