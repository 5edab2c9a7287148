// The engine against real servers: every call ends once, and every reason to stop stops.

import { describe, expect, test } from 'vitest'
import { realClock } from '../../src/commands/world.ts'
import { callKey } from '../../src/replay/plan.ts'
import { armOf, driveAll, unitsOf } from '../support/driving.ts'
import { senderTo } from '../support/sender.ts'
import { type Answer, completion, sendJson, startTarget } from '../support/target.ts'

const reply: Answer = ({ body }, response) => sendJson(response, 200, completion(body.messages[0]?.content ?? ''))
const error = { error: { message: 'no', code: 'test' } }

async function startArm(answer: Answer, changes: { concurrency?: number; retries?: number } = {}) {
  const target = await startTarget(answer)
  const sender = senderTo(target.url, { concurrency: changes.concurrency ?? 4 })
  return { target, arm: armOf(sender.send, realClock, changes) }
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

const keysOf = (units: ReturnType<typeof unitsOf>) => units.flatMap(({ calls }) => calls.map(callKey)).toSorted()

describe('drive', () => {
  test('gives every planned call exactly one final attempt', async () => {
    const production = await startArm(reply)
    const candidate = await startArm(reply)
    const units = unitsOf(30)
    const arms = { production: production.arm, candidate: candidate.arm }
    const driven = await driveAll(units, arms, realClock)
    expect(driven).toMatchObject({ isComplete: true, trip: null })
    expect(driven.finals.toSorted()).toEqual(keysOf(units))
    expect(driven.attempts).toHaveLength(90)
    expect(production.target.requests).toHaveLength(60)
    expect(candidate.target.requests).toHaveLength(30)
    for (const { recordId, outcome, dueAt, sentAt, tries } of driven.attempts) {
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
    expect([many.most(), few.most()]).toEqual([6, 2])
  })

  test('429 twice, then an answer: three attempts, the last final, each due after its wait', async () => {
    const limited: Answer = (request, response) =>
      request.number <= 2 ? sendJson(response, 429, error, { 'retry-after-ms': '60' }) : reply(request, response)
    const candidate = await startArm(limited, { concurrency: 1 })
    const production = await startArm(reply)
    const { attempts, isComplete } = await driveAll(
      unitsOf(3),
      { production: production.arm, candidate: candidate.arm },
      realClock,
    )
    expect(isComplete).toBe(true)
    const first = attempts.filter(({ arm }) => arm === 'candidate').slice(0, 3)
    expect(new Set(first.map(({ recordId }) => recordId)).size).toBe(1)
    expect(first.map(({ tries, isFinal, outcome }) => [tries, isFinal, outcome.kind])).toEqual([
      [0, false, 'rejected'],
      [1, false, 'rejected'],
      [2, true, 'reply'],
    ])
    const due = first.map(({ dueAt }) => Date.parse(dueAt))
    const sent = first.map(({ sentAt }) => Date.parse(sentAt))
    for (const retry of [1, 2]) {
      // Both clocks are read in whole milliseconds.
      expect((due[retry] ?? 0) - (sent[retry - 1] ?? 0)).toBeGreaterThanOrEqual(58)
      expect(sent[retry]).toBeGreaterThanOrEqual(due[retry] ?? Infinity)
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
    const candidate = await startArm((_request, response) => sendJson(response, status, error), { retries: 0 })
    const production = await startArm(reply)
    const driven = await driveAll(unitsOf(500), { production: production.arm, candidate: candidate.arm }, realClock)
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
    const units = unitsOf(100, new Set(driven.finals))
    const resumed = await driveAll(units, { production: production.arm, candidate: production.arm }, realClock)
    expect([...driven.finals, ...resumed.finals].toSorted()).toEqual(keysOf(unitsOf(100)))
  })

  test('leave breaks off what runs, and stores nothing of it', async () => {
    const leave = new AbortController()
    const candidate = await startArm((request) => {
      if (request.number === 4) leave.abort()
    })
    const production = await startArm(reply)
    const driven = await driveAll(unitsOf(100), { production: production.arm, candidate: candidate.arm }, realClock, {
      leave: leave.signal,
    })
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
    const production = await startArm(limited, { concurrency: 40, retries: 9 })
    const candidate = await startArm(limited, { concurrency: 40, retries: 9 })
    const arms = { production: production.arm, candidate: candidate.arm }
    const { isComplete } = await driveAll(unitsOf(60), arms, realClock, { window: 80 })
    process.off('warning', onWarning)
    expect(isComplete).toBe(true)
    expect(warnings).toEqual([])
  })
})
