// The engine on a clock that stands still: waits, holds, and bugs that must not be lost.

import { describe, expect, test } from 'vitest'
import type { Attempt, Outcome } from '../../src/core/types.ts'
import type { Exchange } from '../../src/replay/exchange.ts'
import type { RetryAdvice } from '../../src/replay/retry.ts'
import type { DrivenArm } from '../../src/replay/trial.ts'
import { createValve } from '../../src/replay/valve.ts'
import { armOf, driveAll, unitsOf } from '../support/driving.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { replyOf } from '../support/nouns.ts'

const rejected = (status: number): Outcome => ({ kind: 'rejected', status, code: null, detail: 'no' })
const noAdvice: RetryAdvice = { afterMs: null, should: null }

interface Scripted {
  readonly outcome: Outcome
  readonly takesMs?: number
  readonly advice?: Partial<RetryAdvice>
  readonly quotas?: Exchange['quotas']
}

/** Plays the script for each call in turn, its last line for ever; tells when each was sent, from the start. */
function scripted(clock: FakeClock, script: readonly Scripted[]): { send: DrivenArm['send']; sentAt: number[] } {
  const start = clock.now()
  const sentAt: number[] = []
  const send = async (): Promise<Exchange> => {
    const line = script[Math.min(sentAt.length, script.length - 1)]
    if (!line) throw new Error('an empty script')
    const sentAtMs = clock.now()
    sentAt.push(sentAtMs - start)
    const totalMs = line.takesMs ?? 10
    await clock.sleep(totalMs)
    return {
      sentAtMs,
      timing: { headersMs: null, firstTokenMs: null, totalMs },
      outcome: line.outcome,
      httpStatus: line.outcome.kind === 'rejected' ? line.outcome.status : 200,
      advice: { ...noAdvice, ...line.advice },
      quotas: line.quotas ?? [],
      sawBytes: true,
    }
  }
  return { send, sentAt }
}

const since = (clock: FakeClock, start: number, attempts: readonly Attempt[]) =>
  attempts.map(({ tries, dueAt, sentAt }) => [tries, Date.parse(dueAt) - start, Date.parse(sentAt) - start])

const quickly = (clock: FakeClock) => scripted(clock, [{ outcome: replyOf() }]).send
const quick = (clock: FakeClock) => armOf(quickly(clock), clock)

