// Which earlier run a report compares with, and what of it.

import { Fault } from '../../core/fault.ts'
import { nearest } from '../../core/nearest.ts'
import type { AgainstInput, ReportInput } from '../../report/input.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { changesOf, judgedMeasures } from '../gate/changes-of.ts'
import type { Session } from '../session/session.ts'
import { countsOf, latenciesOf } from './run-numbers.ts'

export const againstFlag = {
  flag: '--against <run>',
  description:
    'Say what changed since a run that was judged earlier: its id, or previous for the newest before this one',
}

/** As many judged runs are named where none of them is near the word that was typed. */
const mostNamed = 5

/** By `--against`, else by `report.against`. Faults: NO_RUN, USAGE where a run is to be compared with itself. */
export async function againstInput(
  session: Session,
  store: Store,
  { run }: StoredRun,
): Promise<ReportInput['against']> {
  const flag = session.invocation.own['against']
  const wanted = typeof flag === 'string' ? flag : session.config.report.against
  if (wanted === 'none') return null
  const id = wanted === 'previous' ? (await store.judgedRuns(run.id))[0] : wanted
  if (id === undefined) return 'none-earlier'
  if (id === run.id) {
    throw new Fault('USAGE', `run ${id} can't be compared with itself`, {
      place: '--against',
      hint: '--run names the run to report, --against an earlier one',
    })
  }
  return compared(session, store, { id, now: run.id })
}

async function compared(
  session: Session,
  store: Store,
  { id, now }: { readonly id: string; readonly now: string },
): Promise<AgainstInput> {
  const stored = await store.findRun(id)
  if (!stored) throw await unknownRun(store, id, now)
  const judgement = await store.judgementOf(id)
  if (!judgement) {
    throw new Fault('NO_RUN', `run ${id} was not judged`, {
      place: '--against',
      hint: `shadowgate gate --run ${id} judges it`,
    })
  }
  const { run } = stored
  const measures = judgedMeasures(run, await store.measuresOf(id))
  const records = await store.runOutlines(id)
  const grouped = await changesOf(store, { run, measures, records, policy: judgement.policy })
  return {
    run,
    ...judgement,
    counts: await countsOf(store, stored, measures),
    latencies: latenciesOf(measures),
    changes: grouped?.changes ?? null,
    shared: await store.sharedRecords(now, id),
  }
}

async function unknownRun(store: Store, id: string, now: string): Promise<Fault> {
  const others = (await store.judgedRuns(null)).filter((each) => each !== now)
  const meant = nearest(id, others)
  const named = others.slice(0, mostNamed).join(', ')
  const left = others.length - mostNamed
  const hint =
    meant === null
      ? others.length === 0
        ? 'no other run was judged: there is nothing to compare with'
        : `judged runs, newest first: ${named}${left > 0 ? ` and ${left} more` : ''}`
      : `the nearest judged run is ${meant}`
  return new Fault('NO_RUN', `there is no run ${id}`, { place: '--against', hint })
}
