// A user's own check under a time limit: a pattern that backtracks for ever on what a model wrote must not stop the night.

import { createContext, Script } from 'node:vm'

/** ms. No check of one answer takes so long that is not lost. */
const mostMs = 200

const context = createContext({ work: null })
const call = new Script('work()')

/** What it returns. Throws what it throws, and where it takes too long. */
export function limited(work: () => unknown): unknown {
  context['work'] = work
  return call.runInContext(context, { timeout: mostMs })
}
