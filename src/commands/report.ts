// `shadowgate report`: writes the reports of a judged run, from what is stored.

import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { Fault } from '../core/fault.ts'
import { formats, type ReportInput } from '../report/index.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { reportInput } from './report-input.ts'
import { openSession, requireStore, type Session, withStore } from './session.ts'
import { requireRun, runFlag } from './stored-run.ts'

export const report = {
  examples: ['shadowgate report', 'shadowgate report --report-formats html,junit'],
  settings: ['store', 'report'],
  flags: [runFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireStore(session)
    const { files } = await withStore(session, async (store) =>
      reportRun(session, store, await requireRun(session, store)),
    )
    world.stdout(invocation.isJson ? JSON.stringify({ files }) : files.join('\n'))
    return 0
  },
} satisfies Command

/** Writes each format to `<report.dir>/<run id>/`. Faults: NO_RUN where nothing was judged, REPORT_UNWRITABLE. */
export async function reportRun(
  session: Session,
  store: Store,
  stored: StoredRun,
): Promise<{ files: string[]; verdictJson: string; input: ReportInput }> {
  const judgement = await store.judgementOf(stored.run.id)
  if (!judgement) {
    throw new Fault('NO_RUN', `run ${stored.run.id} was not judged`, {
      place: session.storePath,
      hint: 'shadowgate gate judges it',
    })
  }
  const folder = join(session.reportDir, stored.run.id)
  const { made, rendered } = await session.progress.during(
    () => `report   ${session.config.report.formats.join(', ')}`,
    async () => {
      const input = await reportInput(session, store, { stored, judgement })
      const files = formats.map((format) => ({
        name: format.name,
        path: join(folder, format.file),
        text: format.render(input),
      }))
      return { made: input, rendered: files }
    },
  )
  const wanted = rendered.filter(({ name }) => session.config.report.formats.includes(name))
  try {
    mkdirSync(folder, { recursive: true })
    for (const { path, text } of wanted) writeFileAtomic.sync(path, text)
  } catch (error) {
    throw new Fault(
      'REPORT_UNWRITABLE',
      `the report can't be written: ${error instanceof Error ? error.message : String(error)}`,
      { place: folder },
    )
  }
  await store.setRunStatus(stored.run.id, 'reported', null)
  const verdictJson = rendered.find(({ name }) => name === 'json')?.text ?? ''
  return { files: wanted.map(({ path }) => relative(session.world.cwd, path)), verdictJson, input: made }
}
