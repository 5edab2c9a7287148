// `shadowgate doctor`: whether a night could run, and what stands in its way.

import { exitStatus } from '../core/fault.ts'
import type { Command, Invocation } from './command.ts'
import type { Finding, Grade, Patient } from './doctor/check.ts'
import { fine } from './doctor/check.ts'
import { foundIn } from './doctor/fault-finding.ts'
import { checks } from './doctor/index.ts'
import { styledMark } from './doctor/marks.ts'
import { loadLogs, lookAtStore, studyLogs } from './doctor/study.ts'
import { openSession, type Session } from './session/session.ts'
import type { World } from './world.ts'

export const doctor = {
  statuses: '0 a night can run; else what it would end in',
  examples: ['shadowgate doctor', 'shadowgate doctor --offline --json'],
  settings: ['store', 'logs', 'sample', 'targets', 'report.dir'],
  flags: [{ flag: '--offline', description: 'Ask neither target' }],
  run: async (world, invocation) => {
    const { session, findings } = opened(world, invocation)
    const all = session === null ? findings : [...findings, ...(await examined(session, world, invocation))]
    const status = statusOf(all)
    world.stdout(
      invocation.isJson ? JSON.stringify({ canRun: status === 0, status, findings: all }) : words(all, status, world),
    )
    return status
  },
} satisfies Command

interface Named extends Finding {
  readonly check: string
}

/** A config whose variables are not set can still be looked at. */
function opened(world: World, invocation: Invocation): { session: Session | null; findings: Named[] } {
  try {
    const session = openSession(world, invocation, { sends: true, judges: true })
    return { session, findings: [{ check: 'config', ...fine(`${session.file} is whole, and the policy in it too`) }] }
  } catch (error) {
    const findings = [{ check: 'config', ...foundIn(error) }]
    try {
      return { session: openSession(world, invocation, { sends: false }), findings }
    } catch (again) {
      foundIn(again)
      return { session: null, findings }
    }
  }
}

async function examined(session: Session, world: World, { own }: Invocation): Promise<Named[]> {
  const patient: Patient = { world, session, isOffline: own['offline'] === true, ...lookedAtOnce(session) }
  const found: Named[] = []
  // One after the other: they are read in this order, and each may take what another has learnt.
  for (const { name, look } of checks) {
    const findings = await look(patient).catch((error: unknown) => [foundIn(error)])
    found.push(...findings.map((finding) => ({ check: name, ...finding })))
  }
  return found
}

function lookedAtOnce(session: Session): Pick<Patient, 'logs' | 'study' | 'stored'> {
  const logs = once(() => loadLogs(session))
  return {
    logs,
    study: once(async () => studyLogs(session, await logs())),
    stored: once(() => lookAtStore(session)),
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | null = null
  return () => (done ??= work())
}

/** What a night would exit with: data and config first, since nothing else is tried before they are right. */
function statusOf(findings: readonly Finding[]): number {
  const statuses = findings.flatMap(({ grade, status }) => (grade === 'wrong' ? (status ?? exitStatus.badData) : []))
  if (statuses.length === 0) return 0
  return statuses.every((status) => status === exitStatus.unavailable) ? exitStatus.unavailable : exitStatus.badData
}

function words(findings: readonly Named[], status: number, world: World): string {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const lines = findings.flatMap(({ check, grade, says, todo }, index) => {
    const name = findings[index - 1]?.check === check ? '' : check
    const first = `${styledMark(grade, world)} ${name.padEnd(width)}  ${says}`
    return todo === null ? [first] : [first, `${' '.repeat(width + 4)}→ ${todo}`]
  })
  const countOf = (grade: Grade) => findings.filter((each) => each.grade === grade).length
  const [bad, doubts] = [countOf('wrong'), countOf('doubtful')]
  const doubtWords = doubts === 0 ? '' : `; ${doubts} to look at`
  const end =
    status === 0
      ? `A night can run${doubtWords}. npx shadowgate run is one now, npx shadowgate schedule has it called every night.`
      : `A night can’t run: ${bad} to mend${doubtWords}.`
  return [...lines, '', end].join('\n')
}
