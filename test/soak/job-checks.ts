// What must hold after each job, seen from the outside: how it ended, what it stored, what it paid for, what it left behind.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { arms } from '../../src/core/types.ts'
import { warmUpTrial } from '../../src/replay/plan.ts'
import { saltOf } from '../../src/replay/salt.ts'
import type { Checks } from './checks.ts'
import { maxStoreMb, warmUp } from './config.ts'
import type { Came, Fault } from './fault.ts'
import { type JobResult, leftBehind, startJob } from './job.ts'
import { digestIn } from './model-server.ts'
import { documentedStatus, type Outcome } from './outcome.ts'
import type { StoreLook } from './store-look.ts'
import type { World } from './world.ts'

interface EndedJob {
  readonly result: JobResult
  readonly outcome: Outcome
  readonly comesTo: readonly Came[]
}

interface Checking {
  readonly world: World
  readonly checks: Checks
  readonly fault: Fault
  readonly night: number
  readonly where: string
  /** The night's own first, then those beside it. */
  readonly jobs: readonly EndedJob[]
  readonly before: { readonly look: StoreLook; readonly told: number; readonly readable: ReadonlySet<number> }
  readonly struckMs: number | null
}

export async function checkJob(checking: Checking): Promise<void> {
  const { world, jobs } = checking
  const [main] = jobs
  if (!main) return
  for (const ticket of world.memory.look.tickets) world.memory.stored.add(ticket)
  checkEnds(checking)
  checkPayment(checking, main)
  checkStored(checking, main)
  checkTold(checking)
  checkLeftOvers(checking, main)
  if (main.outcome.came === 'judged') await checkVerdict(checking, main)
}

function checkEnds({ checks, jobs, where, world, fault }: Checking): void {
  for (const { result, outcome, comesTo } of jobs) {
    checks.expect('no job hangs', !result.isHung, where)
    checks.expect(
      'each job comes to what was planned',
      comesTo.includes(outcome.came),
      where,
      () => `${outcome.came}, not ${comesTo.join(' or ')}\n${result.stderr.slice(-600)}`,
    )
    if (result.signal === null) {
      checks.expect(
        'exit statuses are as documented',
        result.status === documentedStatus(outcome),
        where,
        () => `${outcome.came} ${outcome.decision ?? ''} exited with ${result.status}`,
      )
    }
    if (outcome.came !== 'judged') continue
    const planned = fault.decision ?? (world.candidate.model === 'worse' ? 'NO-GO' : 'GO')
    checks.expect(
      'decisions are as planted',
      outcome.decision === planned && !outcome.isHeld,
      where,
      () => `${outcome.decision}${outcome.isHeld ? ', held' : ''}, not ${planned}`,
    )
  }
}

/** An attempt is stored within a second of its end; a machine with more to do than cores is late with that, and with the flush. */
const flushMs = 3000

/** Answers that a provider wants money for are stored, but for those that a kill or a full disk took with it. */
function checkPayment({ world, checks, where, before, struckMs }: Checking, { result, outcome }: EndedJob): void {
  const { memory } = world
  const salts = saltsOf(memory.look)
  const heard = [...world.production.heard, ...world.candidate.heard]
  for (const { salt, ticket } of heard) {
    const asked = salts.get(salt)
    if (asked === undefined || asked.trial === warmUpTrial) continue
    memory.asked.set(asked.runId, (memory.asked.get(asked.runId) ?? new Set()).add(ticket))
  }
  const answered = heard.filter(({ isAnswered }) => isAnswered)
  const counted = answered.filter(({ salt }) => salts.get(salt)?.trial !== warmUpTrial)
  checks.expect('no more is asked for warming up than was set', answered.length - counted.length <= 2 * warmUp, where)
  for (const { salt, ticket } of counted) {
    const call = `${salt} ${ticket}`
    memory.paid.set(call, (memory.paid.get(call) ?? 0) + 1)
  }
  const stored = memory.look.runs.reduce((sum, run) => {
    const earlier = before.look.runs.find(({ id }) => id === run.id)?.replies ?? 0
    return sum + Math.max(0, run.replies - earlier)
  }, 0)
  const isBroken = outcome.came === 'killed' || outcome.came === 'STORE_UNWRITABLE'
  const since = (outcome.came === 'killed' ? result.endedMs : (struckMs ?? result.endedMs)) - flushMs
  const most = isBroken ? counted.filter(({ atMs }) => atMs > since).length : 0
  const lost = counted.length - stored
  memory.lost += Math.max(0, lost)
  checks.expect(
    'no answer that was paid for is lost, but those of a kill’s last seconds',
    lost >= 0 && lost <= most,
    where,
    () => `${counted.length} answered, ${stored} stored, at most ${most} may be missing`,
  )
}

