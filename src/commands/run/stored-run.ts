// Which run a command is about: the one named, the newest, or the one that was cut off.

import { Fault } from '../../core/fault.ts'
import type { Run } from '../../core/judgement.ts'
import { absenceReasons, type MeasureColumn } from '../../core/types.ts'
import type { RunFacts } from '../../gate/validity.ts'
import { minute } from '../../report/format.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { isNothingNew, type NothingNew } from '../night/nothing-new.ts'
import { planRun } from '../sample.ts'
import type { Session } from '../session/session.ts'
import { asksTheSame, fingerprintOf } from './run-id.ts'

export const runFlag = { flag: '--run <id>', description: 'Which run; the newest without it' }

export const yesFlag = { flag: '--yes', description: 'Answer every question with yes: a cost, arms that look alike' }

export const exitZeroFlag = { flag: '--exit-zero', description: 'Exit with 0 whatever the decision, for advisory jobs' }

/** The run that `--run`, or the word after a command that takes one, names, else the newest. Fault: NO_RUN. */
export async function requireRun(session: Session, store: Store): Promise<StoredRun> {
  const wanted = session.invocation.own['run'] ?? session.invocation.word
  const stored = await store.findRun(typeof wanted === 'string' ? wanted : null)
  if (stored) return stored
  throw new Fault('NO_RUN', wanted ? `there is no run ${String(wanted)}` : 'the store holds no run', {
    place: session.storePath,
  })
}

/** For `replay`: the run named, else the newest that was not replayed whole, else a new one. Fault: BAD_CONFIG where it asked others. */
export async function runToReplay(session: Session, store: Store): Promise<StoredRun | NothingNew> {
  const isNamed = typeof session.invocation.own['run'] === 'string'
  const stored = isNamed ? await requireRun(session, store) : await store.findRun(null)
  const isLeft = stored?.status === 'planned' || stored?.status === 'running'
  if (!stored || (!isLeft && !isNamed)) return planRun(session, store)
  if (asksTheSame(session.targets, stored.run.targets)) return stored
  throw new Fault('BAD_CONFIG', `run ${stored.run.id} was drawn for other targets than the config names now`, {
    place: `${session.file} targets`,
    hint: 'shadowgate sample draws a new run for these',
  })
}

/** A provider takes a day for a batch, and another for what it left unanswered; neither is to be paid twice. */
const batchWindowHours = 72

/** For `run`: the newest that asks the same and was cut off not too long ago, else a new one. */
export async function runToBringHome(session: Session, store: Store): Promise<StoredRun | NothingNew> {
  const { lane, resumeForHours } = session.config.replay
  const before = (hours: number) => new Date(session.world.clock.now() - hours * 3_600_000).toISOString()
  const since = { live: before(resumeForHours), batch: before(Math.max(resumeForHours, batchWindowHours)) }
  for (const id of await store.closeOutdatedRuns(since))
    session.say(`sample   run ${id} is closed without a verdict: it was begun too long ago to be gone on with`)
  if (session.invocation.own['new']) {
    const planned = await planRun(session, store)
    if (!isNothingNew(planned)) await store.closeSupersededRuns(planned)
    return planned
  }
  const unfinished = await store.findUnfinishedRun(fingerprintOf(session), since[lane])
  if (!unfinished) return planRun(session, store)
  const { id, startedAt, dataset } = unfinished.run
  session.say(
    `sample   goes on with run ${id} of ${minute(startedAt)}: ${dataset.records} records; --new begins another`,
  )
  return unfinished
}

/**
 * What the gate must know beside the measures. Every pair has one of `answered`, whatever became of it. A run that was stopped on
 * purpose planned what it sent, or so much of it as is judged.
 */
export function factsOf(measures: readonly MeasureColumn[], { stopped }: Run, planned: number): RunFacts {
  const answered = measures.find(({ metric, comparison }) => metric === 'answered' && comparison === 'candidate')
  const excludedPlace = absenceReasons.indexOf('excluded')
  const excluded = answered ? answered.absent.filter((why) => why === excludedPlace).length : 0
  const pairs = answered?.ordinal.length ?? 0
  const wanted = stopped === null ? planned : (stopped.records ?? pairs)
  return { pairs, planned: wanted, excluded: excluded > 0 ? { 'rate-limited': excluded } : {} }
}
