// `shadowgate replay`: sends what the newest run has not sent yet, to both targets.

import { Fault, unreachable } from '../core/fault.ts'
import { costUsd } from '../core/price.ts'
import { type Arm, arms } from '../core/types.ts'
import { createBell } from '../replay/bell.ts'
import type { DriveResult } from '../replay/drive.ts'
import type { ArmOrder, EngineOrder, EngineState } from '../replay/orders.ts'
import { dueMsOf } from '../replay/pace.ts'
import { conversationOf, remainingTrials, type Unit, warmUpTrial } from '../replay/plan.ts'
import { createSpending } from '../replay/spending.ts'
import { type Engine, startEngine } from '../replay/thread.ts'
import type { PlannedRequest, StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { type ControlRequest, openControlDoor } from './control-door.ts'
import { confirmRun, forecastOf } from './forecast-run.ts'
import { createLiveScore } from './live-score.ts'
import { armOrders, probeTargets, userAgentOf } from './preflight.ts'
import { replayInBatches } from './replay-batches.ts'
import { openSession, requireStore, type Session, withStore } from './session.ts'
import { runFlag, runToReplay, yesFlag } from './stored-run.ts'
import { createTally } from './tally.ts'

export const replay = {
  examples: ['shadowgate replay', 'shadowgate replay --candidate-concurrency 4'],
  settings: ['store', 'targets', 'replay'],
  flags: [runFlag, yesFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: true })
    requireStore(session)
    const orders = armOrders(session)
    await probeTargets(session, orders)
    const stored = await withStore(session, async (store) => {
      const run = await runToReplay(session, store)
      await replayRun({ session, store, stored: run, orders })
      return run
    })
    world.stdout(invocation.isJson ? JSON.stringify({ run: stored.run.id }) : stored.run.id)
    return 0
  },
} satisfies Command

interface Replaying {
  readonly session: Session
  readonly store: Store
  readonly stored: StoredRun
  readonly orders: Readonly<Record<Arm, ArmOrder>>
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
    await (isInBatches ? replayInBatches({ ...replaying, plan: left }) : send(replaying, left))
  } finally {
    world.drain.removeEventListener('abort', onDrain)
  }
  await store.setRunStatus(run.id, 'replayed', new Date(world.clock.now()).toISOString())
}

interface Plan {
  readonly calls: number
  readonly firstAt: string | null
  readonly done: ReadonlySet<string>
}

async function send({ session, store, stored, orders }: Replaying, plan: Plan): Promise<void> {
  const { config, world, targets } = session
  const { run } = stored
  const stop = new AbortController()
  const writer = await store.createAttemptWriter(run.id, () => stop.abort())
  const measures = await store.createMeasureWriter(run.id)
  const budget = { maxUsd: config.replay.maxCost ?? null, spentUsd: await spentOf(store, stored) }
  const spending = createSpending(targets, budget)
  const tally = createTally({
    calls: plan.calls,
    before: plan.done.size,
    elapsed: world.clock.elapsed,
    spent: spending.spent,
  })
  // Of the records under way, how many calls each comes to; null where an earlier replay made some of them.
  const underWay = new Map<number, number | null>()
  const prices = { production: targets.production.pricePerMillion, candidate: targets.candidate.pricePerMillion }
  const score = createLiveScore({
    prices,
    isOpenLoop: run.replay.pace === 'open',
    callsOf: (ordinal) => underWay.get(ordinal) ?? null,
    write: measures.write,
  })
  const state: { engine: EngineState | null } = { engine: null }
  const news = createBell()
  const units = async function* (): AsyncIterable<Unit> {
    for await (const planned of store.plannedRequests(run.id)) {
      const unit = unitOf(planned, { seed: run.seed, plan, timeScale: timeScaleOf(stored) })
      if (unit === null) continue
      const calls = unit.trials.reduce((sum, trial) => sum + trial.calls.length, 0)
      underWay.set(unit.ordinal, calls === 2 * planned.trials ? calls : null)
      yield unit
    }
  }
  const engine = startEngine({
    order: engineOrder(session, stored, { orders, budget }),
    units: units(),
    warmUp: await warmUpOf(store, stored, config.replay.warmUp),
    onAttempts: (attempts) => {
      for (const attempt of attempts) {
        writer.write(attempt)
        spending.see(attempt)
      }
      score.see(attempts)
      tally.see(attempts)
    },
    onEnded: (ordinals) => {
      score.end(ordinals)
      for (const ordinal of ordinals) underWay.delete(ordinal)
    },
    onState: (told) => {
      state.engine = told
      tally.know(told)
      news.ring()
    },
    drain: AbortSignal.any([world.drain, stop.signal]),
    leave: world.leave,
  })
  const door = await openControlDoor(
    session.storePath,
    async (request) => {
      act(request, { engine, stop: () => stop.abort() })
      const isDone = () => isDoneIn(request, state.engine)
      const patience = world.clock.elapsed() + 2000
      while (!isDone() && world.clock.elapsed() < patience) await Promise.race([news.rung(), world.clock.sleep(100)])
      return { run: run.id, text: tally.text(), ...tally.numbers() }
    },
    session.say,
  )
  await session.progress.during(tally.text, async () => {
    const result = await engine.over.finally(() => {
      door.close()
      try {
        writer.close()
      } finally {
        measures.close()
      }
    })
    // What was measured before a cut, or under another idea of the arms' caches, is measured anew.
    if (plan.done.size > 0 || score.isStale()) await store.forgetMeasures(run.id)
    if (result.isAtLimit && !world.drain.aborted && !result.trip)
      await stopAtLimit(session, store, stored, spending.spent())
    else requireComplete(result, session)
  })
}

