// `shadowgate gate`: the verdict, from what is stored.

import { exitStatus, Fault } from '../core/fault.ts'
import type { Verdict } from '../core/judgement.ts'
import type { MeasureRow } from '../core/types.ts'
import { decide } from '../gate/decide.ts'
import type { RunFacts } from '../gate/validity.ts'
import { buildScoreTable } from '../score/columns.ts'
import { evidenceOf } from '../score/effects.ts'
import { metrics } from '../score/metrics/index.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Judgement } from '../store/verdicts.ts'
import type { Command } from './command.ts'
import { requireRun, runFlag } from './score.ts'
import { openSession, requireStore, type Session, withStore } from './session.ts'
import { verdictText } from './verdict-text.ts'

export const gate = {
  examples: ['shadowgate gate', 'shadowgate gate --gate-segments task,language'],
  settings: ['store', 'gate'],
  flags: [runFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireStore(session)
    const judgement = await withStore(session, async (store) =>
      gateRun(session, store, await requireRun(session, store)),
    )
    const { decision, because } = judgement.verdict
    world.stdout(invocation.isJson ? JSON.stringify({ decision, because }) : verdictText(judgement))
    return exitStatus[decision]
  },
} satisfies Command

/** Judges and stores the verdict. Fault: NO_RUN where nothing was scored. */
export async function gateRun(session: Session, store: Store, { run }: StoredRun): Promise<Judgement> {
  const planned = await store.runRecords(run.id)
  const outlines = new Map((await store.recordOutlines()).map((record) => [record.id, record]))
  const rows = await collect(store.measuresOf(run.id))
  if (rows.length === 0) {
    throw new Fault('NO_RUN', `run ${run.id} was not scored`, {
      place: session.storePath,
      hint: 'shadowgate score measures its pairs',
    })
  }
  const records = planned.map(({ recordId }) => outlines.get(recordId) ?? { id: recordId, cluster: null, segments: {} })
  const evidence = evidenceOf(buildScoreTable(records, rows), {
    metrics,
    segments: session.policy.segments,
    level: session.policy.level,
  })
  const verdict: Verdict = decide(evidence, session.policy, factsOf(rows, planned.length))
  const effects = evidence.flatMap(({ effect }) => (effect ? [effect] : []))
  const judgement = { policy: session.policy, effects, verdict }
  await store.saveJudgement(run.id, judgement, new Date(session.world.clock.now()).toISOString())
  return judgement
}

/** Every pair has a row for `answered`, whatever became of it. */
export function factsOf(rows: readonly MeasureRow[], planned: number): RunFacts {
  const pairs = rows.filter((row) => row.metric === 'answered' && row.comparison === 'candidate')
  const excluded = pairs.filter((row) => row.absent === 'excluded').length
  return { pairs: pairs.length, planned, excluded: excluded > 0 ? { 'rate-limited': excluded } : {} }
}

async function collect(chunks: AsyncIterable<readonly MeasureRow[]>): Promise<MeasureRow[]> {
  const rows: MeasureRow[] = []
  for await (const chunk of chunks) for (const row of chunk) rows.push(row)
  return rows
}
