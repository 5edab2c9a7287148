// The store: whose schema it has, and whether somebody holds it.

import { exitStatus } from '../../core/fault.ts'
import { count, counted } from '../../report/format.ts'
import { type Check, doubtful, fine, wrong } from './check.ts'

export const store = {
  name: 'store',
  look: async (patient) => {
    const stored = await patient.stored()
    if (stored === null) return [fine('there is none yet: the first night makes it')]
    const { schema, content } = stored
    if (schema.version > schema.newest) {
      const says = `it was written by a newer shadowgate (schema ${schema.version}, this one knows ${schema.newest})`
      return [wrong(says, 'update shadowgate, or name another store', exitStatus.badData)]
    }
    if (content === null) {
      const says = `its schema is ${schema.version}, and the next command brings it to ${schema.newest}`
      return [doubtful(says, `copy ${patient.session.storePath} first, if an older shadowgate is still to read it`)]
    }
    return [
      fine(
        `schema ${schema.version}, nobody holds it; ${counted(content.ids.size, 'record')}, ${count(content.judgedRuns)} judged ${content.judgedRuns === 1 ? 'run' : 'runs'}`,
      ),
    ]
  },
} satisfies Check
