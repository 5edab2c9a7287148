// Questions to one target beside a replay: the same lane, deadlines and tries, and no pair that has to meet the same minute.

import type { Clock } from '../core/clock.ts'
import { seededBy } from '../core/random.ts'
import type { JsonObject, Outcome } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import { createLane } from './lane.ts'
import type { ArmOrder } from './orders.ts'
import { decideRetry, isRateLimited, type RetryPolicy } from './retry.ts'
import { createSender } from './send.ts'
import { createTokenGuess } from './token-guess.ts'
import { wireOf } from './wire.ts'

export interface AskOptions {
  readonly order: ArmOrder
  readonly provider: Provider
  readonly retry: RetryPolicy
  /** Share of the target's limits, 0..1, that is left to others. */
  readonly keepFree: number
  readonly seed: number
  readonly userAgent: string
  readonly clock: Clock
  /** Once aborted nothing more is sent; what runs comes to its end. */
  readonly drain: AbortSignal
}

export interface Asker {
  /** The answer to a question, `id` being its name among all; `cancelled` where nothing was sent any more. Never rejects. */
  readonly ask: (id: string, question: string) => Promise<Outcome>
  /** The same for a captured body, as the target is asked it in a replay. */
  readonly askAgain: (id: string, body: JsonObject, how: { readonly stream: boolean }) => Promise<Outcome>
  /** Breaks off what runs. */
  readonly close: () => Promise<void>
}

const unsent: Outcome = { kind: 'cancelled' }

export function createAsker(options: AskOptions): Asker {
  const { order, provider, keepFree, clock, drain } = options
  const { target } = order
  const { concurrency, limits, model, rename, overrides } = target
  const lane = createLane({ concurrency, isAdaptive: true, limits, keepFree }, clock)
  const guess = createTokenGuess()
  const sender = createSender({ ...order, provider, userAgent: options.userAgent, clock })

  const tryOnce = async (wire: ReturnType<typeof wireOf>) => {
    const owedMs = lane.charge(lane.countsTokens ? guess.of(wire.body) : 0)
    if (owedMs > 0) await clock.sleep(owedMs, drain)
    while (lane.heldMs() > 0 && !drain.aborted) await clock.sleep(lane.heldMs(), drain)
    if (drain.aborted) return null
    const exchange = await sender.send(wire)
    const { outcome, sentAtMs } = exchange
    const usage = outcome.kind === 'reply' ? outcome.reply.usage : null
    const tokens = lane.countsTokens && usage ? usage.input + usage.output - guess.of(wire.body) : 0
    if (usage) guess.learn(usage)
    const signal = isRateLimited(outcome) ? 'limited' : outcome.kind === 'reply' ? 'clean' : 'troubled'
    lane.learn(signal, { sentAtMs, tokens })
    return exchange
  }

  const ask = async (id: string, body: JsonObject, stream: boolean): Promise<Outcome> => {
    const wire = wireOf(provider, body, { model, rename, overrides, stream, salt: null })
    const chance = seededBy(options.seed, 'ask', id)
    for (let [tries, round] = [0, 0]; ; ) {
      const exchange = await tryOnce(wire)
      if (exchange === null) return unsent
      const { outcome, advice, sawBytes } = exchange
      const decision = decideRetry(outcome, { tries, round, advice, sawBytes }, options.retry, chance)
      if (decision.kind === 'stop') return outcome
      if (decision.kind === 'round' || decision.holdsLane) lane.hold(decision.waitMs)
      if (decision.kind === 'again') await clock.sleep(decision.waitMs, drain)
      tries = decision.kind === 'round' ? 0 : tries + 1
      if (decision.kind === 'round') round += 1
    }
  }

  const askSeated = async (id: string, body: JsonObject, stream: boolean) => {
    const leave = await lane.seat()
    try {
      return await ask(id, body, stream)
    } finally {
      leave()
    }
  }

  return {
    ask: (id, question) => askSeated(id, provider.question(question), false),
    askAgain: (id, body, { stream }) => askSeated(id, body, stream),
    close: async () => {
      sender.cancel()
      await sender.close()
    },
  }
}
