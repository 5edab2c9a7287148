// The live lane: feeds the engine, stores and measures what comes of it, and ends as the run is to end.

import { Fault } from '../../core/fault.ts'
import type { Stopped } from '../../core/judgement.ts'
import { costUsd } from '../../core/price.ts'
import type { Arm, AskedForm } from '../../core/types.ts'
import { createBell } from '../../replay/bell.ts'
import type { Clean } from '../../replay/clean.ts'
import type { ArmOrder, EngineOrder, EngineResult } from '../../replay/orders.ts'
import type { Unit } from '../../replay/plan.ts'
import { createSpending } from '../../replay/spending.ts'
import { startEngine } from '../../replay/thread.ts'
import { span, usd } from '../../report/format.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Session } from '../session/session.ts'
import { answerCleaner } from './clean-answers.ts'
import { openControlDoor } from './control-door.ts'
import { obey } from './live-control.ts'
import { createLookout } from './live-lookout.ts'
import { createLiveScore } from './live-score.ts'
import { type Left, unitSource } from './live-units.ts'
import { userAgentOf } from './preflight.ts'
import { createTally } from './tally.ts'
import { createTimeLimit, outOfTime } from './time-limit.ts'

export interface ReplayingLive {
  readonly session: Session
  readonly store: Store
  readonly stored: StoredRun
  readonly orders: Record<Arm, ArmOrder>
  readonly left: Left
}

/** A record whose calls are being made. */
interface UnderWay {
  /** How many it comes to; null where an earlier replay made some of them. */
  readonly calls: number | null
  readonly asked: AskedForm | null
}

/** Sends what is left of a run. Faults: INTERRUPTED, KEY_REFUSED, TARGET_UNREACHABLE. */
export async function replayLive({ session, store, stored, orders, left }: ReplayingLive): Promise<void> {
  const { config, world, targets } = session
  const { run } = stored
  const clean = answerCleaner(session, store)
  const stop = new AbortController()
  const writer = await store.createAttemptWriter(run.id, () => stop.abort())
  const measures = await store.createMeasureWriter(run.id)
  const budget = { maxUsd: config.replay.maxCost ?? null, spentUsd: await spentOf(store, stored) }
  const spending = createSpending(targets, budget)
  const tally = createTally({
    calls: left.calls,
    before: left.done.size,
    elapsed: world.clock.elapsed,
    spent: spending.spent,
  })
  const underWay = new Map<number, UnderWay>()
  const prices = { production: targets.production.pricePerMillion, candidate: targets.candidate.pricePerMillion }
  const score = createLiveScore({
    metrics: session.metrics,
    prices,
    isOpenLoop: run.replay.pace === 'open',
    callsOf: (ordinal) => underWay.get(ordinal)?.calls ?? null,
    askedOf: (ordinal) => underWay.get(ordinal)?.asked ?? null,
    write: measures.write,
  })
  const holder = { pid: process.pid, since: new Date(world.clock.now()).toISOString() }
  const limit = createTimeLimit(session)
  const news = createBell()
  const source = unitSource(session, { store, stored, orders, left })
  const lookout = createLookout({
    session,
    store,
    stored,
    flush: writer.flush,
    spent: spending.spent,
    onOver: () => stop.abort(),
  })
  const units = async function* (): AsyncIterable<Unit> {
    for await (const planned of store.plannedRequests(run.id)) {
      const made = source.of(planned)
      if (made === null) {
        lookout.end([planned.ordinal])
        continue
      }
      const { unit, asked } = made
      const calls = unit.trials.reduce((sum, trial) => sum + trial.calls.length, 0)
      underWay.set(unit.ordinal, { calls: calls === 2 * planned.trials ? calls : null, asked })
      yield unit
    }
  }
  const engine = startEngine({
    order: engineOrder(session, stored, { orders, budget }),
    units: units(),
    warmUp: await source.warmUp(config.replay.warmUp),
    clean,
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
      lookout.end(ordinals)
    },
    onState: (told) => {
      tally.know(told)
      limit.see(told.lanes)
      news.ring()
    },
    drain: AbortSignal.any([world.drain, stop.signal, limit.up]),
    leave: world.leave,
  })
  const door = await openControlDoor(
    session.storePath,
    async (request) => {
      const state = () => tally.numbers().state
      await obey(request, { engine, stop: () => stop.abort(), state, news, clock: world.clock })
      return { run: run.id, ...holder, text: tally.text(), ...tally.numbers(), look: lookout.standing() }
    },
    session.say,
  )
  const over = async () => {
    try {
      const result = await engine.over
      await lookout.settled()
      return result
    } finally {
      limit.close()
      door.close()
      try {
        writer.close()
      } finally {
        measures.close()
      }
    }
  }
  const text = () => [tally.text(), lookout.text()].filter((part) => part !== '').join(' · ')
  await session.progress.during(text, async () => {
    const result = await over()
    // What was measured before a cut, or under another idea of the arms' caches, is measured anew.
    if (left.done.size > 0 || score.isStale()) await store.forgetMeasures(run.id)
    const decided = lookout.stopped()
    // Decided while the last calls ran: there was nothing left to save.
    if (decided !== null && lookout.isWhole() && !result.trip) return
    const ending =
      decided ??
      (limit.up.aborted && !result.isComplete
        ? outOfTime(session, run, { ...tally.numbers(), wait: limit.wait() })
        : null)
    const stopped = stoppedBy(result, ending, { session, spentUsd: spending.spent() })
    if (stopped === null) return requireComplete(result, session, clean)
    await store.stopRun(run.id, stopped)
    session.say(stopped.because)
  })
}

