// `shadowgate serve`: the router in front of both targets, from shadow to blue-green.

import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Keeper } from '../canary/keeper.ts'
import { standingRollback } from '../canary/ramp.ts'
import { Fault } from '../core/fault.ts'
import type { Actor, Permit, RampEvent } from '../core/rollout.ts'
import { type DoorFile, doorFileOf, removeDoorFile, tokenOf, writeDoorFile } from './canary/admin-token.ts'
import { probeMoreTargets } from './canary/connect-arms.ts'
import { createDoor } from './canary/door.ts'
import { fingerprintOf } from './canary/fingerprint.ts'
import { openJournal, readJournal } from './canary/journal-file.ts'
import { holdJournal } from './canary/journal-holder.ts'
import { permitOf } from './canary/permit.ts'
import { createReloader, type Reloaded } from './canary/reload.ts'
import { type Rollout, startRollout } from './canary/rollout.ts'
import { createRouterMetrics } from './canary/router-metrics.ts'
import { changesText } from './canary/setting-changes.ts'
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
    const onTrouble = (message: string) => world.log(`router   ${message}`)
    const letGo = await holdJournal(journalPath, { clock: world.clock, onTrouble })
    const { events, torn } = readJournal(journalPath)
    if (torn.length > 0)
      world.log(`router   ${journalPath} has a line that was cut off (${torn.join(', ')}): it did not happen`)
    const journal = openJournal(journalPath, onTrouble)
    const metrics = createRouterMetrics()
    const rollout = startRollout(session, {
      orders,
      events,
      write: journal.write,
      settle: journal.settle,
      logPath: resolve(session.folder, canary.log),
      onEvent: (event) => session.say(`router   ${wordsOf(event)}`),
      onServed: metrics.see,
    })
    const { reload } = createReloader(session, orders, rollout)
    const token = tokenOf(session)
    const door = createDoor({
      token,
      isReady: () => rollout.proxy.server.listening && !world.drain.aborted,
      status: () => statusOf(rollout),
      metrics: () => metrics.text(statusOf(rollout)),
      ask: (wish, by) => rollout.keeper.ask(wish, { kind: 'person', name: by }),
      reload: (by) => reload({ kind: 'person', name: by }),
    })
    const doorFile = doorFileOf(journalPath)
    try {
      openRamp(session, rollout, events)
      const port = await listening(rollout.proxy.server, canary.port, canary.host)
      const adminPort = await listening(door, canary.admin.port, '127.0.0.1')
      leaveDoorFile(doorFile, { port: adminPort, token }, onTrouble)
      world.stdout(
        invocation.isJson
          ? JSON.stringify({ host: canary.host, port, adminPort })
          : `http://${canary.host}:${port}  status and metrics on 127.0.0.1:${adminPort}`,
      )
      session.say(statusText(statusOf(rollout)))
      // A terminal that is closed sends it, too: then it is time to end.
      if (world.terminal === null) {
        // Whatever goes wrong, users are served by the old one.
        const onBug = (error: unknown) => onTrouble(`the config is not taken up: ${String(error)}`)
        world.onHangUp(
          () => void reload({ kind: 'person', name: 'SIGHUP' }).then((told) => tellReload(session, told), onBug),
        )
      }
      if (!world.drain.aborted) await once(world.drain, 'abort')
      session.say('router   ending what runs; again leaves at once')
    } finally {
      const cut = await rollout.close()
      if (cut > 0) world.log(`router   requests that took longer than canary.drain allows were cut: ${cut}`)
      removeDoorFile(doorFile)
      door.close()
      door.closeAllConnections()
      journal.close()
      letGo()
    }
    return 0
  },
} satisfies Command

/** A full disk keeps no router from its users. */
function leaveDoorFile(path: string, door: DoorFile, onTrouble: (message: string) => void): void {
  try {
    writeDoorFile(path, door)
  } catch (error) {
    onTrouble(`shadowgate ramp does not find this router: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function wordsOf(event: RampEvent): string {
  if (event.kind === 'reconfigured') return `reconfigured: ${event.changes.map(({ setting }) => setting).join(', ')}`
  return 'because' in event ? `${event.kind}: ${event.because}` : event.kind
}

function tellReload({ world, say }: Session, told: Reloaded): void {
  // What changed is an event, and told as such.
  if (told.kind === 'changed' && told.changes.length === 0) say(`router   the config was read: ${changesText([])}`)
  if (told.kind === 'refused') world.log(`router   the config is not taken up: ${told.because}`)
}

/** Goes on with what the journal has, or begins: by an offline GO, or by somebody's word. Faults: NO_PERMIT, BAD_CONFIG. */
function openRamp(session: Session, { keeper }: Rollout, events: readonly RampEvent[]): void {
  const { config, invocation, world, folder } = session
  const { mode, stages } = config.canary
  const state = keeper.state()
  const fingerprint = fingerprintOf(session)
  const by: Actor = { kind: 'person', name: reviewerOf(undefined, world.env, folder) }
  if (state.fingerprint === fingerprint && state.phase !== 'closed' && !invocation.own['restart']) {
    goOn(session, keeper, by)
    return
  }
  const rollback = standingRollback(events, fingerprint)
  const hasWord = invocation.own['restart'] === true || typeof invocation.own['override'] === 'string'
  if (mode !== 'shadow' && rollback !== null && !hasWord) {
    throw new Fault('NO_PERMIT', `this candidate was rolled back at ${rollback.at}: ${rollback.because}`, {
      hint: 'shadowgate serve --restart lets it serve again, and the journal says who did; not for the command line of a service',
    })
  }
  keeper.open({ by, mode, fingerprint, stages, permit: permitFor(session) })
}

/** Where it stood, by the stages that the config has now. */
function goOn({ config, file }: Session, keeper: Keeper, by: Actor): void {
  const { stages } = config.canary
  const before = keeper.state().stages
  if (isDeepStrictEqual(before, stages)) return
  const [was, is] = [JSON.stringify(before), JSON.stringify(stages)]
  const changes = [{ setting: 'canary.stages', before: was, after: is }]
  const trouble = keeper.reconfigure({ by, stages, changes })
  if (trouble === null) return
  throw new Fault('BAD_CONFIG', trouble, {
    place: `${file} canary.stages`,
    hint: 'put the stages back, or begin anew with shadowgate serve --restart',
  })
}

function permitFor(session: Session): Permit {
  const { invocation, config, targets, policy, world } = session
  const { override } = invocation.own
  if (typeof override === 'string') return { kind: 'override', because: override }
  const { mode, permit } = config.canary
  // Nobody is served by the candidate in shadow.
  if (mode === 'shadow') return { kind: 'override', because: 'shadow serves nobody by the candidate' }
  const path = permit.verdict === undefined ? newestVerdict(session) : resolve(session.folder, permit.verdict)
  return permitOf({ path, targets, policy, maxAgeHours: permit.maxAgeHours, nowMs: world.clock.now() })
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