describe('drive', () => {
  test('a 429 holds the whole lane: the pair is asked again after it, and nothing else goes out before', async () => {
    const clock = createFakeClock()
    const start = clock.now()
    const candidate = scripted(clock, [{ outcome: rejected(429), advice: { afterMs: 1000 } }, { outcome: replyOf() }])
    const production = scripted(clock, [{ outcome: replyOf() }])
    const arms = { production: armOf(production.send, clock), candidate: armOf(candidate.send, clock) }
    const driving = driveAll(unitsOf(3, { trials: 1 }), arms, clock, { window: 1 })
    await clock.advance(10)
    await clock.advance(999)
    expect([production.sentAt, candidate.sentAt]).toEqual([[0], [0]])
    await clock.advance(5000)
    const { attempts } = await driving
    expect(production.sentAt).toEqual([0, 1010, 1020, 1030])
    expect(candidate.sentAt).toEqual([0, 1010, 1020, 1030])
    const own = attempts.filter(({ arm, recordId }) => arm === 'candidate' && recordId === 'r0')
    // Seated at 10, when the first round had ended, and held until 1010: the delay is visible.
    expect(since(clock, start, own)).toEqual([
      [0, 0, 0],
      [0, 10, 1010],
    ])
    expect(own.map(({ round, delayMs }) => [round, delayMs])).toEqual([
      [0, 0],
      [1, 1000],
    ])
  })

  test('a Retry-After of hours ends the replay soon, and is not asked about 25 times', async () => {
    const clock = createFakeClock()
    const waitMs = 6 * 3_600_000
    const candidate = scripted(clock, [{ outcome: replyOf() }, { outcome: rejected(429), advice: { afterMs: waitMs } }])
    const arms = { production: quick(clock), candidate: armOf(candidate.send, clock) }
    const driving = driveAll(unitsOf(50, { trials: 1 }), arms, clock, { window: 1 })
    await clock.advance(5 * 60_000)
    const { trip, isComplete } = await driving
    expect(trip).toEqual({ arm: 'candidate', trip: { kind: 'left-alone', waitMs, detail: 'rate-limited (429)' } })
    expect(isComplete).toBe(false)
    expect(candidate.sentAt).toHaveLength(6)
  })

  test('a pair that finds a lane held was due when its places were free, and neither arm is sent before', async () => {
    const clock = createFakeClock()
    const start = clock.now()
    const candidate = scripted(clock, [
      { outcome: rejected(429), advice: { afterMs: 500 } },
      { outcome: replyOf(), takesMs: 200 },
      { outcome: replyOf() },
    ])
    const production = scripted(clock, [{ outcome: replyOf() }])
    const width = { concurrency: 2 }
    const arms = { production: armOf(production.send, clock, width), candidate: armOf(candidate.send, clock, width) }
    const driving = driveAll(unitsOf(3, { trials: 1 }), arms, clock)
    await clock.advance(5000)
    const { attempts } = await driving
    // The third record gets its places at 10, when the first gives them up, and passes the hold at 510.
    expect(production.sentAt).toEqual([0, 0, 510, 510])
    expect(candidate.sentAt).toEqual([0, 0, 510, 510])
    const third = attempts.filter(({ arm, recordId }) => arm === 'candidate' && recordId === 'r2')
    expect(since(clock, start, third)).toEqual([[0, 10, 510]])
  })

  test('a wait without a word from the server is for the one call alone, and its next try was due after it', async () => {
    const clock = createFakeClock()
    const start = clock.now()
    const candidate = scripted(clock, [{ outcome: rejected(503) }, { outcome: replyOf() }])
    const width = { concurrency: 2 }
    const production = scripted(clock, [{ outcome: replyOf() }])
    const arms = { production: armOf(production.send, clock, width), candidate: armOf(candidate.send, clock, width) }
    const driving = driveAll(unitsOf(3, { trials: 1 }), arms, clock)
    await clock.advance(5000)
    const { attempts } = await driving
    const [first, second, third, retry = 0] = candidate.sentAt
    expect([first, second, third]).toEqual([0, 0, 10])
    expect(retry).toBeGreaterThan(10 + 375)
    const retried = attempts.filter(({ arm, tries }) => arm === 'candidate' && tries === 1)
    expect(since(clock, start, retried)).toEqual([[1, Math.floor(retry), Math.floor(retry)]])
  })

  test('a Retry-After of a 503 holds the lane', async () => {
    const clock = createFakeClock()
    const candidate = scripted(clock, [{ outcome: rejected(503), advice: { afterMs: 300 } }, { outcome: replyOf() }])
    const arms = { production: quick(clock), candidate: armOf(candidate.send, clock, { concurrency: 2 }) }
    const driving = driveAll(unitsOf(3, { trials: 1 }), arms, clock, { window: 2 })
    await clock.advance(5000)
    await driving
    expect(candidate.sentAt).toEqual([0, 0, 310, 310])
  })

  test('what production needs of a shared limit stays free: an answer that tells of too little left holds the lane', async () => {
    const clock = createFakeClock()
    const quotas = [{ limit: 100, remaining: 10, resetMs: 9000 }]
    const candidate = scripted(clock, [{ outcome: replyOf(), quotas }, { outcome: replyOf() }])
    const arms = { production: quick(clock), candidate: armOf(candidate.send, clock, { concurrency: 1 }) }
    const driving = driveAll(unitsOf(2, { trials: 1 }), arms, clock, { keepFree: 0.2 })
    await clock.advance(20_000)
    await driving
    // 20 are to stay free and 10 are there: the other 10 come back in a ninth of the time to the reset.
    expect(candidate.sentAt).toEqual([0, 1010])
  })

  test('limits by the minute space requests evenly, both arms together', async () => {
    const clock = createFakeClock()
    const candidate = scripted(clock, [{ outcome: replyOf() }])
    const production = scripted(clock, [{ outcome: replyOf() }])
    const limits = { requestsPerMinute: 75, tokensPerMinute: null }
    // A fifth is left to production: 60 a minute, one a second.
    const arms = {
      production: armOf(production.send, clock),
      candidate: armOf(candidate.send, clock, { limits, keepFree: 0.2 }),
    }
    const driving = driveAll(unitsOf(5, { trials: 1 }), arms, clock)
    await clock.advance(10_000)
    await driving
    expect(candidate.sentAt).toEqual([0, 1000, 2000, 3000, 4000])
    expect(production.sentAt).toEqual(candidate.sentAt)
  })

  test('paused, nothing starts; resumed, all goes on', async () => {
    const clock = createFakeClock()
    const valve = createValve()
    const candidate = scripted(clock, [{ outcome: replyOf(), takesMs: 100 }])
    const arms = { production: quick(clock), candidate: armOf(candidate.send, clock, { concurrency: 2 }) }
    const driving = driveAll(unitsOf(6, { trials: 1 }), arms, clock, { valve })
    await clock.advance(50)
    valve.shut()
    await clock.advance(5000)
    expect(candidate.sentAt).toEqual([0, 0])
    valve.open()
    await clock.advance(5000)
    expect((await driving).isComplete).toBe(true)
    expect(candidate.sentAt).toHaveLength(6)
  })

  test('an open loop sends when each request is due, and a slow server does not slow it', async () => {
    const clock = createFakeClock()
    const start = clock.now()
    const slow = scripted(clock, [{ outcome: replyOf(), takesMs: 10_000 }])
    const wide = { concurrency: 100 }
    const arms = { production: armOf(slow.send, clock, wide), candidate: armOf(quickly(clock), clock, wide) }
    const dues = [0, 300, 300, 1000, 7000]
    const units = unitsOf(5, { trials: 1 }).map((unit, index) => ({ ...unit, dueMs: dues[index] ?? 0 }))
    const driving = driveAll(units, arms, clock, { window: 1 })
    await clock.advance(60_000)
    const { attempts } = await driving
    expect(slow.sentAt).toEqual(dues)
    const own = attempts.filter(({ arm }) => arm === 'production')
    expect(since(clock, start, own)).toEqual(dues.map((due) => [0, due, due]))
  })

  test('in an open loop, what waited for a place shows how long', async () => {
    const clock = createFakeClock()
    const stalled = scripted(clock, [{ outcome: replyOf(), takesMs: 1000 }])
    const arms = { production: armOf(stalled.send, clock, { concurrency: 1 }), candidate: quick(clock) }
    const units = unitsOf(3, { trials: 1 }).map((unit, index) => ({ ...unit, dueMs: 100 * index }))
    const driving = driveAll(units, arms, clock)
    await clock.advance(60_000)
    const { attempts } = await driving
    expect(attempts.filter(({ arm }) => arm === 'production').map(({ delayMs }) => delayMs)).toEqual([0, 900, 1800])
  })

  test.each<[string, Outcome]>([
    ['a hold', rejected(429)],
    ['a back-off', rejected(503)],
  ])('drain ends %s at once, and keeps the try as not final', async (_what, outcome) => {
    const clock = createFakeClock()
    const drain = new AbortController()
    const candidate = scripted(clock, [{ outcome, advice: { afterMs: 60_000 } }])
    const arms = { production: quick(clock), candidate: armOf(candidate.send, clock, { concurrency: 1 }) }
    const driving = driveAll(unitsOf(3, { trials: 1 }), arms, clock, { drain: drain.signal })
    await clock.advance(100)
    drain.abort()
    const { attempts, isComplete } = await driving
    expect(isComplete).toBe(false)
    expect(attempts.filter(({ arm }) => arm === 'candidate').map(({ isFinal }) => isFinal)).toEqual([false])
    expect(candidate.sentAt).toHaveLength(1)
  })

  test('reads no further in the plan than its window', async () => {
    const clock = createFakeClock()
    let read = 0
    const units = async function* () {
      for (const unit of unitsOf(50)) {
        read += 1
        yield await Promise.resolve(unit)
      }
    }
    const slow = scripted(clock, [{ outcome: replyOf(), takesMs: 1000 }])
    const arms = { production: armOf(slow.send, clock), candidate: quick(clock) }
    const driving = driveAll([], arms, clock, { units: units(), window: 5 })
    await clock.advance(500)
    expect(read).toBe(5)
    await clock.advance(60_000)
    expect((await driving).isComplete).toBe(true)
    expect(read).toBe(50)
  })

  test('a plan of nothing is complete', async () => {
    const clock = createFakeClock()
    const arms = { production: quick(clock), candidate: quick(clock) }
    expect(await driveAll([], arms, clock)).toMatchObject({ isComplete: true, trip: null, attempts: [] })
  })

  test.each<[string, 'sink' | 'plan' | 'sender']>([
    ['a sink that fails', 'sink'],
    ['a plan that cannot be read on', 'plan'],
    ['a sender that breaks its promise', 'sender'],
  ])('%s is thrown once all that runs has ended, and never as an unhandled rejection', async (_what, where) => {
    const unhandled: unknown[] = []
    const onUnhandled = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', onUnhandled)
    const clock = createFakeClock()
    let running = 0
    const reply = scripted(clock, [{ outcome: replyOf(), takesMs: 100 }])
    const send: DrivenArm['send'] = async (wire) => {
      if (where === 'sender') throw new Error('bug')
      running += 1
      const exchange = await reply.send(wire)
      running -= 1
      return exchange
    }
    const units = async function* () {
      yield* unitsOf(3)
      // Long enough that what fails, fails while nobody waits for it.
      await clock.sleep(500)
      if (where === 'plan') throw new Error('bug')
    }
    const onAttempt = () => {
      if (where === 'sink') throw new Error('bug')
    }
    const driving = driveAll([], { production: armOf(send, clock), candidate: quick(clock) }, clock, {
      units: units(),
      onAttempt,
    })
    const thrown = expect(driving).rejects.toThrow('bug')
    await clock.advance(10_000)
    await thrown
    process.off('unhandledRejection', onUnhandled)
    expect(running).toBe(0)
    expect(unhandled).toEqual([])
  })
})
