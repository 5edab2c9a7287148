// The batch lane of `replay`: what is left of a run goes to the providers in batches, and is waited for.

import { Fault } from '../../core/fault.ts'
import { type Arm, arms, type JsonObject } from '../../core/types.ts'
import { providerServedBy } from '../../providers/index.ts'
import { ArmLane, type AskedArm } from '../../replay/batch/arm-lane.ts'
import { batchApiOf } from '../../replay/batch/batch-apis.ts'
import { createBatchHttp } from '../../replay/batch/batch-http.ts'
import type { SharedBook } from '../../replay/batch/book.ts'
import { driveBatches, type PlannedBody } from '../../replay/batch/drive-batches.ts'
import { cleaned } from '../../replay/clean.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import { saltOf } from '../../replay/salt.ts'
import { requestOf } from '../../replay/wire.ts'
import { usd } from '../../report/format.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { forecastOf } from '../plan/forecast-run.ts'
import type { Session } from '../session/session.ts'
import { answerCleaner } from './clean-answers.ts'
import { openControlDoor } from './control-door.ts'
import { userAgentOf } from './preflight.ts'

export interface BatchReplay {
  readonly session: Session
  readonly store: Store
  readonly stored: StoredRun
  readonly orders: Readonly<Record<Arm, ArmOrder>>
  /** Calls of the whole run, and those that are stored. */
  readonly plan: { readonly calls: number; readonly done: ReadonlySet<string> }
}

/** Brings what is left of a run home. Faults: INTERRUPTED, BAD_CONFIG, KEY_REFUSED, TARGET_UNREACHABLE; the store is whole in each case. */
export async function replayInBatches({ session, store, stored, orders, plan }: BatchReplay): Promise<void> {
  const { world, config } = session
  const { run } = stored
  const records = await recordsToSend(session, store, stored)
  const batches = await store.batchesOf(run.id)
  let last = batches.at(-1)?.number ?? 0
  const clean = answerCleaner(session, store)
  const stop = new AbortController()
  const drain = AbortSignal.any([world.drain, stop.signal])
  const book: SharedBook = {
    runId: run.id,
    ledger: {
      callsOf: (number) => store.callsOfBatch(run.id, number),
      add: (batch, calls) => store.addBatch(run.id, batch, calls),
      update: (number, changes) => store.updateBatch(run.id, number, changes),
    },
    // What can't be written is thrown when it is closed.
    openSink: async () => {
      const writer = await store.createAttemptWriter(run.id, () => {})
      return { ...writer, write: (attempt) => writer.write({ ...attempt, outcome: cleaned(attempt.outcome, clean) }) }
    },
    done: new Set(plan.done),
    known: new Set(batches.flatMap(({ batchId }) => batchId ?? [])),
    nextNumber: () => (last += 1),
    clock: world.clock,
    drain,
    maxWaitMs: config.replay.maxWaitMs,
    say: session.say,
  }
  const asked = { production: askedArm('production'), candidate: askedArm('candidate') }
  const lanes = { production: new ArmLane(asked.production, book), candidate: new ArmLane(asked.candidate, book) }
  const planned = async function* (): AsyncIterable<PlannedBody> {
    for await (const each of store.plannedRequests(run.id)) {
      if (each.ordinal >= records) return
      yield each
    }
  }
  const text = () => `batch    ${arms.map((arm) => `${arm} ${lanes[arm].answered}/${plan.calls / 2}`).join(', ')}`
  const door = await openControlDoor(
    session.storePath,
    async ({ action }) => {
      if (action === 'stop') stop.abort()
      const isFor = action === 'status' || action === 'stop'
      return {
        run: run.id,
        text: isFor ? text() : `${text()}; the pace of batches is the provider's: control takes status and stop`,
      }
    },
    session.say,
  )
  try {
    await session.progress.during(text, async () => {
      const options = { lanes: arms.map((arm) => lanes[arm]), batches, planned, done: book.done, seed: run.seed }
      const pollMs = config.replay.batchPollSeconds * 1000
      if (await driveBatches({ ...options, pollMs, clock: world.clock, drain })) return
      throw new Fault('INTERRUPTED', 'the wait for the batches was interrupted', {
        hint: 'nothing is cancelled at the provider; the same command goes on where this one stopped',
      })
    })
  } finally {
    door.close()
    await Promise.all(arms.map((arm) => asked[arm].close()))
  }
  if (records < run.dataset.records) await stopAtLimit(session, store, stored, records)

  function askedArm(arm: Arm): AskedArm & { readonly close: () => Promise<void> } {
    const { target, key, headers } = orders[arm]
    const provider = providerServedBy(target.api, target.vendor)
    const salts = run.replay.salted ? [0, 1].map((trial) => saltOf(run.id, arm, trial)) : []
    const { now } = world.clock
    const userAgent = userAgentOf(session)
    const http = createBatchHttp({ target, provider, key, headers, userAgent, now, drain, leave: world.leave })
    const { model, rename, overrides } = target
    const bodyOf = (body: JsonObject, trial: number) =>
      requestOf(provider, body, { model, rename, overrides, stream: false, salt: salts[trial] ?? null }).body
    const api = batchApiOf(target, `${session.file} replay.lane`)(http, provider)
    return { target, api, bodyOf, close: http.close }
  }
}

/**
 * How many of the run's records, from its first on, may be sent. A batch can't be stopped on its way, so a cost limit is kept
 * beforehand, by the forecast. Fault: BAD_CONFIG where nobody can know.
 */
async function recordsToSend(session: Session, store: Store, { run }: StoredRun): Promise<number> {
  const { maxCost } = session.config.replay
  const isPriced = arms.some((arm) => run.targets[arm].pricePerMillion !== null)
  if (maxCost === undefined || !isPriced) return run.dataset.records
  const { forecast } = await forecastOf(session, store, await store.runIds(run.id))
  if (forecast.costUsd === null) {
    const message =
      'a batch can’t be stopped on its way, and what it will cost is unknown: the log does not tell how long answers are'
    const hint = 'leave replay.maxCost out, or replay.lane: live keeps it as it goes'
    throw new Fault('BAD_CONFIG', message, { place: `${session.file} replay.maxCost`, hint })
  }
  if (forecast.costUsd <= maxCost) return run.dataset.records
  return Math.max(1, Math.floor((run.dataset.records * maxCost) / forecast.costUsd))
}

async function stopAtLimit(session: Session, store: Store, { run }: StoredRun, records: number): Promise<void> {
  const limit = session.config.replay.maxCost ?? 0
  const because = `The cost limit of ${usd(limit)} was foreseen to be reached after ${records} of ${run.dataset.records} records; those were sent, and are a sample of their own.`
  await store.stopRun(run.id, { why: 'cost-limit', because, records: null })
  session.say(because)
}
