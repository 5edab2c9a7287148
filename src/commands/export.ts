// `shadowgate export`: writes a judged run as a folder of Parquet files.

import { resolve } from 'node:path'
import { Fault } from '../core/fault.ts'
import type { Policy } from '../core/judgement.ts'
import { fileSize } from '../report/format.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { type Manifest, writeFolder } from './export/snapshot-folder.ts'
import { requireTexts } from './run/removed.ts'
import { requireRun, runFlag } from './run/stored-run.ts'
import { openSession, requireStore, type Session, withStore } from './session/session.ts'

export const exportCommand = {
  examples: ['shadowgate export --to archive/last-night', 'shadowgate export --run 20261123-023000-1f3c --to handover'],
  settings: ['store'],
  flags: [runFlag, { flag: '--to <folder>', description: 'Where to; a folder that is not there yet' }],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    const { to } = invocation.own
    if (typeof to !== 'string') throw new Fault('USAGE', 'where to?', { place: '--to <folder>' })
    requireStore(session)
    const folder = resolve(world.cwd, to)
    const manifest = await withStore(session, async (store) =>
      exportRun(session, store, { stored: await requireRun(session, store), folder }),
    )
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
    const text = `${manifest.decision}, run ${manifest.run}: ${manifest.files.length} files, ${fileSize(bytes)} in ${to}`
    world.stdout(invocation.isJson ? JSON.stringify({ folder, ...manifest }) : text)
    return 0
  },
} satisfies Command

interface Exporting {
  readonly stored: StoredRun
  /** An absolute path. */
  readonly folder: string
}

/** Faults: NO_RUN where it was not judged, or is not replayed whole; REMOVED; SNAPSHOT_UNWRITABLE. */
async function exportRun(session: Session, store: Store, { stored, folder }: Exporting): Promise<Manifest> {
  const { run, status } = stored
  const judgement = await store.judgementOf(run.id)
  if (judgement === null || status === 'planned' || status === 'running') {
    const message = judgement === null ? `run ${run.id} was not judged` : `run ${run.id} has not come to its end`
    throw new Fault('NO_RUN', message, { place: session.storePath, hint: 'shadowgate run brings it home' })
  }
  await requireTexts(session, store, run.id)
  const { clock, versions } = session.world
  const heading = {
    run: run.id,
    decision: judgement.verdict.decision,
    exportedAt: new Date(clock.now()).toISOString(),
    versions: { ...versions, duckdb: await store.duckdbVersion() },
  }
  let writing = 'run'
  const onTable = (name: string) => (writing = name)
  const manifest = await session.progress.during(
    () => `export   ${writing}`,
    () => writeFolder(folder, heading, (partial) => store.writeSnapshot(run.id, { folder: partial, onTable })),
  )
  const modules = modulesOf(judgement.policy)
  if (modules.length > 0)
    session.say(`export   the verdict also needs ${modules.join(' and ')} of its assertions, beside the config`)
  return manifest
}

/** Code is not carried along: whoever takes a run over has it from where they have their own. */
function modulesOf({ assertions = [] }: Policy): string[] {
  return [...new Set(assertions.flatMap(({ check }) => (check.kind === 'module' ? [check.file] : [])))]
}
