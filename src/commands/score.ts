// `shadowgate score`: measures every stored pair of a run again, without a request.

import { Fault } from '../core/fault.ts'
import type { Arm, MeasureRow, Pair } from '../core/types.ts'
import { measurePair } from '../score/measure.ts'
import type { MeasureContext } from '../score/metric.ts'
import { metrics } from '../score/metrics/index.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { openSession, requireStore, type Session, stopIfAsked, withStore } from './session.ts'
import { requireRun, runFlag } from './stored-run.ts'

export const score = {
  examples: ['shadowgate score', 'shadowgate score --run 20261123-023000-1f3c'],
  settings: ['store'],
  flags: [runFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireStore(session)
    const count = await withStore(session, async (store) => scoreRun(session, store, await requireRun(session, store)))
    world.stdout(invocation.isJson ? JSON.stringify({ measures: count }) : `${count} measures`)
    return 0
  },
} satisfies Command

/** Measures all pairs and says how many measures that gave. */
export async function scoreRun(session: Session, store: Store, { run }: StoredRun): Promise<number> {
  const { production, candidate } = run.targets
  const prices = { production: production.pricePerMillion, candidate: candidate.pricePerMillion }
  const context = { prices, reportsCache: await reportsCache(store, run.id) }
  let pairs = 0
  const rows = async function* () {
    for (const comparison of ['candidate', 'noise', 'cross'] as const) {
      for await (const chunk of store.pairsOf(run.id, comparison)) {
        stopIfAsked(session)
        yield measureChunk(chunk, context)
        if (comparison === 'candidate') pairs += chunk.length
      }
    }
  }
  const count = await session.progress.during(
    () => `score    ${pairs} pairs · ${metrics.length} metrics`,
    () => store.replaceMeasures(run.id, rows()),
  )
  if (pairs > 0) return count
  const hint = 'shadowgate replay sends what the run has not sent yet'
  throw new Fault('NO_RUN', `run ${run.id} has no pair yet`, { place: session.storePath, hint })
}

async function reportsCache(store: Store, runId: string): Promise<MeasureContext['reportsCache']> {
  const counts = await store.callCounts(runId)
  const reports = (arm: Arm) => counts.some((row) => row['arm'] === arm && row['cached_input_tokens'] !== null)
  return { production: reports('production'), candidate: reports('candidate') }
}

function measureChunk(pairs: readonly Pair[], context: MeasureContext): MeasureRow[] {
  return pairs.flatMap((pair) => measurePair(pair, metrics, context))
}