/** Which run and trial a request was for, by the line before its system prompt. */
function saltsOf({ runs }: StoreLook): ReadonlyMap<string, { readonly runId: string; readonly trial: number }> {
  return new Map(
    runs.flatMap(({ id: runId }) =>
      arms.flatMap((arm) =>
        [0, 1, warmUpTrial].map((trial) => [digestIn(saltOf(runId, arm, trial)), { runId, trial }] as const),
      ),
    ),
  )
}

function checkStored({ world, checks, where, before, fault }: Checking, { outcome }: EndedJob): void {
  const { memory } = world
  for (const run of memory.look.runs) {
    checks.expect(
      'no attempt is stored twice',
      run.rows === run.distinctRows && run.finals === run.calls,
      where,
      () => `run ${run.id}: ${run.rows} rows, ${run.distinctRows} different; ${run.finals} ends of ${run.calls} calls`,
    )
  }
  const past = ['judged', 'nothing-new'].includes(outcome.came)
  for (const ticket of before.readable) if (past) memory.readable.add(ticket)
  if (!past || fault.isRacing) return
  const known = new Set([...memory.stored, ...[...memory.asked.values()].flatMap((asked) => [...asked])])
  const missing = [...before.readable].filter((ticket) => !known.has(ticket))
  checks.expect(
    'every call in the logs is in the store',
    missing.length === 0,
    where,
    () => `${missing.length} missing`,
  )
}

/**
 * A turn of the decision is told, the first night of those that fail alike, and the first that went through after them; each once.
 * Whoever was killed failed too, and can't say so; where its end was written down already, its turn is told by it or by the next.
 */
function checkTold({ world, checks, where, jobs, before }: Checking): void {
  const { memory, receiver, paths } = world
  const told = receiver.messages
    .slice(before.told)
    .map((each) => `${each.kind} ${each.code ?? each.decision ?? ''}`.trimEnd())
  const wanted: string[] = []
  // Those beside end before the night's own does.
  for (const { outcome } of [...jobs.slice(1), ...jobs.slice(0, 1)]) {
    const { came, decision, isHeld } = outcome
    const { standing, failing } = memory
    const isTurn = standing === null || standing.decision !== decision || standing.isHeld !== isHeld
    const words = `judged ${decision}`
    if (came === 'judged') {
      if (isTurn || failing !== null) wanted.push(words)
      memory.standing = { decision: decision ?? '', isHeld }
      memory.failing = null
    } else if (came === 'nothing-new') {
      if (failing !== null) wanted.push('nothing-new')
      memory.failing = null
    } else if (came === 'killed' && decision !== null && lastEvent(paths.journal) === 'ended') {
      if (!isTurn || !told.includes(words)) continue
      wanted.push(words)
      memory.standing = { decision, isHeld }
    } else {
      if (came !== 'killed' && failing !== came) wanted.push(`failed ${came}`)
      memory.failing = came
    }
  }
  checks.expect(
    'each turn of the decision and each spell of failures is told once',
    told.join() === wanted.join(),
    where,
    () => `told ${told.join(', ') || 'nothing'}, not ${wanted.join(', ') || 'nothing'}`,
  )
}

