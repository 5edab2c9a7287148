// `shadowgate nightly`: the scheduler for machines without one; each night is a process of its own.

import { exitStatus } from '../core/fault.ts'
import { span } from '../report/format.ts'
import { type Command, type Invocation, verdictStatuses } from './command.ts'
import { settingsOf } from './config/settings.ts'
import { readNights } from './night/journal.ts'
import { dueAtVariable } from './night/night.ts'
import { accountForNight } from './nightly/account.ts'
import { type Calendar, calendarOf } from './nightly/calendar.ts'
import { type DueNight, keepNights } from './nightly/keep-nights.ts'
import { runNightProcess } from './nightly/night-process.ts'
import { run } from './run.ts'
import { openUnattended } from './session/open-unattended.ts'
import type { Session } from './session/session.ts'

export const nightly = {
  statuses: `0 ended when it was told to; with --once that of the night:
  ${verdictStatuses}`,
  examples: ['shadowgate nightly --at 02:30 --tz Europe/Berlin', 'shadowgate nightly --once'],
  settings: ['night', ...run.settings],
  flags: [
    { flag: '--once', description: 'Begin a night now, as the scheduler would, and end with its exit status' },
    { flag: '--wait <time>', description: 'How long another process may hold the store before a night: 30m, 2h' },
  ],
  run: async (given, invocation) => {
    // It stays for weeks: a clock that is set, or a machine that slept, must be seen.
    const clock = { ...given.clock, now: given.wallNow }
    const world = { ...given, clock }
    const session = openUnattended(world, invocation, { sends: false })
    const calendar = calendarIn(session)
    if (invocation.own['once']) {
      return (await pass(session, calendar, { dueMs: clock.now(), lateMs: 0, missed: 0 })) ?? exitStatus.internal
    }
    const last = readNights(session.storePath).at(-1)
    await keepNights({
      calendar,
      clock,
      lastMs: last ? Date.parse(last.dueAt ?? last.begunAt) : null,
      onNext: (dueMs) => session.say(`nightly  next night ${when(calendar, dueMs)}, in ${span(dueMs - clock.now())}`),
      pass: async (night) => void (await pass(session, calendar, night)),
      drain: world.drain,
    })
    session.say('nightly  ended: no further night begins')
    return 0
  },
} satisfies Command

/** Fault: BAD_CONFIG. */
function calendarIn({ config, file, logLines }: Session): Calendar {
  try {
    return calendarOf(config.night.at, config.night.tz ?? null, `${file} night.tz`)
  } catch (error) {
    logLines?.error(error)
    throw error
  }
}

/** Its exit status; null where a signal ended it. */
async function pass(session: Session, calendar: Calendar, { dueMs, lateMs, missed }: DueNight): Promise<number | null> {
  const { world, invocation } = session
  const dueAt = new Date(dueMs).toISOString()
  const late = lateMs < 60_000 ? '' : `, ${span(lateMs)} late: the machine slept, or nothing kept its nights`
  const skipped = missed === 0 ? '' : `; ${missed} before it were missed, and what came in since is asked now`
  session.say(`nightly  the night of ${when(calendar, dueMs)} begins${late}${skipped}`)
  const startedMs = world.clock.elapsed()
  const env = { ...world.env, [dueAtVariable]: dueAt }
  const came = await runNightProcess(argumentsOf(invocation), env, world)
  await accountForNight(session, dueAt, came)
  const what = came.because ?? `it ended with status ${came.status}`
  session.say(
    `nightly  the night of ${when(calendar, dueMs)}: ${what}, after ${span(world.clock.elapsed() - startedMs)}`,
  )
  return came.status
}

function when({ words, timeZone }: Calendar, ms: number): string {
  return `${words(ms)} ${timeZone}`
}

/** What `run` is called with: all that `nightly` was, but for what says when. */
function argumentsOf({ config, settings, own, isJson, isQuiet }: Invocation): string[] {
  const flags = settingsOf(run.settings).flatMap(({ path, flag }) => {
    const text = settings[path.join('.')]
    return text === undefined ? [] : [flag, text]
  })
  return [
    'run',
    '--config',
    config,
    ...flags,
    ...(typeof own['wait'] === 'string' ? ['--wait', own['wait']] : []),
    ...(isJson ? ['--json'] : isQuiet ? ['--quiet'] : []),
  ]
}