function engineOrder(
  session: Session,
  { run }: StoredRun,
  { orders, budget }: { orders: ReplayingLive['orders']; budget: EngineOrder['budget'] },
): EngineOrder {
  const { retries } = session.targets.production
  const { rounds, maxWaitMs, keepFree, adaptive } = session.config.replay
  return {
    arms: orders,
    retry: { retries, rounds, maxWaitMs },
    keepFree,
    isAdaptive: adaptive,
    isOpenLoop: run.replay.pace === 'open',
    seed: run.seed,
    budget,
    userAgent: userAgentOf(session),
  }
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
      cacheWrite: count('cache_write_tokens'),
    }
    return price ? sum + costUsd(usage, price) : sum
  }, 0)
}

/** Why a run that was not sent whole is judged all the same; null where it is whole, or to be gone on with. */
function stoppedBy(
  result: EngineResult,
  decided: Stopped | null,
  { session: { world, config }, spentUsd }: { session: Session; spentUsd: number | null },
): Stopped | null {
  if (result.isComplete || result.trip || world.drain.aborted) return null
  if (decided !== null) return decided
  if (!result.isAtLimit) return null
  const limit = usd(config.replay.maxCost ?? 0)
  const because = `The replay was stopped at the cost limit of ${limit}, after ${usd(spentUsd ?? 0)}; what was sent is a sample of its own and is judged.`
  return { why: 'cost-limit', because, records: null }
}

function requireComplete({ isComplete, trip }: EngineResult, session: Session, clean: Clean): void {
  if (trip) {
    const detail = clean(trip.trip.detail)
    const place = `targets.${trip.arm} ${session.targets[trip.arm].baseUrl}`
    const hint =
      'check baseUrl, model and the server; what was answered is stored, and the same command goes on from there'
    if (trip.trip.kind === 'key-refused') {
      throw new Fault('KEY_REFUSED', `the ${trip.arm} refuses its key (HTTP ${trip.trip.status}): ${detail}`, { place })
    }
    if (trip.trip.kind === 'left-alone') {
      const wait = span(trip.trip.waitMs)
      const longest = span(session.config.replay.maxWaitMs)
      const message = `the ${trip.arm} asks to be left alone for ${wait} (${detail}), and no wait is longer than ${longest}`
      throw new Fault('TARGET_UNREACHABLE', message, {
        place,
        hint: 'after that time the same command goes on from there, since what was answered is stored; or raise replay.maxWaitMs',
      })
    }
    throw new Fault('TARGET_UNREACHABLE', `the ${trip.arm} gives no answers: ${detail}`, { place, hint })
  }
  if (!isComplete) throw new Fault('INTERRUPTED', 'the replay was interrupted')
}