function lastEvent(journal: string): string | null {
  if (!existsSync(journal)) return null
  const last = readFileSync(journal, 'utf8').trimEnd().split('\n').at(-1) ?? ''
  return /"event":"([a-z-]+)"/.exec(last)?.[1] ?? null
}

const mayLie = new Set(['store.duckdb', 'store.nights.jsonl', 'store.untold.json', 'shadowgate.prom', 'reports'])

function checkLeftOvers({ world, checks, where, fault }: Checking, { result, outcome }: EndedJob): void {
  const processes = leftBehind(world.folder)
  checks.expect('no process is left', processes.length === 0, where, () => processes.join(', '))
  if (outcome.came === 'killed') return
  const { paths } = world
  // What was written last waits in DuckDB's log until somebody opens the store and can write.
  const isClosed = outcome.came === 'judged' || outcome.came === 'nothing-new'
  const left = readdirSync(paths.data).filter(
    (name) => !mayLie.has(name) && !(!isClosed && name === 'store.duckdb.wal'),
  )
  const temporary = readdirSync(join(paths.folder, 'tmp')).filter((name) => name !== 'node-compile-cache')
  const halves = filesBelow(paths.reports).filter(
    (name) =>
      !/^[\w-]+\/(report\.html|comment\.md|verdict\.json|junit\.xml)$/.test(name) &&
      !['index.html', 'history.json'].includes(name),
  )
  const found = [...left, ...temporary, ...halves]
  checks.expect('no temporary file is left', found.length === 0, where, () => found.join(', '))
  if (fault.fillsDisk) return
  const told = existsSync(paths.textfile) ? readFileSync(paths.textfile, 'utf8') : ''
  const status = /^shadowgate_\w*exit_status (\d+)$/m.exec(told)?.[1]
  checks.expect(
    'the metrics file tells of the last job',
    status === String(result.status),
    where,
    () => `it has ${status ?? 'no status'}, not ${result.status}`,
  )
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

async function checkVerdict({ world, checks, where }: Checking, { outcome }: EndedJob): Promise<void> {
  const { memory, paths } = world
  const run = memory.look.runs.find(({ id }) => id === outcome.runId)
  checks.expect('the store has the run that was judged', run !== undefined, where)
  if (!run) return
  checks.expect('the store has the decision that was printed', run.decision === outcome.decision, where)
  checks.expect(
    'a judged run is whole',
    run.finals === run.plannedCalls || run.isStopped,
    where,
    () => `${run.finals} of ${run.plannedCalls} calls`,
  )
  checks.expect(
    'each record of a run is judged exactly once',
    run.measured === run.measuredPairs && run.measuredPairs === run.records,
    where,
    () => `${run.records} records, ${run.measuredPairs} judged, ${run.measured} rows`,
  )
  const files = ['report.html', 'comment.md', 'verdict.json', 'junit.xml'].filter((name) =>
    existsSync(join(paths.reports, run.id, name)),
  )
  const asked = memory.asked.get(run.id)?.size ?? 0
  checks.expect('each record of a run was asked', asked === run.records, where, () => `${asked} of ${run.records}`)
  checks.expect('a judged run has its reports', files.length === 4, where, () => files.join(', '))
  checks.expect(
    'the store is as small as it is to be',
    memory.look.bytes <= maxStoreMb * 1e6,
    where,
    () => `${(memory.look.bytes / 1e6).toFixed(1)} MB`,
  )
  await checkAgain(world, checks, { runId: run.id, where })
}

/** `verify`, as a person would call it the next day. */
export async function checkAgain(
  world: World,
  checks: Checks,
  { runId, where }: { readonly runId: string; readonly where: string },
): Promise<void> {
  const args = ['verify', '--run', runId, '--json']
  const env = { SOAK_KEY: 'unused', SOAK_HOOK: 'http://127.0.0.1:1' }
  const { status, stderr } = await startJob({ cli: world.cli, folder: world.folder, args, clockMs: Date.now(), env })
    .over
  checks.expect('verdicts compute again to the byte', status === 0, where, () => stderr.slice(0, 300))
}
