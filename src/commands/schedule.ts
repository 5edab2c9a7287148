// `shadowgate schedule`: prints what a scheduler needs to call this project every night.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { Fault, thrownMessage } from '../core/fault.ts'
import { type ScheduleKind, schedules } from '../schedule/index.ts'
import type { Job, Schedule, ScheduleFile } from '../schedule/job.ts'
import type { Command, Invocation } from './command.ts'
import { jobOf } from './schedule-job.ts'
import { openSession, type Session } from './session.ts'

export const schedule = {
  examples: [
    'shadowgate schedule cron --at 02:30',
    'shadowgate schedule systemd --at 02:30 --tz Europe/Berlin --to deploy',
    'shadowgate schedule kubernetes --tz Europe/Berlin --to deploy',
  ],
  settings: ['night'],
  argument: { name: '<kind>', description: 'The scheduler', choices: Object.keys(schedules) },
  flags: [
    { flag: '--to <folder>', description: 'Write the files there; without it they are printed' },
    { flag: '--force', description: 'Write over files that are there' },
  ],
  run: async (world, invocation) => {
    const kind = kindOf(invocation)
    const session = openSession(world, invocation, { sends: false })
    const { to } = invocation.own
    const job = jobOf(session)
    if (kind === 'kubernetes') requireRoomForLogs(job, session)
    const files = schedules[kind].files(job)
    const written = typeof to === 'string' ? writeFiles(files, resolve(world.cwd, to), session) : null
    const steps = stepsOf(schedules[kind], job, typeof to === 'string' ? to : null)
    if (invocation.isJson) world.stdout(JSON.stringify({ kind, files: written ?? files, steps }))
    else if (written) world.stdout(written.map(({ path }) => path).join('\n'))
    else world.stdout(printed(files))
    steps.forEach((step, index) => session.say(`${index === 0 ? 'next     ' : '         '}${step}`))
    return 0
  },
} satisfies Command

function stepsOf({ steps, stepsOfPrinted }: Schedule, job: Job, to: string | null): readonly string[] {
  if (to !== null) return [`cd ${to}`, ...steps(job)]
  if (stepsOfPrinted) return stepsOfPrinted(job)
  return ['the same command with --to <folder> writes this into files; then, in that folder:', ...steps(job)]
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
