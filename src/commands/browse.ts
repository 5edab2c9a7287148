// `shadowgate browse`: the pairs of a run on the whole screen of a terminal, to be read and decided about.

import { setFlagsFromString } from 'node:v8'
import { exitStatus, Fault } from '../core/fault.ts'
import { minute } from '../report/format.ts'
import { loadDrawing } from '../tui/load.ts'
import { pairSource } from './browse/browse-source.ts'
import { liveSource } from './browse/live-source.ts'
import { reviewDesk } from './browse/review-desk.ts'
import type { Command } from './command.ts'
import { requireFilter, whereFlag } from './pairs/where.ts'
import { afterDeciding, reviewBookOf, reviewerFlag } from './review/reviewer.ts'
import { requireRun, runFlag } from './run/stored-run.ts'
import { openSession, requireStore, type Session, withStore } from './session/session.ts'
import type { World } from './world.ts'

export const browse = {
  examples: ['shadowgate browse', 'shadowgate browse --where "regressed unreviewed"', 'shadowgate browse --live'],
  settings: ['store', 'reviews', 'gate.segments'],
  argument: { name: '[run]', description: 'Which run, as --run; the newest without it' },
  flags: [
    runFlag,
    whereFlag,
    reviewerFlag,
    { flag: '--live', description: 'Watch the replay that is running, and pause, widen or stop it' },
  ],
  run: async (world, invocation) => {
    // V8 lets the space for new objects grow to its most, and the heap to several times what lives in it; it never gives the one back,
    // and reads both flags whenever it decides.
    setFlagsFromString('--semi-space-growth-factor=1')
    setFlagsFromString('--heap-growing-percent=20')
    const session = openSession(world, invocation, { sends: false })
    const terminal = requireTerminal(world)
    requireStore(session)
    // What draws is loaded while the database is busy.
    const drawing = loadDrawing()
    drawing.catch(() => {})
    if (invocation.own['live']) {
      await (await drawing).openLive(liveSource(session.storePath), hasColour(world), terminal)
      return world.drain.aborted ? exitStatus.interrupted : exitStatus.GO
    }
    await browsable(session)
    await withStore(session, async (store) => {
      const stored = await requireRun(session, store)
      const source = await pairSource(session, store, stored)
      const { text: where } = requireFilter(invocation, source.segments)
      const desk = reviewDesk(session, {
        book: reviewBookOf(session, stored.run),
        run: stored.run,
        wordsOf: source.wordsOf,
      })
      try {
        await (await drawing).openBrowser({ source, desk, hasColour: hasColour(world), where }, terminal)
      } finally {
        await Promise.all([source.idle(), desk.idle()])
      }
      if (desk.hasDecided()) session.say(afterDeciding)
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

/** Fault: STORE_LOCKED where a replay holds the store: it has one owner, who can be asked. */
async function browsable({ storePath }: Session): Promise<void> {
  const status = await liveSource(storePath)
    .status()
    .catch(() => null)
  if (status === null) return
  throw new Fault(
    'STORE_LOCKED',
    `the store is in use by process ${status.pid}, a replay since ${minute(status.since)}`,
    {
      place: storePath,
      hint: 'shadowgate browse --live watches it; its pairs can be read when it has ended',
    },
  )
}

/** https://no-color.org: whatever it is set to, unless that is empty. */
function hasColour({ env }: World): boolean {
  return (env['NO_COLOR'] ?? '') === ''
}
