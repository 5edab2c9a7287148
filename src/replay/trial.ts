// One trial: both arms asked the same, back to back, and again where an arm was rate-limited.

import type { Clock } from '../core/clock.ts'
import { seededBy } from '../core/random.ts'
import type { Arm, Attempt } from '../core/types.ts'
import type { Exchange } from './exchange.ts'
import { waitForShare } from './headroom.ts'
import type { Lane } from './lane.ts'
import type { Call, Trial, WiredCall } from './plan.ts'
import { decideRetry, isRateLimited, type RetryDecision, type RetryPolicy } from './retry.ts'
import type { TokenGuess } from './token-guess.ts'
import type { Valve } from './valve.ts'
import type { Wire } from './wire.ts'

/** An arm, ready to be asked. */
export interface DrivenArm {
  readonly lane: Lane
  readonly guess: TokenGuess
  /** Never rejects but for a bug of ours. */
  readonly send: (wire: Wire) => Promise<Exchange>
}

export interface Asking {
  readonly arms: Readonly<Record<Arm, DrivenArm>>
  readonly retry: RetryPolicy
  /** Share of a target's limits, 0..1, that is left to production. */
  readonly keepFree: number
  readonly seed: number
  readonly clock: Clock
  readonly valve: Valve
  /** Aborted: start nothing new. */
  readonly drain: AbortSignal
  /** For tries that another one follows. */
  readonly onTry: (attempt: Attempt) => void
  /** For the last try of a call, in whichever round. `unwaitedMs`: how long it would have had to wait, where that is too long; else null. */
  readonly onFinal: (attempt: Attempt, unwaitedMs: number | null) => void
}

/**
 * Asks a trial to its end: one final attempt for each call, unless the drain comes first. `wantedAtMs` is when an open loop wants it
 * sent, in epoch ms; null: when there is a place.
 */
export async function askTrial(trial: Trial<WiredCall>, wantedAtMs: number | null, asking: Asking): Promise<void> {
  for (let round = 0; ; round++) {
    // Subtle: every trial takes its places at one moment and in one queue for each arm, so no two can hold what the other needs.
    const seats = await Promise.all(trial.calls.map(({ arm }) => asking.arms[arm].lane.seat()))
    const seatedAtMs = asking.clock.now()
    await admit(trial, asking)
    if (asking.drain.aborted) {
      for (const leave of seats) leave()
      return
    }
    const dueAtMs = round === 0 ? (wantedAtMs ?? seatedAtMs) : seatedAtMs
    const ends = trial.calls.map((call, index) =>
      askCall({ call, round, dueAtMs }, asking).finally(() => seats[index]?.()),
    )
    // Both come to their end, also where one throws: nothing may write to a sink that was closed meanwhile.
    const settled = await Promise.allSettled(ends)
    const isLimited = settled.some((each) => {
      if (each.status === 'rejected') throw each.reason
      return each.value === 'limited'
    })
    if (!isLimited) return
  }
}

/** Waits until nothing holds either arm: both are then sent in one go. */
async function admit(trial: Trial<WiredCall>, { arms, clock, valve, drain }: Asking): Promise<void> {
  let owedMs = 0
  for (const { arm, wire } of trial.calls) {
    const { lane, guess } = arms[arm]
    owedMs = Math.max(owedMs, lane.charge(lane.countsTokens ? guess.of(wire.body) : 0))
  }
  if (owedMs > 0) await clock.sleep(owedMs, drain)
  for (;;) {
    if (valve.isShut()) await valve.pass(drain)
    const heldMs = Math.max(...trial.calls.map(({ arm }) => arms[arm].lane.heldMs()))
    if (drain.aborted || (heldMs <= 0 && !valve.isShut())) return
    await clock.sleep(heldMs, drain)
  }
}

interface Turn {
  readonly call: WiredCall
  readonly round: number
  readonly dueAtMs: number
}

