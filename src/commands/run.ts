// `shadowgate run`: the whole road, as the nightly job calls it.

import { Fault } from '../core/fault.ts'
import type { Night } from '../core/night.ts'
import { alarmsOf } from '../report/model/nights.ts'
import type { Store } from '../store/store.ts'
import { type Command, type Invocation, verdictStatuses } from './command.ts'
import { verdictText } from './gate/verdict-text.ts'
import { gateRun } from './gate.ts'
import { isRetentionOn } from './gc/retention.ts'
import { collect, collectedWords } from './gc.ts'
import { refreshIndex } from './history/history-index.ts'
import { ingestLogs, requireLogs } from './ingest.ts'
import { judgeRun } from './judge.ts'
import { closeCutOffNights } from './night/cut-off-nights.ts'
import { type BegunNight, beginNight } from './night/night.ts'
import { callsOf } from './night/night-numbers.ts'
import { isNothingNew, nothingNewText } from './night/nothing-new.ts'
import { hasAccounted } from './nightly/parent-words.ts'
import { tell } from './notify/tell.ts'
import { armOrders, probeTargets } from './replay/preflight.ts'
import { replayRun } from './replay.ts'
import { reportRun } from './report.ts'
import { exitZeroFlag, runToBringHome, yesFlag } from './run/stored-run.ts'
import { timeSpanOf } from './run/time-span.ts'
import { completeScore } from './score.ts'
import { openUnattended } from './session/open-unattended.ts'
import { requireWritable, type Session, stopIfAsked, withStore } from './session/session.ts'
import type { World } from './world.ts'

export const run = {
  statuses: verdictStatuses,
  examples: ['shadowgate run', 'shadowgate run --config nightly.yaml --sample-size 500 --json'],
  settings: [
    'store',
    'logs',
    'privacy.personalData',
    'sample',
    'targets',
    'replay',
    'judge',
    'gate',
    'reviews',
    'report',
    'notify.on',
    'retention',
    'log',
  ],
  flags: [
    { flag: '--new', description: 'Begin a new run even where one was cut off' },
    { flag: '--wait <time>', description: 'How long another process may hold the store before: 90s, 30m, 2h' },
    exitZeroFlag,
    yesFlag,
  ],
  run: (world, invocation) => runAll(world, invocation),
} satisfies Command

/** All stages in one go; the exit status is the decision's. An unfinished run with the same settings is gone on with. */
export async function runAll(world: World, invocation: Invocation): Promise<number> {
  const session = openUnattended(world, invocation, { sends: true, judges: true })
  const begun = beginNight(session)
  const { night, text } = await passNight(session, begun).catch(async (error: unknown) => {
    const failed = begun.failed(error)
    session.logLines?.error(error)
    await tell(session, failed)
    begun.ended(failed)
    world.tellParent(hasAccounted)
    await refreshIndex(session)
    throw error
  })
  world.stdout(text)
  await tell(session, night)
  // A night that was killed before it was told has no end, and the next one tells of both.
  begun.ended(night)
  world.tellParent(hasAccounted)
  // Whatever goes wrong from here on, the night was judged and is not told a second time.
  if (isRetentionOn(session.config)) await collectAfter(session)
  await refreshIndex(session)
  return invocation.own['exit-zero'] ? 0 : night.status
}

interface Passed {
  readonly night: Night
  /** For standard output. */
  readonly text: string
}

async function passNight(session: Session, begun: BegunNight): Promise<Passed> {
  const { world, invocation } = session
  begun.reached('check')
  requireWritable(session)
  const logs = await requireLogs(session)
  const orders = armOrders(session)
  const work = async (store: Store) => {
    await session.progress.during(
      () => 'check    both targets',
      () => probeTargets(session, orders),
    )
    begun.reached('ingest')
    begun.ingested(await ingestLogs(session, store, logs))
    stopIfAsked(session)
    begun.reached('sample')
    const stored = await runToBringHome(session, store)
    await closeCutOffNights(session, store, begun, isNothingNew(stored) ? null : stored.run.id)
    if (isNothingNew(stored)) {
      return { text: nothingNewText(stored, invocation.isJson), night: await begun.nothingNew(store, stored) }
    }
    await begun.planned(store, stored)
    begun.reached('replay')
    await replayRun({ session, store, stored, orders })
    const finished = (await store.findRun(stored.run.id)) ?? stored
    if (session.config.judge) begun.reached('judge')
    await judgeRun(session, store, finished)
    begun.reached('score')
    await completeScore(session, store, finished)
    stopIfAsked(session)
    begun.reached('gate')
    const { judgement, changes } = await gateRun(session, store, finished)
    begun.reached('report')
    const { files, verdictJson, input } = await reportRun(session, store, finished)
    const calls = await callsOf(store, finished, input)
    const words = [verdictText(judgement, world.columns, changes), '', ...files.map((file) => `report   ${file}`)]
    const text = invocation.isJson ? verdictJson.trimEnd() : words.join('\n')
    const { counts, run: ended, across } = input
    const alarms = across === undefined ? [] : alarmsOf(ended, across)
    return { text, night: begun.judged({ judgement, counts, alarms, calls, files, stopped: ended.stopped }) }
  }
  return withStore(session, work, { waitMs: waitOf(invocation) })
}

/** Fault: USAGE. */
function waitOf({ own }: Invocation): number {
  const text = own['wait']
  const waitMs = typeof text === 'string' ? timeSpanOf(text) : 0
  if (waitMs !== null) return waitMs
  throw new Fault('USAGE', `--wait takes a time such as 90s, 30m or 2h, not "${String(text)}"`)
}

/** The night's verdict stands, whatever becomes of this. */
async function collectAfter(session: Session): Promise<void> {
  try {
    session.say(`gc       ${collectedWords(await collect(session, { isDry: false }))}`)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    session.world.log(`gc       nothing was removed: error[${error.code}] ${error.message}`)
  }
}
