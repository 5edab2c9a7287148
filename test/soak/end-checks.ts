// What must hold of the whole month: nothing that was logged is lost, nothing is asked in two nights but the cohort, every night has its account.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checks } from './checks.ts'
import { cohort, keptDays } from './config.ts'
import { startJob } from './job.ts'
import { checkAgain } from './job-checks.ts'
import type { StoredNight } from './store-look.ts'
import { judgedRuns, type World } from './world.ts'

export async function checkEnd(world: World, checks: Checks): Promise<void> {
  checkCoverage(world, checks)
  checkOnce(world, checks)
  checkPaidOnce(world, checks)
  checkJournal(world, checks)
  checkAges(world, checks)
  checkReports(world, checks)
  await checkHistory(world, checks)
  for (const { id, decision, isWithoutAttempts } of world.memory.look.runs) {
    if (decision !== null && !isWithoutAttempts)
      await checkAgain(world, checks, { runId: id, where: `in the end, run ${id}` })
  }
}

function checkCoverage({ memory }: World, checks: Checks): void {
  const judged = new Set(judgedRuns(memory).flatMap(({ id }) => [...(memory.asked.get(id) ?? [])]))
  const missing = [...memory.readable].filter((ticket) => !judged.has(ticket))
  checks.expect(
    'every call that was ever logged is judged',
    missing.length === 0,
    'in the end',
    () => `${missing.length} of ${memory.readable.size} are not: ${missing.slice(0, 20).join(', ')}`,
  )
}

/** For each candidate of its own: another one has been asked nothing. */
function checkOnce({ memory }: World, checks: Checks): void {
  for (const [candidate, runs] of Map.groupBy(judgedRuns(memory), (run) => run.candidate)) {
    const seen = new Set<number>()
    let group: ReadonlySet<number> | null = null
    for (const { id } of runs) {
      const asked = memory.asked.get(id) ?? new Set()
      const again = new Set([...asked].filter((ticket) => seen.has(ticket)))
      if (seen.size > 0) {
        const known = (group ??= again)
        checks.expect(
          'only the cohort is asked in more than one night, and in every one',
          again.size === cohort && [...again].every((ticket) => known.has(ticket)),
          `run ${id}, ${candidate}`,
          () =>
            `${again.size} calls were asked before, ${[...again].filter((ticket) => !known.has(ticket)).length} of them not of the cohort`,
        )
      }
      for (const ticket of asked) seen.add(ticket)
    }
  }
}

function checkPaidOnce({ memory }: World, checks: Checks): void {
  const twice = [...memory.paid.values()].reduce((sum, times) => sum + times - 1, 0)
  checks.expect(
    'nothing is paid twice but what a kill took',
    twice <= memory.lost,
    'in the end',
    () => `${twice} answers came again, ${memory.lost} were lost`,
  )
}

interface Line {
  readonly night?: string
  readonly event?: string
  readonly closes?: string
}

function checkJournal({ memory, paths }: World, checks: Checks): void {
  if (!existsSync(paths.journal)) return checks.expect('there is a journal of nights', false, paths.journal)
  const lines = readFileSync(paths.journal, 'utf8')
    .split('\n')
    .flatMap((text): Line[] => {
      try {
        return [JSON.parse(text)]
      } catch {
        return []
      }
    })
  const nights = Map.groupBy(lines, ({ night }) => night ?? '')
  checks.expect(
    'every job is in the journal',
    nights.size === memory.jobs.length,
    'in the end',
    () => `${nights.size} nights of ${memory.jobs.length} jobs`,
  )
  for (const [night, events] of nights) {
    const count = (event: string) => events.filter((each) => each.event === event).length
    const isAccounted = count('begun') === 1 && count('ended') <= 1 && count('ended') + count('cut-off') >= 1
    checks.expect('every night in the journal ended, or was closed by a later one', isAccounted, night, () =>
      events.map(({ event }) => event).join(', '),
    )
  }
}

/** By the days of the config, and one more: the job of the last night has looked at its own clock. */
function checkAges({ memory }: World, checks: Checks): void {
  const newest = memory.look.runs.at(-1)
  if (!newest) return
  const daysAgo = (run: StoredNight) =>
    (Date.parse(`${newest.startedAt}Z`) - Date.parse(`${run.startedAt}Z`)) / 86_400_000
  for (const run of memory.look.runs) {
    const isTooLong = run.rows > 0 && daysAgo(run) > keptDays.attemptsDays + 1
    checks.expect(
      'nothing is kept longer than the config says',
      !isTooLong,
      `run ${run.id}, ${run.status}`,
      () => `${run.rows} attempts after ${daysAgo(run).toFixed(1)} days`,
    )
  }
}

function checkReports({ memory, paths }: World, checks: Checks): void {
  // Older ones went with retention; of a run that was closed none were written.
  for (const { id } of memory.look.runs.filter(({ status }) => status === 'reported').slice(-5)) {
    checks.expect('reports are kept', existsSync(join(paths.reports, id, 'report.html')), `run ${id}`)
  }
}

/** `history`, as a person would call it: each start of the job has its line, and each verdict stands in one. */
async function checkHistory({ cli, folder, memory }: World, checks: Checks): Promise<void> {
  const last = Math.max(...memory.jobs.map(({ clockMs }) => clockMs))
  const env = { SOAK_KEY: 'unused', SOAK_HOOK: 'http://127.0.0.1:1' }
  const args = ['history', '--json', '--limit', '1000']
  const { status, stdout, stderr } = await startJob({ cli, folder, args, clockMs: last + 3_600_000, env }).over
  checks.expect('the history can be read', status === 0, 'in the end', () => stderr.slice(0, 300))
  if (status !== 0) return
  const { nights }: { nights: readonly { readonly kind: string; readonly runId: string | null }[] } = JSON.parse(stdout)
  const isWhole = nights.length >= memory.jobs.length
  checks.expect('every job is in the history', isWhole, 'in the end', () => `${nights.length} of ${memory.jobs.length}`)
  const told = new Set(nights.filter(({ kind }) => kind === 'judged').map(({ runId }) => runId))
  for (const { id } of memory.look.runs.filter(({ decision }) => decision !== null)) {
    checks.expect('every verdict is in the history', told.has(id), `run ${id}`)
  }
}
