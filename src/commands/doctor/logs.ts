// The logs: there, readable, with calls that can be replayed, and new ones among them.

import { count, counted, fileSize, span } from '../../report/format.ts'
import { type Check, doubtful, type Finding, fine, type Patient } from './check.ts'

/** After so long without a newer file or call, something upstream has stopped. */
const staleMs = 3 * 86_400_000

export const logs = {
  name: 'logs',
  look: async (patient) => {
    const { files, bytes } = await patient.logs()
    const { traffic, readBytes } = await patient.study()
    const part = readBytes < bytes ? `, of which ${fileSize(readBytes)} were tried` : ''
    const says = `${counted(files.length, 'file')}, ${fileSize(bytes)}${part}: ${count(traffic.replayable)} of ${counted(traffic.calls, 'call')} can be replayed`
    const few = traffic.replayable < traffic.calls / 2
    const first = few ? doubtful(says, 'shadowgate ingest says why the others can’t') : fine(says)
    return [first, ...(await newOnes(patient)), ...(await stale(patient))]
  },
} satisfies Check

async function newOnes(patient: Patient): Promise<readonly Finding[]> {
  const { ids } = await patient.study()
  const stored = await patient.stored().catch(() => null)
  if (!stored?.content) return []
  const { content } = stored
  const fresh = ids.filter((id) => !content.ids.has(id)).length
  if (fresh > 0) return [fine(`${counted(fresh, 'record')} that the store does not have yet`)]
  return patient.session.config.sample.since === 'lastRun'
    ? [
        doubtful(
          'nothing that the store does not have yet: a night would end in status 4',
          'nothing to do if no traffic came since; else see that new logs get here',
        ),
      ]
    : []
}

async function stale({ logs: load, world }: Patient): Promise<readonly Finding[]> {
  const newest = (await load()).files[0]
  if (newest === undefined || newest.modifiedMs === 0) return []
  const ageMs = world.clock.now() - newest.modifiedMs
  if (ageMs < staleMs) return []
  return [
    doubtful(`the newest file, ${newest.name}, was last written ${span(ageMs)} ago`, 'see that new logs get here'),
  ]
}
