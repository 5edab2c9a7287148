// No record since the last judged run: neither an error nor a verdict.

import { exitStatus } from '../../core/fault.ts'
import type { Decision } from '../../core/judgement.ts'
import { minute } from '../../report/format.ts'
import type { Store } from '../../store/store.ts'
import { asksTheSame } from '../run/run-id.ts'
import type { Session } from '../session/session.ts'

/** A judged run that asked the same of the same targets. */
export interface LastRun {
  readonly run: string
  readonly startedAt: string
  readonly decision: Decision
}

export interface NothingNew {
  readonly nothingNewSince: LastRun
}

/** The newest run that the session goes on from; null where everything is new. `number`: its place among the runs drawn. */
export async function lastRunOf(session: Session, store: Store): Promise<(LastRun & { number: number }) | null> {
  if (session.config.sample.since === 'all') return null
  const drawn = await store.judgedDraws()
  // Another candidate has not been asked yet, and what could not be judged was not.
  const last = drawn.find(
    ({ stored, decision }) => decision !== 'INVALID' && asksTheSame(session.targets, stored.run.targets),
  )
  if (last === undefined) return null
  const { stored, decision, number } = last
  return { run: stored.run.id, startedAt: stored.run.startedAt, decision, number }
}

export function isNothingNew(drawn: object): drawn is NothingNew {
  return 'nothingNewSince' in drawn
}

/** Says so on standard output, and gives the exit status. */
export function sayNothingNew({ world, invocation }: Session, nothing: NothingNew): number {
  world.stdout(nothingNewText(nothing, invocation.isJson))
  return invocation.own['exit-zero'] ? 0 : exitStatus['nothing new']
}

export function nothingNewText(nothing: NothingNew, isJson: boolean): string {
  return isJson ? JSON.stringify({ decision: null, ...nothing }) : `Nothing new  ${nothingNewWords(nothing)}`
}

export function nothingNewWords({ nothingNewSince: { run, startedAt, decision } }: NothingNew): string {
  return `No record came since run ${run} of ${minute(startedAt)}, which ended in ${decision} and stands: nothing was sent, nothing judged, no report written. --sample-since all judges everything again.`
}
