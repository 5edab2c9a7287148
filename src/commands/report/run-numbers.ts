// How a run went, in numbers: its pairs, its calls, what they cost, and how long they took.

import { costUsd } from '../../core/price.ts'
import { type Arm, type Comparison, type MeasureColumn, present } from '../../core/types.ts'
import type { CallCounts, ReportInput, RunCounts } from '../../report/input.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { factsOf } from '../run/stored-run.ts'
import { logCounts } from './log-counts.ts'

export function columnOf(measures: readonly MeasureColumn[], metric: string, comparison: Comparison = 'candidate') {
  return measures.find((each) => each.metric === metric && each.comparison === comparison)
}

export function latenciesOf(measures: readonly MeasureColumn[]): ReportInput['latencies'] {
  const column = columnOf(measures, 'latency')
  if (!column) return { production: new Float64Array(), candidate: new Float64Array() }
  const isThere = (_: number, place: number) => column.absent[place] === present
  return { production: column.production.filter(isThere), candidate: column.candidate.filter(isThere) }
}

export async function countsOf(
  store: Store,
  { run }: StoredRun,
  measures: readonly MeasureColumn[],
): Promise<RunCounts> {
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
  const rejected = await store.rejectedLines()
  return {
    planned: facts.planned,
    pairs: facts.pairs,
    noisePairs: columnOf(measures, 'answered', 'noise')?.ordinal.length ?? 0,
    excluded: facts.excluded,
    calls: { production: calls('production'), candidate: calls('candidate') },
    rejectedLines: rejected.count,
    duplicates: run.sample.duplicate,
    costUsd: { production: cost('production'), candidate: cost('candidate') },
    servedModels: { production: models('production'), candidate: models('candidate') },
    recordedModels: await store.recordedModels(run.id),
    log: await logCounts(store, rejected.reasons),
  }
}
