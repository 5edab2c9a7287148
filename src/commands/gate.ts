// `shadowgate gate`: the verdict, from what is stored.

import type { Changes } from '../core/changes.ts'
import { Fault, statusOf } from '../core/fault.ts'
import type { MeasureColumn } from '../core/types.ts'
import { assertionName } from '../score/assertions/assertion-metric.ts'
import type { Metric } from '../score/metric.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Judgement } from '../store/verdicts.ts'
import { type Command, verdictStatuses } from './command.ts'
import { changesOf } from './gate/changes-of.ts'
import { judge, surroundingsOf } from './gate/judgement.ts'
import { reviewedPolicy } from './gate/reviewed-run.ts'
import { requireSegmentKeys, segmentKeysOf } from './gate/segment-keys.ts'
import { verdictText } from './gate/verdict-text.ts'
import { refreshIndex } from './history/history-index.ts'
import { keepPairs } from './pairs/make-pairs.ts'
import { requireAttempts } from './run/removed.ts'
import { exitZeroFlag, requireRun, runFlag } from './run/stored-run.ts'
import { completeDrift, scoreRun } from './score.ts'
import { openSession, requireStore, type Session, withStore } from './session/session.ts'

export const gate = {
  statuses: verdictStatuses,
  examples: ['shadowgate gate', 'shadowgate gate --gate-segments task,language'],
  settings: ['store', 'reviews', 'gate'],
  flags: [runFlag, exitZeroFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false, judges: true })
    requireStore(session)
    const { judgement, changes } = await withStore(session, async (store) => {
      const gated = await gateRun(session, store, await requireRun(session, store))
      await refreshIndex(session, store)
      return gated
    })
    world.stdout(invocation.isJson ? JSON.stringify(judgement.verdict) : verdictText(judgement, world.columns, changes))
    return invocation.own['exit-zero'] ? 0 : statusOf(judgement.verdict)
  },
} satisfies Command

interface Gated {
  readonly judgement: Judgement
  readonly changes: Changes | null
}

/** Judges and stores the verdict. Fault: NO_RUN where nothing was scored. */
export async function gateRun(session: Session, store: Store, stored: StoredRun): Promise<Gated> {
  const { run } = stored
  const policy = reviewedPolicy(session.policy, run, session.reviews)
  await requireAttempts(session, store, run.id)
  await completeDrift(session, store, stored)
  const stale = await store.measuresOf(run.id)
  const measures = await withOwnChecks(session, store, stored, stale)
  if (measures.length === 0) {
    throw new Fault('NO_RUN', `run ${run.id} was not scored`, {
      place: session.storePath,
      hint: 'shadowgate score measures its pairs',
    })
  }
  const around = await surroundingsOf(store, stored)
  const segments = segmentKeysOf(policy)
  requireSegmentKeys(around.records, segments, { code: 'BAD_POLICY', place: `${session.file} gate` })
  const judgement = await session.progress.during(
    () => `gate     ${policy.rules.length} rules${segments.length > 0 ? ` · by ${segments.join(', ')}` : ''}`,
    () => Promise.resolve(judge({ ...around, measures, policy, metrics: session.metrics })),
  )
  await store.saveJudgement(run.id, judgement, new Date(session.world.clock.now()).toISOString())
  const grouped = await changesOf(store, { ...around, measures, policy })
  await keepPairs(session, store, { ...around, measures, grouped })
  return { judgement, changes: grouped?.changes ?? null }
}

/** An assertion that was written, or a judge that was asked, since the run was scored is measured first: it needs no request. */
async function withOwnChecks(
  session: Session,
  store: Store,
  stored: StoredRun,
  measures: readonly MeasureColumn[],
): Promise<readonly MeasureColumn[]> {
  const { policy } = session
  const own = new Set([
    ...(policy.assertions ?? []).map(assertionName),
    ...(policy.judge === undefined ? [] : ['judge']),
  ])
  const isMeasured = ({ name, version }: Metric) =>
    measures.some((column) => column.metric === name && column.version === version)
  const isWanting = session.metrics.some((metric) => own.has(metric.name) && !isMeasured(metric))
  if (measures.length === 0 || !isWanting) return measures
  await scoreRun(session, store, stored)
  return store.measuresOf(stored.run.id)
}
