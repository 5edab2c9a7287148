// The engine against real servers: every call ends once, and every reason to stop stops.

import { describe, expect, test } from 'vitest'
import { callKey } from '../../src/replay/plan.ts'
import { realClock } from '../../src/replay/real-clock.ts'
import { armOf, callsOf, driveAll, patient, unitsOf } from '../support/driving.ts'
import { senderTo } from '../support/sender.ts'
import { type Answer, completion, sendJson, startTarget } from '../support/target.ts'

const reply: Answer = ({ body }, response) => sendJson(response, 200, completion(body.messages[0]?.content ?? ''))
const error = { error: { message: 'no', code: 'test' } }

async function startArm(answer: Answer, changes: { concurrency?: number } = {}) {
  const target = await startTarget(answer)
  const sender = senderTo(target.url, { concurrency: changes.concurrency ?? 4 })
  return { target, sender, arm: armOf(sender.post, realClock, changes) }
}

/** Counts how many requests a server holds at a time; each is answered a few turns later. */
function counting(): { readonly answer: Answer; readonly most: () => number } {
  let [now, most] = [0, 0]
  return {
    most: () => most,
    answer: (request, response) => {
      now += 1
      most = Math.max(most, now)
      setTimeout(() => {
        now -= 1
        reply(request, response)
      }, 5)
    },
  }
}

const keysOf = (units: ReturnType<typeof unitsOf>) => units.flatMap((unit) => callsOf(unit).map(callKey)).toSorted()

