// `shadowgate replay`: sends what the newest run has not sent yet, to both targets.

import type { Arm } from '../core/types.ts'
import type { ArmOrder } from '../replay/orders.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { isNothingNew, sayNothingNew } from './night/nothing-new.ts'
import { confirmRun, forecastOf } from './plan/forecast-run.ts'
import { armOrders, probeTargets } from './replay/preflight.ts'
import { replayInBatches } from './replay/replay-batches.ts'
import { replayLive } from './replay/replay-live.ts'
import { runFlag, runToReplay, yesFlag } from './run/stored-run.ts'
import { openSession, requireStore, type Session, withStore } from './session/session.ts'

export const replay = {
  examples: ['shadowgate replay', 'shadowgate replay --candidate-concurrency 4'],
  settings: [
    'store',
    'privacy.personalData',
    'targets',
    'replay',
    'gate.earlyStop',
    'gate.failFast',
    'gate.minMinutes',
  ],
  flags: [runFlag, yesFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: true, judges: true })
    requireStore(session)
    const orders = armOrders(session)
    await probeTargets(session, orders)
    const stored = await withStore(session, async (store) => {
      const run = await runToReplay(session, store)
      if (isNothingNew(run)) return run
      await replayRun({ session, store, stored: run, orders })
      return run
    })
    if (isNothingNew(stored)) return sayNothingNew(session, stored)
    world.stdout(invocation.isJson ? JSON.stringify({ run: stored.run.id }) : stored.run.id)
    return 0
  },
} satisfies Command

interface Replaying {
  readonly session: Session
  readonly store: Store
  readonly stored: StoredRun
  readonly orders: Record<Arm, ArmOrder>
}

/** Replays what is left of a run. Faults: INTERRUPTED, KEY_REFUSED, TARGET_UNREACHABLE; the store is whole in each case. */
export async function replayRun(replaying: Replaying): Promise<void> {
  const { session, store, stored } = replaying
  const { run, status } = stored
  if (status === 'replayed' || status === 'reported') return session.say(`replay   run ${run.id} is replayed already`)
  const plan = await store.planOf(run.id)
  const progress = await store.progressOf(run.id)
  const isInBatches = run.replay.lane === 'batch'
  // What a provider has is paid for: there is nothing left to ask about.
  const isBegun = progress.done.size > 0 || (isInBatches && (await store.batchesOf(run.id)).length > 0)
  if (!isBegun) await confirmRun(session, await forecastOf(session, store, await store.runIds(run.id)))
  else if (progress.done.size > 0)
    session.say(`replay   ${progress.done.size} of ${plan.calls} calls are stored already`)
  await store.setRunStatus(run.id, 'running', null)
  const { world } = session
  const onDrain = () => session.say('ending what runs; Ctrl-C again leaves at once')
  const left = { ...plan, done: progress.done }
  world.drain.addEventListener('abort', onDrain, { once: true })
  try {
    await (isInBatches ? replayInBatches({ ...replaying, plan: left }) : replayLive({ ...replaying, left }))
  } finally {
    world.drain.removeEventListener('abort', onDrain)
  }
  await store.setRunStatus(run.id, 'replayed', new Date(world.clock.now()).toISOString())
}
