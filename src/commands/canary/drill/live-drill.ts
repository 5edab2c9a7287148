// `shadowgate drill --live` and `--stop`: a drill asked of the router that runs here, followed until it is over.

import { resolve } from 'node:path'
import { request } from 'undici'
import type { FaultOrder } from '../../../canary/faults/faults.ts'
import { Fault } from '../../../core/fault.ts'
import { reviewerOf } from '../../review/reviewer.ts'
import type { Session } from '../../session/session.ts'
import { comparableOf } from '../clerk/comparable.ts'
import { doorFileOf, readDoorFile } from '../door/admin-token.ts'
import type { LiveStatus } from './live.ts'
import type { DrillWish } from './live-door.ts'
import { type DrillReport, drilled, reportOf } from './report.ts'

const lookEveryMs = 500

/** Begins it, and follows it to its end; a Ctrl-C ends it. Faults: NOT_RUNNING, USAGE, INTERRUPTED. */
export async function runLive(
  session: Session,
  { fault, share }: FaultOrder,
  { minutes, because }: { readonly minutes: number; readonly because: string },
): Promise<DrillReport> {
  const { world, progress } = session
  const by = personOf(session)
  const follow = async () => {
    let status = await askDrill(session, { action: 'begin', fault, share, minutes, because, by })
    while (status !== null && status.over === null) {
      await world.clock.sleep(lookEveryMs, world.drain)
      status = world.drain.aborted ? await stopped(session, by) : await askDrill(session, null)
    }
    return status
  }
  const told = `drill    ${fault} among the candidate's users, for ${minutes} min at most; Ctrl-C ends it`
  const status = await (world.stderr.isTTY ? progress.during(() => told, follow) : follow())
  if (world.drain.aborted) throw new Fault('INTERRUPTED', 'interrupted: the drill is over')
  if (status === null) throw new Fault('NOT_RUNNING', 'the router was started anew, and knows of no drill')
  return liveReport(session, status)
}

/** Ends the drill that is under way. */
export async function stopLive(session: Session): Promise<DrillReport> {
  const status = await askDrill(session, { action: 'stop', by: personOf(session) })
  if (status === null) throw new Fault('USAGE', 'no drill is under way')
  return liveReport(session, status)
}

function liveReport({ policy, metrics }: Session, { order, over, result }: LiveStatus): DrillReport {
  const { fault, share } = order
  const { rules } = comparableOf(metrics, policy).policy
  return reportOf({
    kind: 'live',
    seed: null,
    compressed: [`Real users were drilled. It ended: ${over?.replace(/\.$/, '') ?? 'not yet'}.`],
    control: null,
    drills: [drilled({ fault, share }, rules, result)],
  })
}

/** It may have ended meanwhile. */
async function stopped(session: Session, by: string): Promise<LiveStatus | null> {
  const status = await askDrill(session, null)
  return status?.over === null ? askDrill(session, { action: 'stop', by }) : status
}

function personOf({ world, folder }: Session): string {
  return reviewerOf(undefined, world.env, folder)
}

async function askDrill({ folder, config }: Session, wish: DrillWish | null): Promise<LiveStatus | null> {
  const path = doorFileOf(resolve(folder, config.canary.journal))
  const { port, token } = readDoorFile(path)
  const answer = await request(`http://127.0.0.1:${port}/drill`, {
    method: wish === null ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: wish === null ? null : JSON.stringify(wish),
  }).catch((error: unknown) => {
    throw new Fault('NOT_RUNNING', 'no router runs here', {
      place: path,
      hint: 'shadowgate serve starts one; without --live a drill needs none',
      cause: error,
    })
  })
  const told = (await answer.body.json()) as { readonly drill: LiveStatus | null } | { readonly error: string }
  if ('error' in told) throw new Fault('USAGE', told.error, { hint: 'shadowgate ramp says how the ramp stands' })
  return told.drill
}
