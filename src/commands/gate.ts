// `shadowgate gate`: the verdict, from what is stored.

import { Fault, statusOf } from '../core/fault.ts'
import type { Policy, Run } from '../core/judgement.ts'
import type { MeasureColumn } from '../core/types.ts'
import { decide } from '../gate/decide.ts'
import { buildScoreTable, type ScoredRecord } from '../score/columns.ts'
import { evidenceOf } from '../score/effects.ts'
import { metrics } from '../score/metrics/index.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Judgement } from '../store/verdicts.ts'
import type { Command } from './command.ts'
import { requireSegmentKeys, segmentKeysOf } from './segment-keys.ts'
import { openSession, requireStore, type Session, withStore } from './session.ts'
import { exitZeroFlag, factsOf, requireRun, runFlag } from './stored-run.ts'
import { verdictText } from './verdict-text.ts'

export const gate = {
  examples: ['shadowgate gate', 'shadowgate gate --gate-segments task,language'],
  settings: ['store', 'gate'],
  flags: [runFlag, exitZeroFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireStore(session)
    const judgement = await withStore(session, async (store) =>
      gateRun(session, store, await requireRun(session, store)),
    )
    world.stdout(invocation.isJson ? JSON.stringify(judgement.verdict) : verdictText(judgement, world.columns))
    return invocation.own['exit-zero'] ? 0 : statusOf(judgement.verdict)
  },
} satisfies Command

/** Judges and stores the verdict. Fault: NO_RUN where nothing was scored. */
export async function gateRun(session: Session, store: Store, { run }: StoredRun): Promise<Judgement> {
  const { policy } = session
  const measures = await store.measuresOf(run.id)
  if (measures.length === 0) {
    throw new Fault('NO_RUN', `run ${run.id} was not scored`, {
      place: session.storePath,
      hint: 'shadowgate score measures its pairs',
    })
  }
  const records = await store.runOutlines(run.id)
  const segments = segmentKeysOf(policy)
  requireSegmentKeys(records, segments, { code: 'BAD_POLICY', place: `${session.file} gate` })
  const judgement = await session.progress.during(
    () => `gate     ${policy.rules.length} rules${segments.length > 0 ? ` · by ${segments.join(', ')}` : ''}`,
    () => Promise.resolve(judge({ run, measures, records, policy })),
  )
  await store.saveJudgement(run.id, judgement, new Date(session.world.clock.now()).toISOString())
  return judgement
}

interface Judged {
  readonly run: Run
  readonly measures: readonly MeasureColumn[]
  /** In the order of the run. */
  readonly records: readonly ScoredRecord[]
  readonly policy: Policy
}

/** The verdict on what was measured: no clock and no chance has a part in it. */
export function judge({ run, measures, records, policy }: Judged): Judgement {
  const segments = segmentKeysOf(policy)
  const evidence = evidenceOf(buildScoreTable(records, measures), { metrics, segments, level: policy.level })
  const effects = evidence.flatMap(({ effect }) => (effect ? [effect] : []))
  return { policy, effects, verdict: decide(evidence, policy, factsOf(measures, run, records.length)) }
}