/** One call with its tries of one round. `limited`: the pair is to be asked again. */
async function askCall(turn: Turn, asking: Asking): Promise<'done' | 'limited'> {
  const { call, round } = turn
  const { lane, send } = asking.arms[call.arm]
  let { dueAtMs } = turn
  for (let tries = 0; ; tries++) {
    const exchange = await send(call.wire)
    if (exchange.outcome.kind === 'cancelled') return 'done'
    learn(exchange, { tries, asking, call })
    const seen = { tries, round, advice: exchange.advice, sawBytes: exchange.sawBytes }
    const decision = decideRetry(exchange.outcome, seen, asking.retry, waitsOf(call, round, asking))
    const attempt = attemptOf(turn, { tries, isFinal: decision.kind === 'stop', dueAtMs }, exchange)
    if (decision.kind === 'stop') {
      // The tries are used up; what the server asked for still holds for everybody else.
      const afterMs = exchange.advice.afterMs ?? 0
      const { maxWaitMs } = asking.retry
      if (isRateLimited(exchange.outcome)) lane.hold(Math.min(afterMs, maxWaitMs))
      asking.onFinal(attempt, afterMs > maxWaitMs ? afterMs : null)
      return 'done'
    }
    asking.onTry(attempt)
    await waitOut(decision, lane, asking)
    if (asking.drain.aborted) return 'done'
    if (decision.kind === 'round') return 'limited'
    dueAtMs = asking.clock.now()
  }
}

/** A wait for the whole target is waited out where the next try is admitted. */
async function waitOut(decision: RetryDecision, lane: Lane, { clock, drain }: Asking): Promise<void> {
  if (decision.kind === 'stop') return
  if (decision.kind === 'round' || decision.holdsLane) lane.hold(decision.waitMs)
  if (decision.kind === 'again') await clock.sleep(decision.waitMs, drain)
}

/** Made when it is needed: most calls never wait. */
function waitsOf(call: Call, round: number, { seed }: Asking) {
  const make = () => seededBy(seed, 'retry', call.recordId, call.arm, `${call.trial} ${round}`)
  let random: ReturnType<typeof make> | null = null
  return { unit: () => (random ??= make()).unit(), below: (below: number) => (random ??= make()).below(below) }
}

function learn(
  { outcome, quotas, sentAtMs }: Exchange,
  { tries, asking, call }: { tries: number; asking: Asking; call: WiredCall },
): void {
  const { lane, guess } = asking.arms[call.arm]
  const isReply = outcome.kind === 'reply'
  const usage = isReply ? outcome.reply.usage : null
  const tokens = lane.countsTokens && usage ? usage.input + usage.output - guess.of(call.wire.body) : 0
  if (usage) guess.learn(usage)
  const signal = isRateLimited(outcome) ? 'limited' : !isReply ? 'troubled' : tries === 0 ? 'clean' : null
  if (signal) lane.learn(signal, { sentAtMs, tokens })
  if (isReply && quotas.length > 0) {
    const wait = waitForShare(quotas, asking.keepFree)
    if (wait > 0) lane.hold(Math.min(wait, asking.retry.maxWaitMs))
  }
}

function attemptOf(turn: Turn, at: { tries: number; isFinal: boolean; dueAtMs: number }, exchange: Exchange): Attempt {
  const { call, round } = turn
  // A timer may end a wait a millisecond early.
  const dueAtMs = Math.min(at.dueAtMs, exchange.sentAtMs)
  return {
    recordId: call.recordId,
    ordinal: call.ordinal,
    arm: call.arm,
    trial: call.trial,
    position: call.position,
    round,
    tries: at.tries,
    isFinal: at.isFinal,
    dueAt: new Date(dueAtMs).toISOString(),
    sentAt: new Date(exchange.sentAtMs).toISOString(),
    delayMs: exchange.sentAtMs - dueAtMs,
    timing: exchange.timing,
    outcome: exchange.outcome,
    httpStatus: exchange.httpStatus,
  }
}
