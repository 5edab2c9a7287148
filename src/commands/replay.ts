// `shadowgate replay`: sends what the newest run has not sent yet, to both targets.

import { Fault } from '../core/fault.ts'
import { type Arm, type Attempt, arms } from '../core/types.ts'
import { providerNamed } from '../providers/index.ts'
import { type DrivenArm, type DriveResult, drive } from '../replay/drive.ts'
import { createLane } from '../replay/lane.ts'
import { remainingCalls, type Unit } from '../replay/plan.ts'
import type { Sender } from '../replay/send.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { createSenders, probeTargets } from './preflight.ts'
import { openSession, requireStore, type Session, withStore } from './session.ts'
import { runFlag, runToReplay } from './stored-run.ts'

export const replay = {
  examples: ['shadowgate replay', 'shadowgate replay --candidate-concurrency 4'],
  settings: ['store', 'targets', 'replay'],
  flags: [runFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: true })
    requireStore(session)
    const senders = createSenders(session)
    try {
      await probeTargets(session, senders)
      const stored = await withStore(session, async (store) => {
        const run = await runToReplay(session, store)
        await replayRun({ session, store, stored: run, senders })
        return run
      })
      world.stdout(invocation.isJson ? JSON.stringify({ run: stored.run.id }) : stored.run.id)
      return 0
    } finally {
      await closeSenders(senders)
    }
  },
} satisfies Command

export async function closeSenders(senders: Readonly<Record<Arm, Sender>>): Promise<void> {
  await Promise.all(arms.map((arm) => senders[arm].close()))
}

interface Replaying {
  readonly session: Session
  readonly store: Store
  readonly stored: StoredRun
  readonly senders: Readonly<Record<Arm, Sender>>
}

/** Replays what is left of a run. Faults: INTERRUPTED, KEY_REFUSED, TARGET_UNREACHABLE; the store is whole in each case. */
export async function replayRun({ session, store, stored, senders }: Replaying): Promise<void> {
  const { config, world } = session
  const { run, status } = stored
  if (status === 'replayed' || status === 'reported') return session.say(`replay   run ${run.id} is replayed already`)
  const planned = await store.runRecords(run.id)
  const progress = await store.progressOf(run.id)
  const total = planned.reduce((sum, each) => sum + 1 + each.productionTrials, 0)
  const tally = createTally(total, progress.done.size, world.clock.elapsed)
  if (progress.done.size > 0) session.say(`replay   ${progress.done.size} of ${total} calls are stored already`)
  await store.setRunStatus(run.id, 'running', null)
  const unwritable = new AbortController()
  const writer = await store.createAttemptWriter(run.id, () => unwritable.abort())
  const armOf = (arm: Arm): DrivenArm => ({
    lane: createLane(session.targets[arm].concurrency, world.clock),
    send: senders[arm].send,
    retry: { retries: session.targets[arm].retries, maxWaitMs: config.replay.maxWaitMs },
  })
  const units = async function* (): AsyncIterable<Unit> {
    for await (const { ordinal, record } of store.recordsFrom(run.id)) {
      const plan = planned[ordinal]
      const calls = plan ? remainingCalls(plan, run.seed, progress) : []
      if (calls.length > 0) yield { record, calls }
    }
  }
  const onDrain = () => session.say('ending what runs; Ctrl-C again leaves at once')
  world.drain.addEventListener('abort', onDrain, { once: true })
  try {
    await session.progress.during(tally.text, async () => {
      const result = await drive({
        units: units(),
        arms: { production: armOf('production'), candidate: armOf('candidate') },
        isStreamed: ({ record }) =>
          isStreamed(config.replay.stream, providerNamed(record.api).isStreaming(record.body)),
        window: 2 * Math.max(...arms.map((arm) => session.targets[arm].concurrency)),
        seed: run.seed,
        clock: world.clock,
        onAttempt: (attempt) => {
          writer.write(attempt)
          tally.see(attempt)
        },
        drain: AbortSignal.any([world.drain, unwritable.signal]),
        leave: world.leave,
      }).finally(writer.close)
      requireComplete(result, session)
    })
  } finally {
    world.drain.removeEventListener('abort', onDrain)
  }
  await store.setRunStatus(run.id, 'replayed', new Date(world.clock.now()).toISOString())
}

function isStreamed(setting: 'asCaptured' | 'always' | 'never', captured: boolean): boolean {
  return setting === 'asCaptured' ? captured : setting === 'always'
}

function requireComplete({ isComplete, trip }: DriveResult, session: Session): void {
  if (trip) {
    const place = `targets.${trip.arm} ${session.targets[trip.arm].baseUrl}`
    const hint =
      'check baseUrl, model and the server; what was answered is stored, and the same command goes on from there'
    if (trip.trip.kind === 'key-refused') {
      throw new Fault(
        'KEY_REFUSED',
        `the ${trip.arm} refuses its key (HTTP ${trip.trip.status}): ${trip.trip.detail}`,
        { place },
      )
    }
    throw new Fault('TARGET_UNREACHABLE', `the ${trip.arm} gives no answers: ${trip.trip.detail}`, { place, hint })
  }
  if (!isComplete) throw new Fault('INTERRUPTED', 'the replay was interrupted')
}

/** Counts what progress lines show. */
function createTally(total: number, before: number, elapsed: () => number) {
  const startedAt = elapsed()
  let done = before
  const errors = { production: 0, candidate: 0 }
  let retries = 0
  return {
    see: (attempt: Attempt) => {
      if (!attempt.isFinal) retries += 1
      else done += 1
      if (attempt.isFinal && attempt.outcome.kind !== 'reply') errors[attempt.arm] += 1
    },
    text: () => {
      const seconds = (elapsed() - startedAt) / 1000
      const rate = (done - before) / Math.max(seconds, 0.001)
      const left = done < total && rate > 0 ? ` · ${Math.ceil((total - done) / rate)} s left` : ''
      const failed = `errors ${errors.production} production, ${errors.candidate} candidate`
      return `replay   ${done}/${total} calls · ${Math.round(rate)}/s${left} · ${failed}${retries > 0 ? ` · ${retries} retries` : ''}`
    },
  }
}
