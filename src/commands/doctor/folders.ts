// The folders of the store and of the reports: there or to be made, and open to whoever runs the night.

import { requireWritable } from '../session/session.ts'
import { type Check, fine } from './check.ts'

export const folders = {
  name: 'folders',
  look: async ({ session }) => {
    requireWritable(session)
    return [fine(`the store and the reports can be written: ${session.storePath}, ${session.reportDir}`)]
  },
} satisfies Check
