// `shadowgate gc`: takes out of the store, and of the reports, what the config keeps no longer.

import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, thrownMessage } from '../core/fault.ts'
import { fileSize } from '../report/format.ts'
import type { HeldRun } from '../store/removal.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { type Gone, isRetentionOn, removalsOf, reportsBefore, tollOf } from './gc/retention.ts'
import { openSession, requireStore, requireWritable, type Session, withStore } from './session/session.ts'

export const gc = {
  examples: ['shadowgate gc --dry-run', 'shadowgate gc --retention-texts-days 30 --retention-max-store-mb 2000'],
  settings: ['store', 'retention', 'report.dir'],
  flags: [{ flag: '--dry-run', description: 'Say what would go, and about how much it frees, and leave everything' }],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireStore(session)
    requireWritable(session)
    if (!isRetentionOn(session.config)) {
      throw new Fault('BAD_CONFIG', 'the config keeps everything: there is nothing to go by', {
        place: `${session.file} retention`,
        hint: 'retention: { textsDays: 30, attemptsDays: 180, maxStoreMb: 20000 }',
      })
    }
    const collected = await collect(session, { isDry: invocation.own['dry-run'] === true })
    world.stdout(invocation.isJson ? JSON.stringify(collected) : collectedWords(collected))
    return 0
  },
} satisfies Command

export interface Collected extends Gone {
  readonly isDry: boolean
  readonly reports: readonly string[]
  /** Of the store's file. After a dry run: about. */
  readonly bytes: { readonly before: number; readonly after: number }
  /** Whether the store is as small as it is to be; true where no size is set. */
  readonly isBounded: boolean
}

/** Removes, or says what would be. Faults: STORE_LOCKED, STORE_UNWRITABLE; the store is whole in each case. */
export async function collect(session: Session, { isDry }: { readonly isDry: boolean }): Promise<Collected> {
  const nowMs = session.world.clock.now()
  const { thinned, runs } = await session.progress.during(
    () => 'gc       what is kept no longer',
    () =>
      withStore(session, async (store) => {
        const held = await store.heldRuns()
        return { runs: held, thinned: await thinStore(session, store, { runs: held, isDry, nowMs }) }
      }),
  )
  const before = reportsBefore(session.config, nowMs) ?? ''
  const reports = runs
    .filter(({ isKept, startedAt }) => !isKept && startedAt < before)
    .map(({ id }) => join(session.reportDir, id))
    .filter((folder) => existsSync(folder))
  if (!isDry) for (const folder of reports) removeReport(folder)
  return { ...thinned, isDry, reports }
}

/** Fault: REPORT_UNWRITABLE. */
function removeReport(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch (error) {
    const message = thrownMessage(error)
    throw new Fault('REPORT_UNWRITABLE', `the reports of a run can't be removed: ${message}`, { place: folder })
  }
}

interface Thinning {
  readonly runs: readonly HeldRun[]
  readonly isDry: boolean
  readonly nowMs: number
}

async function thinStore(
  session: Session,
  store: Store,
  { runs, isDry, nowMs }: Thinning,
): Promise<Omit<Collected, 'isDry' | 'reports'>> {
  const parts = await store.weights()
  const used = await store.usedBytes()
  const before = statSync(session.storePath).size
  const { maxStoreMb } = session.config.retention
  const most = maxStoreMb === undefined ? Infinity : maxStoreMb * 1e6
  const removals = removalsOf(session.config, runs, nowMs).map((removal) => ({ removal, ...tollOf(removal, parts) }))
  const about = (share: number) => Math.round(used * (1 - share))
  const said = (gone: Gone, after: number) => ({ ...gone, bytes: { before, after }, isBounded: after <= most })
  // The estimate says where to begin; the file itself decides.
  const fitting = removals.findIndex(({ share }) => about(share) <= most)
  const left = removals.slice(fitting < 0 ? -1 : fitting)
  const [first] = left
  if (first === undefined || (first.share === 0 && before <= most)) return said(nothing, before)
  if (isDry) return said(first.gone, about(first.share))
  for (const { removal, gone } of left) {
    const rewritten = await store.rewriteWithout(removal, new Date(nowMs).toISOString())
    if (rewritten.bytes > most && removal !== left.at(-1)?.removal) {
      rewritten.discard()
      continue
    }
    await rewritten.put()
    return said(gone, rewritten.bytes)
  }
  return said(nothing, before)
}

const nothing: Gone = { textsOfRuns: 0, textsOfRecords: 0, attemptsOfRuns: 0 }

export function collectedWords(collected: Collected): string {
  const { isDry, textsOfRuns, textsOfRecords, attemptsOfRuns, reports, bytes, isBounded } = collected
  const parts = [
    [textsOfRuns, 'texts of answers', 'run'],
    [textsOfRecords, 'texts', 'record'],
    [attemptsOfRuns, 'single pairs', 'run'],
    [reports.length, 'reports', 'run'],
  ] as const
  const gone = parts
    .filter(([count]) => count > 0)
    .map(([count, what, of]) => `${what} of ${count} ${of}${count === 1 ? '' : 's'}`)
  const freed = `${isDry ? 'about ' : ''}${fileSize(Math.max(0, bytes.before - bytes.after))} of ${fileSize(bytes.before)}`
  const verb = isDry ? 'would go' : 'went'
  const said =
    gone.length === 0 && bytes.after === bytes.before
      ? 'nothing is kept too long'
      : `${gone.join(', ') || 'free space'} ${verb}: ${freed}`
  return isBounded
    ? said
    : `${said}; the store is still larger than retention.maxStoreMb: what is left is verdicts, unfinished runs and the newest judged one`
}