/** Does what another terminal asks for. */
function act(request: ControlRequest, { engine, stop }: { engine: Engine; stop: () => void }): void {
  switch (request.action) {
    case 'status':
      return
    case 'pause':
      return engine.command({ kind: 'pause' })
    case 'resume':
      return engine.command({ kind: 'resume' })
    case 'stop':
      return stop()
    case 'concurrency':
      for (const arm of arms) {
        const concurrency = request[arm]
        if (concurrency !== null) engine.command({ kind: 'resize', arm, concurrency })
      }
      return
    default:
      unreachable(request)
  }
}

/** Whether the engine says that it does what was asked for. */
function isDoneIn(request: ControlRequest, state: EngineState | null): boolean {
  switch (request.action) {
    case 'pause':
      return state?.isPaused === true
    case 'resume':
      return state?.isPaused === false
    case 'concurrency':
      return arms.every((arm) => request[arm] === null || state?.lanes[arm].most === request[arm])
    case 'status':
    case 'stop':
      return true
    default:
      return unreachable(request)
  }
}

/** What is left of a record; null where nothing is. */
function unitOf(
  planned: PlannedRequest,
  { seed, plan, timeScale }: { seed: number; plan: Plan; timeScale: number | null },
): Unit | null {
  const { recordId, ordinal, api, body, cluster, capturedAt } = planned
  const trials = remainingTrials(planned, seed, plan)
  if (trials.length === 0) return null
  const dueMs = timeScale === null ? null : dueMsOf(capturedAt, { first: plan.firstAt, timeScale })
  return { recordId, ordinal, api, body, conversation: conversationOf(cluster), trials, dueMs }
}

/** null in closed loop. */
function timeScaleOf({ run }: StoredRun): number | null {
  return run.replay.pace === 'open' ? run.replay.timeScale : null
}

function engineOrder(
  session: Session,
  { run }: StoredRun,
  { orders, budget }: { orders: Replaying['orders']; budget: EngineOrder['budget'] },
): EngineOrder {
  const { retries } = session.targets.production
  const { rounds, maxWaitMs, keepFree, adaptive, stream } = session.config.replay
  return {
    runId: run.id,
    arms: orders,
    retry: { retries, rounds, maxWaitMs },
    keepFree,
    isAdaptive: adaptive,
    isOpenLoop: run.replay.pace === 'open',
    salted: run.replay.salted,
    stream,
    seed: run.seed,
    budget,
    userAgent: userAgentOf(session),
  }
}

/** The run's last requests, asked for nothing but to have connections and compilers warm, in a prompt cache of their own. */
async function warmUpOf(store: Store, { run }: StoredRun, count: number): Promise<Unit[]> {
  const places = Array.from({ length: count }, (_, index) => run.dataset.records - 1 - index).filter(
    (place) => place >= 0,
  )
  const records = await store.recordsOf(run.id, places)
  return [...records].map(([ordinal, { id: recordId, api, body }]) => {
    const calls = arms.map((arm, position) => ({ recordId, ordinal, arm, trial: warmUpTrial, position }))
    const trials = [{ number: warmUpTrial, calls }]
    return { recordId, ordinal, api, body: JSON.stringify(body), conversation: null, trials, dueMs: null }
  })
}

/** US dollars that the run has cost already. */
async function spentOf(store: Store, { run }: StoredRun): Promise<number> {
  const rows = await store.callCounts(run.id)
  return rows.reduce((sum, row) => {
    const price = run.targets[row['arm'] as Arm].pricePerMillion
    const count = (name: string) => Number(row[name] ?? 0)
    const usage = {
      input: count('input_tokens'),
      output: count('output_tokens'),
      cachedInput: count('cached_input_tokens'),
    }
    return price ? sum + costUsd(usage, price) : sum
  }, 0)
}

async function stopAtLimit(session: Session, store: Store, { run }: StoredRun, spent: number | null): Promise<void> {
  const limit = session.config.replay.maxCost ?? 0
  const because = `The replay was stopped at the cost limit of $${limit.toFixed(2)}, after $${(spent ?? 0).toFixed(2)}; what was sent is a sample of its own and is judged.`
  await store.stopRun(run.id, { why: 'cost-limit', because })
  session.say(because)
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
