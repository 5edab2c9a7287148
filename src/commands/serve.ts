// `shadowgate serve`: the router in front of both targets, from shadow to blue-green.

import { once } from 'node:events'
import type { Server } from 'node:http'
import { resolve } from 'node:path'
import { Fault, thrownMessage } from '../core/fault.ts'
import type { RampEvent, RampState } from '../core/rollout.ts'
import { probeMoreTargets } from './canary/connect-arms.ts'
import { type DoorFile, doorFileOf, removeDoorFile, tokenOf, writeDoorFile } from './canary/door/admin-token.ts'
import { createDoor } from './canary/door/door.ts'
import { createLiveDrill, cutOff } from './canary/drill/live.ts'
import { answerDrill } from './canary/drill/live-door.ts'
import { openJournal, readJournal } from './canary/journal/journal-file.ts'
import { holdJournal } from './canary/journal/journal-holder.ts'
import { openRamp } from './canary/journal/open-ramp.ts'
import { createRouterMetrics } from './canary/metrics/router-metrics.ts'
import { createReloader, type Reloaded } from './canary/reload.ts'
import { type Rollout, startRollout } from './canary/rollout.ts'
import { changesText } from './canary/setting-changes.ts'
import { attend } from './canary/status/attend.ts'
import { eventWords } from './canary/status/event-words.ts'
import { statusFactsOf, statusOf } from './canary/status/status.ts'
import type { Command } from './command.ts'
import { armOrders, probeTargets } from './replay/preflight.ts'
import { openSession, type Session } from './session/session.ts'

export const serve = {
  statuses: '0 ended when it was told to   65 also: no GO that opens it   69 also: its port or journal is taken',
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
    const onTrouble = (message: string) => session.world.log(`router   ${message}`)
    const letGo = await holdJournal(journalPath, { clock: world.clock, onTrouble })
    const { events: written, torn } = readJournal(journalPath)
    if (torn.length > 0) onTrouble(`${journalPath} has a line that was cut off (${torn.join(', ')}): it did not happen`)
    const journal = openJournal(journalPath, onTrouble)
    // Once, while it is there: whoever takes the journal away ends no router.
    const facts = statusFactsOf(session, journalPath)
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
      onTrouble,
      onOver: (time) => rollout.forgetDrill(time),
    })
    const rollout: Rollout = startRollout(session, {
      orders,
      events,
      write: journal.write,
      settle: journal.settle,
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
    const { reload } = createReloader(session, orders, rollout)
    const token = tokenOf(session)
    const status = () => statusOf(rollout, facts)
    const door = createDoor({
      token,
      isReady: () => rollout.proxy.server.listening && !world.drain.aborted,
      status,
      metrics: () => metrics.text(rollout, status()),
      drill: (asked) => answerDrill(drill, asked),
      reload: (by) => reload({ kind: 'person', name: by }),
      ask: (wish, by) => rollout.keeper.ask(wish, { kind: 'person', name: by }),
    })
    const doorFile = doorFileOf(journalPath)
    try {
      openRamp(session, rollout.keeper, events)
      const port = await listening(rollout.proxy.server, canary.port, canary.host)
      const adminPort = await listening(door, canary.admin.port, '127.0.0.1')
      leaveDoorFile(doorFile, { port: adminPort, token }, onTrouble)
      world.stdout(
        invocation.isJson
          ? JSON.stringify({ host: canary.host, port, adminPort })
          : `http://${canary.host}:${port}  status and metrics on 127.0.0.1:${adminPort}`,
      )
      const attending = attend(session, { status, host: canary.host, port })
      // A terminal that is closed sends it, too: then it is time to end.
      if (world.terminal === null) {
        // Whatever goes wrong, users are served by the old one.
        const onBug = (error: unknown) => onTrouble(`the config is not taken up: ${String(error)}`)
        world.onHangUp(
          () => void reload({ kind: 'person', name: 'SIGHUP' }).then((told) => tellReload(session, told), onBug),
        )
      }
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
    onTrouble(`shadowgate ramp does not find this router: ${thrownMessage(error)}`)
  }
}

function tellReload({ world, say }: Session, told: Reloaded): void {
  // What changed is an event, and told as such.
  if (told.kind === 'changed' && told.changes.length === 0) say(`router   the config was read: ${changesText([])}`)
  if (told.kind === 'refused') world.log(`router   the config is not taken up: ${told.because}`)
}

async function listening(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const why = thrownMessage(error)
    throw new Fault('PORT_TAKEN', `the router can't listen: ${why}`, { place: `${host}:${port}`, cause: error })
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}
