// The engine on a clock that stands still: waits, holds, and bugs that must not be lost.

import { describe, expect, test } from 'vitest'
import type { Attempt, Outcome } from '../../src/core/types.ts'
import type { DrivenArm } from '../../src/replay/drive.ts'
import type { Exchange } from '../../src/replay/exchange.ts'
import type { RetryAdvice } from '../../src/replay/retry.ts'
import { armOf, driveAll, unitsOf } from '../support/driving.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { replyOf } from '../support/nouns.ts'

const rejected = (status: number): Outcome => ({ kind: 'rejected', status, code: null, detail: 'no' })
const noAdvice: RetryAdvice = { afterMs: null, should: null }

interface Scripted {
  readonly outcome: Outcome
  readonly takesMs?: number
  readonly advice?: Partial<RetryAdvice>
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
      sawBytes: true,
    }
  }
  return { send, sentAt }
}

const since = (clock: FakeClock, start: number, attempts: readonly Attempt[]) =>
  attempts.map(({ tries, dueAt, sentAt }) => [tries, Date.parse(dueAt) - start, Date.parse(sentAt) - start])

const quick = (clock: FakeClock) => armOf(scripted(clock, [{ outcome: replyOf() }]).send, clock)

describe('drive', () => {
  test('a 429 holds the whole lane, and the delay is visible', async () => {
    const clock = createFakeClock()
    const start = clock.now()
    const candidate = scripted(clock, [{ outcome: rejected(429), advice: { afterMs: 1000 } }, { outcome: replyOf() }])
    const arms = { production: quick(clock), candidate: armOf(candidate.send, clock, { concurrency: 2 }) }
    const driving = driveAll(unitsOf(4), arms, clock, { window: 1 })
    await clock.advance(10)
    await clock.advance(999)
    expect(candidate.sentAt).toEqual([0])
    await clock.advance(5000)
    const { attempts } = await driving
    expect(candidate.sentAt).toEqual([0, 1010, 1020, 1030, 1040])
    expect(
      since(
        clock,
        start,
        attempts.filter(({ arm }) => arm === 'candidate'),
      ).slice(0, 3),
    ).toEqual([
      [0, 0, 0],
      [1, 1010, 1010],
      [0, 1020, 1020],
    ])
  })

  test('a call that finds the lane held was due when its place was free', async () => {
    const clock = createFakeClock()
    const start = clock.now()
    const candidate = scripted(clock, [
      { outcome: rejected(429), advice: { afterMs: 500 } },
      { outcome: replyOf(), takesMs: 200 },
      { outcome: replyOf() },
    ])
    const arms = { production: quick(clock), candidate: armOf(candidate.send, clock, { concurrency: 2 }) }
    const driving = driveAll(unitsOf(3), arms, clock)
    await clock.advance(5000)
    const { attempts } = await driving
    // The third record gets its place at 200 and passes the hold at 510.
    expect(candidate.sentAt).toEqual([0, 0, 510, 510])
    const third = attempts.filter(({ arm, recordId }) => arm === 'candidate' && recordId === 'r2')
    expect(since(clock, start, third)).toEqual([[0, 200, 510]])
  })

  test('the wait after a 503 is for the one call alone, and its next try was due after it', async () => {
    const clock = createFakeClock()
    const start = clock.now()
    const candidate = scripted(clock, [{ outcome: rejected(503), advice: { afterMs: 300 } }, { outcome: replyOf() }])
    const arms = { production: quick(clock), candidate: armOf(candidate.send, clock, { concurrency: 2 }) }
    const driving = driveAll(unitsOf(3), arms, clock)
    await clock.advance(5000)
    const { attempts } = await driving
    expect(candidate.sentAt).toEqual([0, 0, 10, 310])
    const retried = attempts.filter(({ arm, tries }) => arm === 'candidate' && tries === 1)
    expect(since(clock, start, retried)).toEqual([[1, 310, 310]])
  })

  test.each<[string, Outcome]>([
    ['a hold', rejected(429)],
    ['a back-off', rejected(503)],
  ])('drain ends %s at once, and keeps the try as not final', async (_what, outcome) => {
    const clock = createFakeClock()
    const drain = new AbortController()
    const candidate = scripted(clock, [{ outcome, advice: { afterMs: 60_000 } }])
    const arms = { production: quick(clock), candidate: armOf(candidate.send, clock, { concurrency: 1 }) }
    const driving = driveAll(unitsOf(3), arms, clock, { drain: drain.signal })
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
    const send: DrivenArm['send'] = async (body, options) => {
      if (where === 'sender') throw new Error('bug')
      running += 1
      const exchange = await reply.send(body, options)
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
