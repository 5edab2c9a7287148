// One drill of a rehearsal: a router of its own before the stand-ins, users who ask it, and a fault from the first request on.

import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { buckets } from '../../../canary/dealing/bucket.ts'
import { splitAt, splitOf } from '../../../canary/dealing/split.ts'
import type { FaultOrder } from '../../../canary/faults/faults.ts'
import { Fault } from '../../../core/fault.ts'
import { seededBy } from '../../../core/random.ts'
import { providerServedBy } from '../../../providers/index.ts'
import type { Session } from '../../session/session.ts'
import { fingerprintOf } from '../journal/fingerprint.ts'
import { openJournal } from '../journal/journal-file.ts'
import { type Rollout, startRollout } from '../rollout.ts'
import { statusFactsOf, statusOf } from '../status/status.ts'
import { statusText } from '../status/status-text.ts'
import { filesOf } from './compressed.ts'
import { startCrowd } from './crowd.ts'
import { rehearsed } from './live.ts'
import { createMeter, type DrillResult, type Meter } from './meter.ts'
import { usersOf } from './users.ts'

export interface Rehearsal {
  /** Compressed. */
  readonly session: Session
  /** null: the control, in which nothing is spoilt. */
  readonly order: FaultOrder | null
  /** Of files. */
  readonly name: string
  readonly folder: string
  /** Of the candidate: after so many without a rollback it is over. */
  readonly maxRequests: number
  readonly usersPerGroup: number
  readonly seed: number
}

/** How often it is looked at, and how long the last comparison may take. */
const lookEveryMs = 20
const lastLookMs = 5000

export async function rehearse(rehearsal: Rehearsal): Promise<DrillResult> {
  const { session, order, name, folder } = rehearsal
  const { world, targets, config } = session
  const files = filesOf(folder, name)
  const journal = openJournal(files.journal, (message) => world.log(`drill    ${message}`))
  const meter = createMeter(world.clock.elapsed)
  let shareAtEnd: number | null = null
  // What a spoilt candidate makes the router say is what was ordered.
  const hushed = { ...session, world: { ...world, log: () => {} } }
  const rollout = startRollout(hushed, {
    orders: {
      production: { target: targets.production, key: null, headers: {} },
      candidate: { target: targets.candidate, key: null, headers: {} },
    },
    events: [],
    write: journal.write,
    settle: journal.settle,
    logPath: files.log,
    onEvent: (event) => {
      if (event.kind === 'rolled-back') shareAtEnd ??= share
      meter.hear(event)
    },
    onServed: meter.see,
    drill: rehearsed(order, seededBy(rehearsal.seed, 'faults', name).unit),
  })
  let share = 0
  const look = () => {
    const state = rollout.keeper.state()
    if (state.phase === 'open' || state.phase === 'complete') share = splitOf(state).candidate / buckets
    meter.look(rollout.keeper.latest())
  }
  try {
    open(session, rollout)
    look()
    const port = await listening(rollout)
    const { production } = targets
    const crowd = startCrowd({
      origin: `http://127.0.0.1:${port}`,
      users: crowdUsers(rehearsal),
      provider: providerServedBy(production.api, production.vendor),
      model: production.model ?? 'production',
      random: seededBy(rehearsal.seed, 'crowd', name),
    })
    try {
      while (!isOver(rehearsal, meter)) {
        await world.clock.sleep(lookEveryMs, world.drain)
        look()
      }
    } finally {
      await crowd.stop()
    }
    if (!meter.isCaught() && !world.drain.aborted) await lastLook(session, rollout, look)
    const status = statusOf(rollout, statusFactsOf(session, files.journal))
    writeFileSync(files.status, `${statusText(status, world.clock.now())}\n`)
  } finally {
    await rollout.close()
    journal.close()
  }
  const lost = rollout.troubles() + rollout.clerk.unlogged()
  if (lost > 0)
    world.log(`drill    ${name}: ${lost} answers could not be read or written down, as where the disk is full`)
  return { ...meter.result(), share: shareAtEnd ?? share }

  function crowdUsers({ usersPerGroup: perGroup, seed }: Rehearsal) {
    const { key, salt, mode, stages } = config.canary
    const [source] = key
    if (source === undefined) throw new Error('the config has no key by which users are told apart')
    const split = splitAt(mode === 'ab' ? 0.5 : (stages[0]?.share ?? 0))
    if (split.candidate === 0) {
      throw new Fault(
        'BAD_CONFIG',
        'the first stage is too small: none of ten thousand users would get the candidate',
        {
          place: 'canary.stages[0].share',
        },
      )
    }
    return usersOf({ source, salt, split, seed, perGroup })
  }
}

function open(session: Session, { keeper }: Rollout): void {
  const { mode, stages } = session.config.canary
  keeper.open({
    by: { kind: 'person', name: 'shadowgate drill' },
    mode,
    fingerprint: fingerprintOf(session),
    stages,
    permit: { kind: 'override', because: 'a rehearsal before stand-ins' },
  })
}

async function listening({ proxy: { server } }: Rollout): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function isOver({ session, maxRequests }: Rehearsal, meter: Meter): boolean {
  return session.world.drain.aborted || meter.isCaught() || meter.requests() >= maxRequests
}

/** All that was asked is compared once more before anybody says that nothing saw it. */
async function lastLook({ world }: Session, { keeper, clerk }: Rollout, look: () => void): Promise<void> {
  const before = keeper.latest()?.at ?? ''
  const at = new Date(world.clock.now()).toISOString()
  clerk.evaluate({ at, stageSince: keeper.state().since })
  const giveUpAt = world.clock.elapsed() + lastLookMs
  const isToCome = () => (keeper.latest()?.at ?? before) < at || keeper.latest()?.isBehind === true
  while (isToCome() && world.clock.elapsed() < giveUpAt && !world.drain.aborted) {
    await world.clock.sleep(lookEveryMs, world.drain)
  }
  look()
}
