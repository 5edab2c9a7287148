// A night as it goes: begun, planned, and judged or failed.

import { resolve } from 'node:path'
import type { Alarm } from '../../core/across.ts'
import { exitStatus, Fault, statusOf, thrownMessage } from '../../core/fault.ts'
import type { Finding, Stopped } from '../../core/judgement.ts'
import { swapWords } from '../../core/model-name.ts'
import type { Night, NightNumbers } from '../../core/night.ts'
import type { NightEvent, NightStage } from '../../core/night-event.ts'
import { withoutSecrets } from '../../core/secrets.ts'
import { plainNight } from '../../notify/plain.ts'
import { turnsOf } from '../../notify/turns.ts'
import type { RunCounts } from '../../report/index.ts'
import { alarmWords } from '../../report/model/nights.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Judgement } from '../../store/verdicts.ts'
import { secretsOf } from '../notify/receivers.ts'
import { newRunId } from '../run/run-id.ts'
import { thisProcess } from '../session/process-identity.ts'
import type { Session } from '../session/session.ts'
import { writeEvent } from './journal.ts'
import { type NothingNew, nothingNewWords } from './nothing-new.ts'
import { createStopwatch } from './stopwatch.ts'

export interface BegunNight {
  readonly id: string
  /** Written into the journal, as are the beginning and the end. */
  readonly reached: (stage: NightStage) => void
  readonly ended: (night: Night) => void
  /** Of another night, which was cut off. */
  readonly closes: (closed: CutOff) => void
  /** What the logs gave. */
  readonly ingested: (records: NonNullable<NightNumbers['records']>) => void
  /** The run is known from here on, and what was decided before it. */
  readonly planned: (store: Store, stored: StoredRun) => Promise<void>
  readonly nothingNew: (store: Store, nothing: NothingNew) => Promise<Night>
  readonly judged: (came: Judged) => Night
  readonly failed: (error: unknown) => Night
}

interface Judged {
  readonly judgement: Judgement
  /** Where the run ended before its plan did. */
  readonly stopped: Stopped | null
  readonly counts: RunCounts
  /** That this night raised. */
  readonly alarms: readonly Alarm[]
  readonly calls: NonNullable<NightNumbers['arms']>
  /** Relative to where the command was called. */
  readonly files: readonly string[]
}

type CutOff = Omit<NightEvent & { event: 'cut-off' }, 'at' | 'event' | 'closedBy'>

/** Set by the scheduler: when it wanted the night. */
export const dueAtVariable = 'SHADOWGATE_NIGHT_DUE_AT'

/** The journal has it from here on. Where it can't be written that is said once, and the night goes on. */
export function beginNight(session: Session): BegunNight {
  const { world, targets, storePath, logLines } = session
  const instant = () => new Date(world.clock.now()).toISOString()
  const startedAt = instant()
  const id = `night-${newRunId(startedAt)}`
  const dueAt = world.env[dueAtVariable]
  logLines?.tag({ night: id })
  let isSilent = false
  const write = (event: NightEvent) => {
    const trouble = writeEvent(storePath, event)
    if (trouble === null) isSilent = false
    else if (!isSilent) world.log(`journal  ${trouble}`)
    isSilent ||= trouble !== null
  }
  write({
    night: id,
    at: startedAt,
    event: 'begun',
    process: thisProcess(),
    version: world.versions.shadowgate,
    ...(dueAt === undefined ? { command: 'run' } : { command: 'nightly', dueAt }),
  })
  let runId: string | null = null
  let before: Night['before'] = null
  let findingsBefore: readonly Finding[] = []
  let records: NightNumbers['records']
  const stopwatch = createStopwatch(world.clock)
  const common = (arms?: NightNumbers['arms']) => ({
    startedAt,
    finishedAt: instant(),
    swap: swapWords(targets),
    before,
    numbers: { ...stopwatch.read(), ...(records && { records }), ...(arms && { arms }) },
  })
  return {
    id,
    reached: (stage) => {
      stopwatch.reached(stage)
      logLines?.tag({ stage })
      write({ night: id, at: instant(), event: 'reached', stage, runId })
    },
    // Another server may quote a key of ours that no pattern knows.
    ended: (came) => write({ night: id, at: instant(), event: 'ended', came: plainNight(came, secretsOf(session)) }),
    closes: (closed) => write({ ...closed, at: instant(), event: 'cut-off', closedBy: id }),
    ingested: ({ added, rejected }) => {
      records = { added, rejected }
    },
    planned: async (store, { run }) => {
      runId = run.id
      logLines?.tag({ run: run.id })
      before = await store.decisionBefore(run.id)
      findingsBefore = (before && (await store.judgementOf(before.runId)))?.verdict.findings ?? []
    },
    nothingNew: async (store, nothing) => {
      before = await store.decisionBefore(null)
      const status = exitStatus['nothing new']
      return { ...common(), kind: 'nothing-new', status, runId: null, because: nothingNewWords(nothing), next: '' }
    },
    judged: ({ judgement: { verdict }, counts, alarms, calls, files, stopped }) => ({
      ...common(calls),
      alarms: alarmWords(alarms),
      turns: turnsOf(findingsBefore, verdict.findings),
      kind: 'judged',
      status: statusOf(verdict),
      runId: runId ?? '',
      decision: verdict.decision,
      held: verdict.held,
      because:
        stopped === null || stopped.why === 'decided' ? verdict.because : `${verdict.because} ${stopped.because}`,
      next: verdict.next,
      pairs: counts.pairs,
      excluded: Object.values(counts.excluded).reduce((sum, pairs) => sum + pairs, 0),
      costUsd: sumOf([counts.costUsd.production, counts.costUsd.candidate]),
      reports: files.map((file) => resolve(world.cwd, file)),
    }),
    failed: (error) => ({
      ...common(),
      kind: 'failed',
      runId,
      status: error instanceof Fault ? error.status : exitStatus.internal,
      code: error instanceof Fault ? error.code : 'BUG',
      because: withoutSecrets(thrownMessage(error)).text,
      next: error instanceof Fault ? error.hint : `the stack is in the job's log; the store is ${storePath}`,
    }),
  }
}

function sumOf(costs: readonly (number | null)[]): number | null {
  const known = costs.filter((cost) => cost !== null)
  return known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0)
}