describe('drive', () => {
  test('gives every planned call exactly one final attempt', async () => {
    const production = await startArm(reply)
    const candidate = await startArm(reply)
    const units = unitsOf(30)
    const arms = { production: production.arm, candidate: candidate.arm }
    const driven = await driveAll(units, arms, realClock)
    expect(driven).toMatchObject({ isComplete: true, trip: null })
    expect(driven.finals.toSorted()).toEqual(keysOf(units))
    expect(driven.attempts).toHaveLength(120)
    expect(production.target.requests).toHaveLength(60)
    expect(candidate.target.requests).toHaveLength(60)
    for (const { recordId, outcome, dueAt, sentAt, tries, delayMs } of driven.attempts) {
      expect(delayMs).toBeGreaterThanOrEqual(0)
      expect(outcome).toMatchObject({ kind: 'reply', reply: { text: recordId } })
      expect(tries).toBe(0)
      expect(dueAt <= sentAt).toBe(true)
    }
  })

  test('bounds each arm by its own lane', async () => {
    const [few, many] = [counting(), counting()]
    const production = await startArm(many.answer, { concurrency: 6 })
    const candidate = await startArm(few.answer, { concurrency: 2 })
    const arms = { production: production.arm, candidate: candidate.arm }
    await driveAll(unitsOf(40), arms, realClock, { window: 12 })
    // A pair takes its two places together: the narrower lane sets the pace of both.
    expect(few.most()).toBe(2)
    expect(many.most()).toBeLessThanOrEqual(6)
    expect(many.most()).toBeGreaterThan(1)
  })

  test('429 twice, then an answer: the pair is asked three times, and the last round counts', async () => {
    const limited: Answer = (request, response) =>
      request.number <= 2 ? sendJson(response, 429, error, { 'retry-after-ms': '60' }) : reply(request, response)
    const candidate = await startArm(limited, { concurrency: 1 })
    const production = await startArm(reply, { concurrency: 1 })
    const arms = { production: production.arm, candidate: candidate.arm }
    const { attempts, isComplete } = await driveAll(unitsOf(1, { trials: 1 }), arms, realClock)
    expect(isComplete).toBe(true)
    const told = (arm: string) =>
      attempts
        .filter((each) => each.arm === arm)
        .map(({ round, tries, isFinal, outcome }) => [round, tries, isFinal, outcome.kind])
    expect(told('candidate')).toEqual([
      [0, 0, false, 'rejected'],
      [1, 0, false, 'rejected'],
      [2, 0, true, 'reply'],
    ])
    expect(told('production')).toEqual([
      [0, 0, true, 'reply'],
      [1, 0, true, 'reply'],
      [2, 0, true, 'reply'],
    ])
    // Both arms wait, whichever was refused; clocks are read in whole milliseconds.
    const sent = (arm: string) => attempts.filter((each) => each.arm === arm).map(({ sentAt }) => Date.parse(sentAt))
    for (const round of [1, 2]) {
      for (const arm of ['production', 'candidate']) {
        expect((sent(arm)[round] ?? 0) - (sent('candidate')[round - 1] ?? 0)).toBeGreaterThanOrEqual(58)
      }
    }
  })

  test('both arms of a trial are sent in one go, whichever lane is the busier', async () => {
    let [answered, ahead] = [0, 0]
    const slow: Answer = (request, response) => {
      setTimeout(() => {
        answered += 1
        reply(request, response)
      }, 5)
    }
    const quick: Answer = (request, response) => {
      ahead = Math.max(ahead, request.number - answered)
      reply(request, response)
    }
    const production = await startArm(quick, { concurrency: 8 })
    const candidate = await startArm(slow, { concurrency: 2 })
    const arms = { production: production.arm, candidate: candidate.arm }
    await driveAll(unitsOf(20, { trials: 1 }), arms, realClock, { window: 16 })
    // By itself the quicker lane would have its eight on the way before the slower one has answered two.
    expect(ahead).toBeLessThanOrEqual(2)
  })

  test('the turns of a conversation are sent one after the other, and several conversations side by side', async () => {
    const { answer, most } = counting()
    const production = await startArm(answer, { concurrency: 8 })
    const candidate = await startArm(reply, { concurrency: 8 })
    const units = unitsOf(24, { trials: 1 }).map((unit) => ({ ...unit, conversation: `c-${unit.ordinal % 3}` }))
    const arms = { production: production.arm, candidate: candidate.arm }
    const { attempts } = await driveAll(units, arms, realClock, { window: 16 })
    expect(attempts).toHaveLength(48)
    expect(most()).toBe(3)
    for (const conversation of [0, 1, 2]) {
      const own = attempts.filter(({ ordinal, arm }) => ordinal % 3 === conversation && arm === 'production')
      const sent = own.toSorted((a, b) => a.ordinal - b.ordinal).map(({ sentAt }) => sentAt)
      expect(sent).toEqual(sent.toSorted())
    }
  })

  test.each([
    [401, 'key-refused'],
    [403, 'key-refused'],
  ])('%i stops early: %s', async (status, kind) => {
    const candidate = await startArm((_request, response) => sendJson(response, status, error))
    const production = await startArm(reply)
    const driven = await driveAll(unitsOf(200), { production: production.arm, candidate: candidate.arm }, realClock)
    expect(driven).toMatchObject({
      isComplete: false,
      trip: { arm: 'candidate', trip: { kind, status, detail: 'no' } },
    })
    // What was under way when the first refusal came, and no more: the window.
    expect(candidate.target.requests.length).toBeLessThanOrEqual(8)
  })

  test.each<[string, number, string]>([
    ['429 for ever', 429, '25 calls in a row ended in rate-limited (429)'],
    ['503 for ever', 503, '25 calls in a row ended in HTTP 503'],
  ])('%s stops after a bounded number of calls', async (_why, status, detail) => {
    const candidate = await startArm((_request, response) => sendJson(response, status, error))
    const production = await startArm(reply)
    const arms = { production: production.arm, candidate: candidate.arm }
    const driven = await driveAll(unitsOf(500), arms, realClock, { retry: { ...patient, retries: 0, rounds: 0 } })
    expect(driven).toMatchObject({
      isComplete: false,
      trip: { arm: 'candidate', trip: { kind: 'unreachable', detail } },
    })
    expect(candidate.target.requests.length).toBeLessThanOrEqual(25 + 8)
  })

  test('drain starts nothing new and lets what runs end', async () => {
    const drain = new AbortController()
    const held: (() => void)[] = []
    const candidate = await startArm((request, response) => {
      held.push(() => reply(request, response))
      if (held.length < 4) return
      drain.abort()
      for (const release of held) release()
    })
    const production = await startArm(reply)
    const driven = await driveAll(unitsOf(100), { production: production.arm, candidate: candidate.arm }, realClock, {
      drain: drain.signal,
    })
    expect(driven).toMatchObject({ isComplete: false, trip: null })
    expect(candidate.target.requests).toHaveLength(4)
    const answered = driven.attempts.filter(({ arm }) => arm === 'candidate')
    expect(answered.map(({ outcome, isFinal }) => [outcome.kind, isFinal])).toEqual(
      Array.from({ length: 4 }, () => ['reply', true]),
    )
    // A resume asks for what is left, and for nothing twice.
    const units = unitsOf(100, { done: new Set(driven.finals) })
    const resumed = await driveAll(units, { production: production.arm, candidate: production.arm }, realClock)
    expect([...driven.finals, ...resumed.finals].toSorted()).toEqual(keysOf(unitsOf(100)))
  })

  test('what is cancelled is not stored', async () => {
    const drain = new AbortController()
    const candidate = await startArm((request) => {
      if (request.number < 4) return
      drain.abort()
      candidate.sender.cancel()
    })
    const production = await startArm(reply)
    const arms = { production: production.arm, candidate: candidate.arm }
    const driven = await driveAll(unitsOf(100), arms, realClock, { drain: drain.signal })
    expect(driven).toMatchObject({ isComplete: false, trip: null })
    expect(driven.attempts.every(({ arm, outcome }) => arm === 'production' && outcome.kind === 'reply')).toBe(true)
    expect(candidate.target.requests).toHaveLength(4)
  })

  test('many in flight warns of no leak', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const limited: Answer = (request, response) =>
      request.number % 2 === 0 ? sendJson(response, 503, error, { 'retry-after-ms': '5' }) : reply(request, response)
    const production = await startArm(limited, { concurrency: 40 })
    const candidate = await startArm(limited, { concurrency: 40 })
    const arms = { production: production.arm, candidate: candidate.arm }
    const { isComplete } = await driveAll(unitsOf(60), arms, realClock, {
      window: 80,
      retry: { ...patient, retries: 9 },
    })
    process.off('warning', onWarning)
    expect(isComplete).toBe(true)
    expect(warnings).toEqual([])
  })
})
