// `shadowgate browse`: the pairs of a run on the whole screen of a terminal, to be read and decided about.

import { exitStatus, Fault } from '../core/fault.ts'
import { pairSource, subjectWords } from './browse-source.ts'
import type { Command } from './command.ts'
import { reviewDesk } from './review-desk.ts'
import { reviewBookOf, reviewerFlag } from './reviewer.ts'
import { openSession, requireStore, withStore } from './session.ts'
import { requireRun, runFlag } from './stored-run.ts'
import { requireFilter, whereFlag } from './where.ts'
import type { World } from './world.ts'

export const browse = {
  examples: ['shadowgate browse', 'shadowgate browse --where "regressed unreviewed"'],
  settings: ['store'],
  argument: { name: '[run]', description: 'Which run, as --run; the newest without it' },
  flags: [runFlag, whereFlag, reviewerFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    const terminal = requireTerminal(world)
    requireStore(session)
    await withStore(session, async (store) => {
      const stored = await requireRun(session, store)
      const source = await pairSource(session, store, stored)
      const { text: where } = requireFilter(invocation, source.segments)
      const { openBrowser } = await import('../tui/open.tsx')
      const desk = reviewDesk(session, { book: reviewBookOf(session), wordsOf: subjectWords(source) })
      try {
        await openBrowser({ source, desk, hasColour: hasColour(world), where }, terminal)
      } finally {
        await Promise.all([source.idle(), desk.idle()])
      }
    })
    return world.drain.aborted ? exitStatus.interrupted : exitStatus.GO
  },
} satisfies Command

/** Fault: USAGE where nobody sits before a terminal that can draw. */
function requireTerminal({ terminal, env, drain }: World) {
  const hint =
    'shadowgate pairs lists them, shadowgate report writes them to a page, shadowgate review --list --json has what was decided, shadowgate gate --json the verdict'
  if (terminal === null) throw new Fault('USAGE', 'browse needs a terminal, for its keys and for its screen', { hint })
  if (env['TERM'] === 'dumb')
    throw new Fault('USAGE', 'browse needs a terminal that can move its cursor; TERM is dumb', { hint })
  return { ...terminal, env, leave: drain }
}

/** https://no-color.org: whatever it is set to, unless that is empty. */
function hasColour({ env }: World): boolean {
  return (env['NO_COLOR'] ?? '') === ''
}
