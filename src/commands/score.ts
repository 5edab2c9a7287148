// `shadowgate score`: measures every stored pair of a run again, without a request.

import { Fault } from '../core/fault.ts'
import { isDrawnForJudge } from '../core/judged.ts'
import type { JudgePolicy } from '../core/judgement.ts'
import type { Arm, Attempt, MeasureRow } from '../core/types.ts'
import { providerNamed } from '../providers/index.ts'
import { measurePair } from '../score/measure.ts'
import type { MeasureContext, Metric } from '../score/metric.ts'
import { pairsOf } from '../score/pairs.ts'
import { measureRecorded } from '../score/recorded.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { requireTexts } from './run/removed.ts'
import { requireRun, runFlag } from './run/stored-run.ts'
import { openSession, requireStore, type Session, stopIfAsked, withStore } from './session/session.ts'

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

/** Measures all pairs anew and says how many measures that gave. Fault: NO_RUN where there is none. */
export async function scoreRun(session: Session, store: Store, stored: StoredRun): Promise<number> {
  const { run } = stored
  let pairs = 0
  const onPairs = (count: number) => (pairs += count)
  const drift = session.policy.drift !== undefined
  const rows = await measured(session, store, stored, { onPairs, drift })
  const count = await session.progress.during(
    () => `score    ${pairs} pairs · ${session.metrics.length} metrics`,
    () => store.replaceMeasures(run.id, rows),
  )
  if (pairs > 0) return count
  const hint = 'shadowgate replay sends what the run has not sent yet'
  throw new Fault('NO_RUN', `run ${run.id} has no pair yet`, { place: session.storePath, hint })
}

/** What is measured of a run. */
export interface Measuring {
  readonly metrics?: readonly Metric[]
  /** Whose answers stand with the pairs. */
  readonly judge?: JudgePolicy | undefined
  /** Of the first so many records alone. */
  readonly first?: number
  readonly onPairs?: (count: number) => void
  /** Whether the log's own answers are held against production's of now. */
  readonly drift?: boolean
}

/** The measures of every pair, record by record, from the stored attempts. Fault: REMOVED where their texts are gone. */
export async function measured(
  session: Session,
  store: Store,
  { run }: StoredRun,
  {
    metrics: asked = session.metrics,
    judge = session.policy.judge,
    first,
    onPairs = () => {},
    drift = false,
  }: Measuring = {},
): Promise<AsyncIterable<MeasureRow[]>> {
  await requireTexts(session, store, run.id)
  const { production, candidate } = run.targets
  const prices = { production: production.pricePerMillion, candidate: candidate.pricePerMillion }
  const reports = await reportsCache(store, run.id)
  const hasDrift = drift && (await store.countRecorded(run.id)) > 0
  const reads = hasDrift || asked.some(({ readsRequest, readsRecord }) => readsRequest || readsRecord)
  const judged = judge === undefined ? null : await store.judgedPairs(run.id, judge.fingerprint)
  const share = judge?.share ?? 1
  const isAsked = ([one]: readonly Attempt[]) =>
    share === 1 || (one !== undefined && isDrawnForJudge(one.recordId, run.seed, share))
  const waiting = { isOpenLoop: run.replay.pace === 'open' }
  async function* rows() {
    for await (const page of store.attemptsOf(run.id, first === undefined ? null : { first })) {
      stopIfAsked(session)
      const requests = reads
        ? await store.recordsOf(
            run.id,
            page.map(({ ordinal }) => ordinal),
          )
        : null
      for (const { ordinal, attempts } of page) {
        const request = requests?.get(ordinal)
        const context: MeasureContext = {
          prices,
          reportsCache: reports,
          asked: request ? providerNamed(request.api).asked(request.body) : null,
          record: request ?? null,
          judged: isAsked(attempts) ? (judged?.get(ordinal) ?? null) : 'not-drawn',
        }
        const own = pairsOf(attempts, waiting)
        if (own.some(({ comparison }) => comparison === 'candidate')) onPairs(1)
        const ofLog = hasDrift && request ? measureRecorded({ record: request, attempts, context }) : []
        yield [...own.flatMap((pair) => measurePair(pair, asked, context)), ...ofLog]
      }
    }
  }
  return rows()
}

/** Measures what the replay has not measured already as it went: nothing, unless it was cut off. */
export async function completeScore(session: Session, store: Store, stored: StoredRun): Promise<void> {
  const versions = new Map(session.metrics.map(({ name, version }) => [name, version]))
  if (!(await store.isMeasured(stored.run.id, versions))) await scoreRun(session, store, stored)
}

/**
 * Measures what the log's own answers say, where a replay measured its pairs as it went and nothing of the log. Nothing where there are
 * no such answers, or their texts were removed.
 */
export async function completeDrift(session: Session, store: Store, stored: StoredRun): Promise<void> {
  const { id } = stored.run
  if (session.policy.drift === undefined || (await store.isRecordedMeasured(id))) return
  const { texts, attempts } = await store.removedOf(id)
  if (texts !== null || attempts !== null || (await store.countRecorded(id)) === 0) return
  await session.progress.during(
    () => 'score    recorded answers',
    async () => store.addMeasures(id, await measured(session, store, stored, { metrics: [], drift: true })),
  )
}

async function reportsCache(store: Store, runId: string): Promise<MeasureContext['reportsCache']> {
  const counts = await store.callCounts(runId)
  const reports = (arm: Arm) => counts.some((row) => row['arm'] === arm && row['cached_input_tokens'] !== null)
  return { production: reports('production'), candidate: reports('candidate') }
}
