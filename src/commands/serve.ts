// `shadowgate serve`: the router in front of both targets, from shadow to blue-green.

import { once } from 'node:events'
import type { Server } from 'node:http'
import { resolve } from 'node:path'
import { Fault } from '../core/fault.ts'
import type { Actor, Permit, RampEvent, RampState } from '../core/rollout.ts'
import { doorFileOf, removeDoorFile, tokenOf, writeDoorFile } from './canary/admin-token.ts'
import { attend } from './canary/attend.ts'
import { probeMoreTargets } from './canary/connect-arms.ts'
import { createDoor } from './canary/door.ts'
import { createLiveDrill, cutOff } from './canary/drill/live.ts'
import { answerDrill } from './canary/drill/live-door.ts'
import { eventWords } from './canary/event-words.ts'
import { openJournal, readJournal } from './canary/journal-file.ts'
import { verdictPathOf } from './canary/newest-verdict.ts'
import { permitOf } from './canary/permit.ts'
import { fingerprintOf, type Rollout, startRollout } from './canary/rollout.ts'
import { createRouterMetrics } from './canary/router-metrics.ts'
import { statusFactsOf, statusOf } from './canary/status.ts'
import type { Command } from './command.ts'
import { armOrders, probeTargets } from './preflight.ts'
import { reviewerOf } from './reviewer.ts'
import { openSession, type Session } from './session.ts'

export const serve = {
  examples: [
    'shadowgate serve',
    'shadowgate serve --canary-mode shadow',
    'shadowgate serve --override "judged by hand"',
  ],
  settings: ['targets', 'canary', 'privacy.personalData', 'log.format'],
  flags: [
    { flag: '--restart', description: 'Begin from the first stage, whatever the journal says' },
    { flag: '--override <reason>', description: 'Begin without an offline GO; the journal says who did, and why' },
  ],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: true, isUnattended: true })
    const orders = armOrders(session)
    await probeTargets(session, orders)
    await probeMoreTargets(session, orders)
    const { canary } = session.config
    const journalPath = resolve(session.folder, canary.journal)
    const { events: written, torn } = readJournal(journalPath)
    if (torn.length > 0)
      session.world.log(`router   ${journalPath} has a line that was cut off (${torn.join(', ')}): it did not happen`)
    const journal = openJournal(journalPath)
    const unfinished = cutOff(written, new Date(world.clock.now()).toISOString())
    if (unfinished !== null) journal.write(unfinished)
    const events = unfinished === null ? written : [...written, unfinished]
    const metrics = createRouterMetrics(world.versions)
    const tell = (event: RampEvent, state: RampState) => session.say(`router   ${eventWords(event, state)}`)
    const drill = createLiveDrill({
      limits: canary.drill,
      clock: world.clock,
      chance: Math.random,
      state: () => rollout.keeper.state(),
      note: (event) => {
        journal.write(event)
        tell(event, rollout.keeper.state())
      },
      onTrouble: (message) => world.log(`router   ${message}`),
      onOver: (time) => rollout.forgetDrill(time),
    })
    const rollout: Rollout = startRollout(session, {
      orders,
      events,
      write: journal.write,
      logPath: resolve(session.folder, canary.log),
      onEvent: (event, state) => {
        metrics.change(event)
        tell(event, state)
        drill.hear(event)
      },
      onServed: (served, state) => {
        metrics.see(served, state)
        drill.see(served)
      },
      drill,
    })
    const token = tokenOf(session)
    const status = () => statusOf(rollout, statusFactsOf(session, journalPath), world.clock.now())
    const door = createDoor({
      token,
      isReady: () => rollout.proxy.server.listening && !world.drain.aborted,
      status,
      metrics: () => metrics.text(rollout, status()),
      drill: (asked) => answerDrill(drill, asked),
      ask: (wish, by) => rollout.keeper.ask(wish, { kind: 'person', name: by }),
    })
    const doorFile = doorFileOf(journalPath)
    try {
      openRamp(session, rollout)
      const port = await listening(rollout.proxy.server, canary.port, canary.host)
      const adminPort = await listening(door, canary.admin.port, '127.0.0.1')
      writeDoorFile(doorFile, { port: adminPort, token })
      world.stdout(
        invocation.isJson
          ? JSON.stringify({ host: canary.host, port, adminPort })
          : `http://${canary.host}:${port}  status and metrics on 127.0.0.1:${adminPort}`,
      )
      const attending = attend(session, { status, host: canary.host, port })
      if (!world.drain.aborted) await once(world.drain, 'abort')
      attending.stop()
      session.say('router   ending what runs; again leaves at once')
    } finally {
      drill.close()
      const cut = await rollout.close()
      if (cut > 0) world.log(`router   requests that took longer than canary.drain allows were cut: ${cut}`)
      removeDoorFile(doorFile)
      door.close()
      door.closeAllConnections()
      journal.close()
    }
    return 0
  },
} satisfies Command

/** Goes on with what the journal has, or begins: by an offline GO, or by somebody's word. */
function openRamp(session: Session, { keeper }: Rollout): void {
  const { config, invocation } = session
  const state = keeper.state()
  const fingerprint = fingerprintOf(session)
  if (state.fingerprint === fingerprint && state.phase !== 'closed' && !invocation.own['restart']) return
  const { mode, stages } = config.canary
  const by: Actor = { kind: 'person', name: reviewerOf(undefined, session.world.env, session.folder) }
  keeper.open({ by, mode, fingerprint, stages, permit: permitFor(session) })
}

function permitFor(session: Session): Permit {
  const { invocation, config, targets, world } = session
  const { override } = invocation.own
  if (typeof override === 'string') return { kind: 'override', because: override }
  const { mode, permit } = config.canary
  // Nobody is served by the candidate in shadow.
  if (mode === 'shadow') return { kind: 'override', because: 'shadow serves nobody by the candidate' }
  return permitOf({ path: verdictPathOf(session), targets, maxAgeHours: permit.maxAgeHours, nowMs: world.clock.now() })
}

async function listening(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Fault('PORT_TAKEN', `the router can't listen: ${why}`, { place: `${host}:${port}`, cause: error })
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}
