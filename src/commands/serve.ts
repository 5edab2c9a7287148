// `shadowgate serve`: the router in front of both targets, from shadow to blue-green.

import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { join, resolve } from 'node:path'
import { Fault } from '../core/fault.ts'
import type { Actor, Permit } from '../core/rollout.ts'
import { doorFileOf, removeDoorFile, tokenOf, writeDoorFile } from './canary/admin-token.ts'
import { probeMoreTargets } from './canary/connect-arms.ts'
import { createDoor } from './canary/door.ts'
import { openJournal, readJournal } from './canary/journal-file.ts'
import { permitOf } from './canary/permit.ts'
import { fingerprintOf, type Rollout, startRollout } from './canary/rollout.ts'
import { createRouterMetrics } from './canary/router-metrics.ts'
import { statusOf, statusText } from './canary/status.ts'
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
  settings: ['targets', 'canary', 'privacy.personalData'],
  flags: [
    { flag: '--restart', description: 'Begin from the first stage, whatever the journal says' },
    { flag: '--override <reason>', description: 'Begin without an offline GO; the journal says who did, and why' },
  ],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: true })
    const orders = armOrders(session)
    await probeTargets(session, orders)
    await probeMoreTargets(session, orders)
    const { canary } = session.config
    const journalPath = resolve(session.folder, canary.journal)
    const { events, torn } = readJournal(journalPath)
    if (torn.length > 0)
      world.log(`router   ${journalPath} has a line that was cut off (${torn.join(', ')}): it did not happen`)
    const journal = openJournal(journalPath)
    const metrics = createRouterMetrics()
    const rollout = startRollout(session, {
      orders,
      events,
      write: journal.write,
      logPath: resolve(session.folder, canary.log),
      onEvent: (event) => session.say(`router   ${event.kind}${'because' in event ? `: ${event.because}` : ''}`),
      onServed: metrics.see,
    })
    const token = tokenOf(session)
    const door = createDoor({
      token,
      isReady: () => rollout.proxy.server.listening && !world.drain.aborted,
      status: () => statusOf(rollout),
      metrics: () => metrics.text(statusOf(rollout)),
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
      session.say(statusText(statusOf(rollout)))
      if (!world.drain.aborted) await once(world.drain, 'abort')
      session.say('router   ending what runs; again leaves at once')
    } finally {
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
  const path = permit.verdict === undefined ? newestVerdict(session) : resolve(session.folder, permit.verdict)
  return permitOf({ path, targets, maxAgeHours: permit.maxAgeHours, nowMs: world.clock.now() })
}

/** Run ids begin with their time. Fault: NO_PERMIT. */
function newestVerdict({ reportDir }: Session): string {
  const runs = existsSync(reportDir) ? readdirSync(reportDir).toSorted().toReversed() : []
  const found = runs.map((run) => join(reportDir, run, 'verdict.json')).find((path) => existsSync(path))
  if (found !== undefined) return found
  throw new Fault('NO_PERMIT', 'there is no verdict to open the canary by', { place: reportDir })
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
