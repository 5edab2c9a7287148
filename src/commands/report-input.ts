// Gathers from the store what a report is made of.

import type { AnsweredCall, Arm, MeasureRow, Pair, RequestRecord } from '../core/types.ts'
import { providerNamed } from '../providers/index.ts'
import type { CallCounts, ExampleSide, PairExample, ReportInput, RunCounts } from '../report/input.ts'
import { diffForPeople } from '../score/diff.ts'
import { costUsd } from '../score/price.ts'
import { textOf, usageOf } from '../score/reply.ts'
import { outcomeWords, type Ranked, rankPairs } from '../score/worst.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Judgement } from '../store/verdicts.ts'
import type { Session } from './session.ts'
import { factsOf } from './stored-run.ts'

interface Judged {
  readonly stored: StoredRun
  readonly judgement: Judgement
}

export async function reportInput(session: Session, store: Store, { stored, judgement }: Judged): Promise<ReportInput> {
  const { run } = stored
  const rows: MeasureRow[] = []
  for await (const chunk of store.measuresOf(run.id)) rows.push(...chunk)
  const latencies = rows.filter(
    (row) => row.metric === 'latency' && row.comparison === 'candidate' && row.absent === null,
  )
  return {
    run,
    ...judgement,
    counts: await countsOf(store, stored, rows),
    latencies: {
      production: Float64Array.from(latencies, (row) => row.production ?? Infinity),
      candidate: Float64Array.from(latencies, (row) => row.candidate ?? Infinity),
    },
    examples: await examplesOf(store, run.id, rankPairs(rows).slice(0, session.config.report.pairs), rows),
    generatedAt: new Date(session.world.clock.now()).toISOString(),
  }
}

async function countsOf(store: Store, { run }: StoredRun, rows: readonly MeasureRow[]): Promise<RunCounts> {
  const planned = await store.runRecords(run.id)
  const facts = factsOf(rows, planned.length)
  const byArm = new Map((await store.callCounts(run.id)).map((row) => [String(row['arm']), row]))
  const number = (arm: Arm, column: string) => Number(byArm.get(arm)?.[column] ?? 0)
  const calls = (arm: Arm): CallCounts => ({
    calls: number(arm, 'calls'),
    retries: number(arm, 'retries'),
    reply: number(arm, 'reply'),
    rejected: number(arm, 'rejected'),
    broken: number(arm, 'broken'),
    timeout: number(arm, 'timeout'),
  })
  const cost = (arm: Arm) => {
    const price = run.targets[arm].pricePerMillion
    const usage = {
      input: number(arm, 'input_tokens'),
      output: number(arm, 'output_tokens'),
      cachedInput: number(arm, 'cached_input_tokens'),
    }
    return price && costUsd(usage, price)
  }
  const models = (arm: Arm): string[] => JSON.parse(String(byArm.get(arm)?.['served_models'] ?? '[]')) ?? []
  return {
    planned: facts.planned,
    pairs: facts.pairs,
    noisePairs: rows.filter((row) => row.metric === 'answered' && row.comparison === 'noise').length,
    excluded: facts.excluded,
    calls: { production: calls('production'), candidate: calls('candidate') },
    rejectedLines: (await store.rejectedLines()).count,
    duplicates: run.sample.duplicate,
    costUsd: { production: cost('production'), candidate: cost('candidate') },
    servedModels: { production: models('production'), candidate: models('candidate') },
  }
}

async function examplesOf(
  store: Store,
  runId: string,
  worst: readonly Ranked[],
  rows: readonly MeasureRow[],
): Promise<PairExample[]> {
  const wanted = new Map(worst.map((ranked, place) => [ranked.recordId, { ranked, place }]))
  const refused = new Map(
    rows.filter((row) => row.metric === 'refused' && row.comparison === 'candidate').map((row) => [row.recordId, row]),
  )
  const pairs = new Map<string, Pair>()
  for await (const chunk of store.pairsOf(runId, 'candidate')) {
    for (const pair of chunk) if (wanted.has(pair.recordId)) pairs.set(pair.recordId, pair)
  }
  const examples: PairExample[] = []
  for await (const { record } of store.recordsFrom(runId)) {
    const found = wanted.get(record.id)
    const pair = pairs.get(record.id)
    if (found && pair)
      examples[found.place] = exampleOf({ record, pair, ranked: found.ranked, refused: refused.get(record.id) })
  }
  return examples.filter((example) => example !== undefined)
}

function exampleOf(from: {
  record: RequestRecord
  pair: Pair
  ranked: Ranked
  refused: MeasureRow | undefined
}): PairExample {
  const { record, pair, ranked, refused } = from
  const production = sideOf(pair.production, refused?.production === 1)
  const candidate = sideOf(pair.candidate, refused?.candidate === 1)
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
  }
}

function sideOf(call: AnsweredCall, isRefused: boolean): ExampleSide {
  const usage = usageOf(call)
  return {
    text: textOf(call) ?? '',
    outcome: outcomeWords(call, isRefused),
    latencyMs: Number.isFinite(call.latencyMs) ? call.latencyMs : null,
    outputTokens: typeof usage === 'string' ? null : usage.output,
  }
}
