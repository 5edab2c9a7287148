// Gathers from the store what a report is made of.

import type { Changes } from '../core/changes.ts'
import type { PairRow, PairTable } from '../core/pair.ts'
import { costUsd } from '../core/price.ts'
import { type Arm, type Comparison, type MeasureColumn, present } from '../core/types.ts'
import type { CallCounts, PairExample, ReportInput, RunCounts } from '../report/input.ts'
import { pairTable } from '../score/pair-table.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Judgement } from '../store/verdicts.ts'
import { changesOf, judgedMeasures } from './changes-of.ts'
import { pairDetails } from './pair-details.ts'
import { removedNote } from './removed.ts'
import type { Session } from './session.ts'
import { factsOf } from './stored-run.ts'

interface Judged {
  readonly stored: StoredRun
  readonly judgement: Judgement
}

export async function reportInput(session: Session, store: Store, { stored, judgement }: Judged): Promise<ReportInput> {
  const { run } = stored
  const measures = judgedMeasures(run, await store.measuresOf(run.id))
  const { policy } = judgement
  const records = await store.runOutlines(run.id)
  const grouped = await changesOf(store, { run, measures, records, policy })
  const changes = grouped?.changes ?? null
  const table = pairTable({ measures, records, clusterOf: grouped?.clusterOf ?? new Map() })
  const shown = shownRows(table, session.config.report.pairs, changes)
  const note = removedNote(await store.removedOf(run.id))
  return {
    run: note === null ? run : { ...run, notes: [...run.notes, note] },
    ...judgement,
    counts: await countsOf(store, stored, measures),
    latencies: latenciesOf(measures),
    changes,
    pairs: table.rows,
    examples: await examplesOf(store, stored, table, shown),
    generatedAt: new Date(session.world.clock.now()).toISOString(),
  }
}

function columnOf(measures: readonly MeasureColumn[], metric: string, comparison: Comparison = 'candidate') {
  return measures.find((each) => each.metric === metric && each.comparison === comparison)
}

function latenciesOf(measures: readonly MeasureColumn[]): ReportInput['latencies'] {
  const column = columnOf(measures, 'latency')
  if (!column) return { production: new Float64Array(), candidate: new Float64Array() }
  const isThere = (_: number, place: number) => column.absent[place] === present
  return { production: column.production.filter(isThere), candidate: column.candidate.filter(isThere) }
}

async function countsOf(store: Store, { run }: StoredRun, measures: readonly MeasureColumn[]): Promise<RunCounts> {
  const facts = factsOf(measures, run, (await store.planOf(run.id)).records)
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
      cacheWrite: number(arm, 'cache_write_tokens'),
    }
    return price && costUsd(usage, price)
  }
  const models = (arm: Arm): string[] => JSON.parse(String(byArm.get(arm)?.['served_models'] ?? '[]')) ?? []
  return {
    planned: facts.planned,
    pairs: facts.pairs,
    noisePairs: columnOf(measures, 'answered', 'noise')?.ordinal.length ?? 0,
    excluded: facts.excluded,
    calls: { production: calls('production'), candidate: calls('candidate') },
    rejectedLines: (await store.rejectedLines()).count,
    duplicates: run.sample.duplicate,
    costUsd: { production: cost('production'), candidate: cost('candidate') },
    servedModels: { production: models('production'), candidate: models('candidate') },
  }
}

/** So many clusters' examples are shown beside the worst pairs; a report that is to show no pair shows none of them either. */
const mostExamples = 12

/** Which pairs the report shows whole: the worst, and those that clusters of changes are named by. */
function shownRows({ rows }: PairTable, most: number, changes: Changes | null): readonly PairRow[] {
  const loud = (changes?.clusters ?? []).filter(({ isBeyondNoise }) => isBeyondNoise !== false)
  const named = most === 0 ? [] : loud.slice(0, mostExamples).map(({ example }) => example.ordinal)
  const wanted = new Set(named)
  return rows.filter(({ ordinal }, rank) => rank < most || wanted.has(ordinal))
}

async function examplesOf(store: Store, stored: StoredRun, table: PairTable, shown: readonly PairRow[]) {
  const details = await pairDetails(store, stored, shown)
  return shown.flatMap((row): PairExample[] => {
    const detail = details.get(row.ordinal)
    return detail ? [{ row, reasons: table.reasonsOf(row), detail }] : []
  })
}
