// `shadowgate score`: measures every stored pair of a run again, without a request.

import { Fault } from '../core/fault.ts'
import type { MeasureRow, Pair } from '../core/types.ts'
import { measurePair } from '../score/measure.ts'
import type { MeasureContext } from '../score/metric.ts'
import { metrics } from '../score/metrics/index.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { openSession, requireStore, type Session, withStore } from './session.ts'

export const runFlag = { flag: '--run <id>', description: 'Which run; the newest without it' }

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

/** The run that `--run` names, else the newest. Fault: NO_RUN. */
export async function requireRun(session: Session, store: Store): Promise<StoredRun> {
  const wanted = session.invocation.own['run']
  const stored = await store.findRun(typeof wanted === 'string' ? wanted : null)
  if (stored) return stored
  throw new Fault('NO_RUN', wanted ? `there is no run ${String(wanted)}` : 'the store holds no run', {
    place: session.storePath,
  })
}

/** Measures all pairs and says how many measures that gave. */
export async function scoreRun(session: Session, store: Store, { run }: StoredRun): Promise<number> {
  const { production, candidate } = run.targets
  const context = { prices: { production: production.pricePerMillion, candidate: candidate.pricePerMillion } }
  let pairs = 0
  const rows = async function* () {
    for (const comparison of ['candidate', 'noise', 'cross'] as const) {
      for await (const chunk of store.pairsOf(run.id, comparison)) {
        yield measureChunk(chunk, context)
        if (comparison === 'candidate') pairs += chunk.length
      }
    }
  }
  return session.progress.during(
    () => `score    ${pairs} pairs · ${metrics.length} metrics`,
    () => store.replaceMeasures(run.id, rows()),
  )
}

function measureChunk(pairs: readonly Pair[], context: MeasureContext): MeasureRow[] {
  return pairs.flatMap((pair) => measurePair(pair, metrics, context))
}
