// Node: new enough, and the one that the night will call.

import { type Check, fine } from './check.ts'

/** An older Node never gets here: `cli.ts` refuses it. */
export const node = {
  name: 'node',
  look: async ({ world }) => [fine(`Node ${world.versions.node}, shadowgate ${world.versions.shadowgate}`)],
} satisfies Check
