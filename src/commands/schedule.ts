// `shadowgate schedule`: prints what a scheduler needs to call this project every night.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { Fault, thrownMessage } from '../core/fault.ts'
import { routerSchedules, type ScheduleKind, schedules } from '../schedule/index.ts'
import type { Job, ScheduleFile } from '../schedule/job.ts'
import type { Command, Invocation } from './command.ts'
import { jobOf, routerJobOf } from './schedule/schedule-job.ts'
import { openSession, type Session } from './session/session.ts'

export const schedule = {
  examples: [
    'shadowgate schedule cron --at 02:30',
    'shadowgate schedule systemd --at 02:30 --tz Europe/Berlin --to deploy',
    'shadowgate schedule systemd --serve --to deploy',
    'shadowgate schedule kubernetes --tz Europe/Berlin --to deploy',
  ],
  settings: ['night'],
  argument: { name: '<kind>', description: 'The scheduler', choices: Object.keys(schedules) },
  flags: [
    {
      flag: '--serve',
      description: 'What keeps shadowgate serve running, in place of the nights: systemd, kubernetes',
    },
    { flag: '--to <folder>', description: 'Write the files there; without it they are printed' },
    { flag: '--force', description: 'Write over files that are there' },
  ],
  run: async (world, invocation) => {
    const kind = kindOf(invocation)
    const session = openSession(world, invocation, { sends: false })
    const { to } = invocation.own
    const { files, steps: left } = invocation.own['serve'] ? routerPlan(kind, session) : nightPlan(kind, session)
    const written = typeof to === 'string' ? writeFiles(files, resolve(world.cwd, to), session) : null
    const steps = left(typeof to === 'string' ? to : null)
    if (invocation.isJson) world.stdout(JSON.stringify({ kind, files: written ?? files, steps }))
    else if (written) world.stdout(written.map(({ path }) => path).join('\n'))
    else world.stdout(printed(files))
    steps.forEach((step, index) => session.say(`${index === 0 ? 'next     ' : '         '}${step}`))
    return 0
  },
} satisfies Command

interface Plan {
  readonly files: readonly ScheduleFile[]
  /** `to`: the folder that they were written into; null where they were printed. */
  readonly steps: (to: string | null) => readonly string[]
}

function nightPlan(kind: ScheduleKind, session: Session): Plan {
  const job = jobOf(session)
  if (kind === 'kubernetes') requireRoomForLogs(job, session)
  return { files: schedules[kind].files(job), steps: (to) => stepsOf(schedules[kind], job, to) }
}

/** Fault: USAGE where a scheduler keeps nothing running. */
function routerPlan(kind: ScheduleKind, session: Session): Plan {
  const router = routerSchedules[kind]
  if (router === undefined) {
    throw new Fault(
      'USAGE',
      `${kind} keeps nothing running; --serve goes with ${Object.keys(routerSchedules).join(' or ')}`,
    )
  }
  const job = routerJobOf(session)
  return { files: router.files(job), steps: (to) => stepsOf(router, job, to) }
}

function stepsOf<J extends Job>({ steps, stepsOfPrinted }: Steps<J>, job: J, to: string | null): readonly string[] {
  if (to !== null) return [`cd ${to}`, ...steps(job)]
  if (stepsOfPrinted) return stepsOfPrinted(job)
  return ['the same command with --to <folder> writes this into files; then, in that folder:', ...steps(job)]
}

interface Steps<J> {
  readonly steps: (job: J) => readonly string[]
  readonly stepsOfPrinted?: (job: J) => readonly string[]
}

function kindOf({ word }: Invocation): ScheduleKind {
  const kinds = Object.keys(schedules) as ScheduleKind[]
  const kind = kinds.find((each) => each === word)
  if (kind) return kind
  throw new Fault('USAGE', `there is no scheduler called "${word}"; there is ${kinds.join(', ')}`)
}

/** The volume of logs can't lie over the folder in which the others are. Fault: BAD_CONFIG. */
function requireRoomForLogs({ logs, folder }: Job, { file }: Session): void {
  if (!logs.includes(folder)) return
  throw new Fault('BAD_CONFIG', 'the logs lie beside the config, where a volume of theirs would hide it', {
    place: `${file} logs`,
    hint: 'put them into a folder of their own: logs: [{ path: "logs/*.jsonl.gz" }]',
  })
}

function writeFiles(
  files: readonly ScheduleFile[],
  folder: string,
  { world, invocation }: Session,
): { path: string }[] {
  const paths = files.map(({ name }) => join(folder, name))
  const there = invocation.own['force'] ? undefined : paths.find((path) => existsSync(path))
  if (there) {
    throw new Fault('USAGE', 'there is a file already', {
      place: relative(world.cwd, there),
      hint: '--force writes over it',
    })
  }
  try {
    mkdirSync(folder, { recursive: true })
    for (const { name, text } of files) writeFileSync(join(folder, name), text)
  } catch (error) {
    const message = thrownMessage(error)
    throw new Fault('CONFIG_UNWRITABLE', `the files can't be written: ${message}`, {
      place: folder,
      hint: 'name a folder that can be written: --to <folder>',
    })
  }
  return paths.map((path) => ({ path: relative(world.cwd, path) || path }))
}

/** One file is itself; of several each is named. */
function printed(files: readonly ScheduleFile[]): string {
  const [only] = files
  if (files.length === 1 && only) return only.text.trimEnd()
  return files
    .map(({ name, text }) => `# ${'─'.repeat(6)} ${name}\n${text}`)
    .join('\n')
    .trimEnd()
}
