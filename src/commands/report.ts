// `shadowgate report`: writes the reports of a judged run, from what is stored.

import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { Fault, thrownMessage } from '../core/fault.ts'
import { againstModel, formats, type ReportInput } from '../report/index.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { refreshIndex } from './history/history-index.ts'
import { againstFlag } from './report/against.ts'
import { reportInput } from './report/report-input.ts'
import { requireAttempts } from './run/removed.ts'
import { requireRun, runFlag } from './run/stored-run.ts'
import { openSession, requireStore, type Session, withStore } from './session/session.ts'

export const report = {
  examples: [
    'shadowgate report',
    'shadowgate report --report-formats html,junit',
    'shadowgate report --against previous',
  ],
  settings: ['store', 'report'],
  flags: [runFlag, againstFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireStore(session)
    const { files, against } = await withStore(session, async (store) => {
      const reported = await reportRun(session, store, await requireRun(session, store))
      await refreshIndex(session, store)
      return reported
    })
    world.stdout(invocation.isJson ? JSON.stringify({ files, against }) : files.join('\n'))
    return 0
  },
} satisfies Command

interface Reported {
  readonly files: string[]
  readonly verdictJson: string
  readonly input: ReportInput
  /** The comparison with another run in one line; null where none was asked for. */
  readonly against: string | null
}

/** Writes each format to `<report.dir>/<run id>/`. Faults: NO_RUN where nothing was judged, REMOVED, REPORT_UNWRITABLE. */
export async function reportRun(session: Session, store: Store, stored: StoredRun): Promise<Reported> {
  const judgement = await store.judgementOf(stored.run.id)
  if (!judgement) {
    throw new Fault('NO_RUN', `run ${stored.run.id} was not judged`, {
      place: session.storePath,
      hint: 'shadowgate gate judges it',
    })
  }
  await requireAttempts(session, store, stored.run.id)
  const folder = join(session.reportDir, stored.run.id)
  const isWanted = (name: string) => session.config.report.formats.some((format) => format === name)
  const { input, rendered, against } = await session.progress.during(
    () => `report   ${session.config.report.formats.join(', ')}`,
    async () => {
      const made = await reportInput(session, store, { stored, judgement })
      // JSON is what `--json` prints, whether it is written or not.
      const asked = formats.filter(({ name }) => name === 'json' || isWanted(name))
      const files = asked.map((format) => ({
        name: format.name,
        path: join(folder, format.file),
        text: format.render(made),
      }))
      return { input: made, rendered: files, against: againstModel(made)?.line ?? null }
    },
  )
  const wanted = rendered.filter(({ name }) => isWanted(name))
  try {
    mkdirSync(folder, { recursive: true })
    removeHalves(folder)
    for (const { path, text } of wanted) writeFileAtomic.sync(path, text)
  } catch (error) {
    throw new Fault('REPORT_UNWRITABLE', `the report can't be written: ${thrownMessage(error)}`, { place: folder })
  }
  await store.setRunStatus(stored.run.id, 'reported', null)
  const verdictJson = rendered.find(({ name }) => name === 'json')?.text ?? ''
  if (against !== null) session.say(`against  ${against}`)
  return { files: wanted.map(({ path }) => relative(session.world.cwd, path)), verdictJson, input, against }
}

function removeHalves(folder: string): void {
  for (const name of readdirSync(folder).filter(isHalf)) rmSync(join(folder, name), { force: true })
}

/** What a kill left of a report that was being written: `report.html.1842296946`. */
function isHalf(name: string): boolean {
  return formats.some(({ file }) => name.startsWith(`${file}.`) && /\.\d+$/.test(name))
}
