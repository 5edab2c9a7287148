// The engine in its thread, against real servers: fed a few requests ahead, drained, left, and honest about what went wrong.

import { describe, expect, test } from 'vitest'
import type { Attempt } from '../../src/core/types.ts'
import type { EngineOrder } from '../../src/replay/orders.ts'
import { callKey, type Unit } from '../../src/replay/plan.ts'
import { startEngine } from '../../src/replay/thread.ts'
import { never, patient, unitsOf } from '../support/driving.ts'
import { targetOf } from '../support/sender.ts'
import { type Answer, completion, sendJson, startTarget } from '../support/target.ts'

const reply: Answer = ({ body }, response) => sendJson(response, 200, completion(body.messages[0]?.content ?? ''))

async function startOrder(answer: Answer, concurrency = 4) {
  const target = await startTarget(answer)
  const arm = { target: targetOf(target.url, { concurrency }), key: 'k-of-a-test', headers: { 'x-test': 'yes' } }
  const order: EngineOrder = {
    arms: {
      production: { ...arm, target: { ...arm.target, arm: 'production' } },
      candidate: { ...arm, target: { ...arm.target, arm: 'candidate' } },
    },
    retry: patient,
    keepFree: 0,
    isAdaptive: true,
    isOpenLoop: false,
    seed: 1,
    budget: { maxUsd: null, spentUsd: 0 },
    userAgent: 'shadowgate/test',
  }
  return { target, order }
}

async function* read(units: readonly Unit[], onRead = () => {}): AsyncIterable<Unit> {
  for (const unit of units) {
    onRead()
    yield await Promise.resolve(unit)
  }
}

function gathering() {
  const attempts: Attempt[] = []
  const ended: number[] = []
  return {
    attempts,
    ended,
    onAttempts: (some: readonly Attempt[]) => void attempts.push(...some),
    onEnded: (some: readonly number[]) => void ended.push(...some),
  }
}

const common = { warmUp: [], drain: never, leave: never }

describe('startEngine', () => {
  test('asks everything once, with key and headers, and tells which records have ended', async () => {
    const { target, order } = await startOrder(reply)
    const got = gathering()
    const units = unitsOf(100)
    const engine = startEngine({ ...common, ...got, order, units: read(units) })
    expect(await engine.over).toEqual({ isComplete: true, trip: null, isAtLimit: false })
    expect(new Set(got.attempts.map(callKey)).size).toBe(400)
    expect(got.ended.toSorted((a, b) => a - b)).toEqual(units.map(({ ordinal }) => ordinal))
    expect(target.requests).toHaveLength(400)
    expect(target.requests[0]?.headers).toMatchObject({ authorization: 'Bearer k-of-a-test', 'x-test': 'yes' })
  })

  test('reads no further ahead than it needs', async () => {
    let ahead = 0
    const held: (() => void)[] = []
    const { order } = await startOrder((request, response) => void held.push(() => reply(request, response)))
    const drain = new AbortController()
    const engine = startEngine({
      ...common,
      ...gathering(),
      order,
      units: read(unitsOf(5000, { trials: 1 }), () => (ahead += 1)),
      drain: drain.signal,
    })
    while (held.length < 8) await new Promise((resolve) => setTimeout(resolve, 10))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(ahead).toBeLessThan(400)
    drain.abort()
    for (const release of held) release()
    expect(await engine.over).toMatchObject({ isComplete: false, trip: null })
  })

  test('what is left is broken off and not told', async () => {
    const leave = new AbortController()
    const { order } = await startOrder(({ number }) => {
      if (number === 8) leave.abort()
    })
    const got = gathering()
    const engine = startEngine({ ...common, ...got, order, units: read(unitsOf(50)), leave: leave.signal })
    expect(await engine.over).toMatchObject({ isComplete: false })
    expect(got.attempts).toEqual([])
  })

  test('a sink that fails is thrown once the thread has ended', async () => {
    const { order } = await startOrder(reply)
    const engine = startEngine({
      ...common,
      order,
      units: read(unitsOf(50)),
      onAttempts: () => {
        throw new Error('the sink broke')
      },
    })
    await expect(engine.over).rejects.toThrow('the sink broke')
  })

  test('a plan that cannot be read on is thrown, and what ran has ended', async () => {
    const { order } = await startOrder(reply)
    const got = gathering()
    const units = async function* () {
      yield* unitsOf(40)
      throw new Error('the plan broke')
    }
    await expect(startEngine({ ...common, ...got, order, units: units() }).over).rejects.toThrow('the plan broke')
  })

  test('credentials in an answer do not pass', async () => {
    const { order } = await startOrder((_request, response) =>
      sendJson(response, 200, completion('use sk-proj-abcdefghijklmnop1234 for it')),
    )
    const got = gathering()
    await startEngine({ ...common, ...got, order, units: read(unitsOf(5)) }).over
    expect(JSON.stringify(got.attempts)).not.toContain('abcdefghijklmnop1234')
    expect(got.attempts[0]?.outcome).toMatchObject({ reply: { text: 'use [secret] for it' } })
  })

  test('warm-up comes first, and nothing of it is told', async () => {
    const { target, order } = await startOrder(reply)
    const got = gathering()
    const [warm] = unitsOf(1, { trials: 1 })
    if (!warm) throw new Error('no unit')
    const engine = startEngine({ ...common, ...got, order, units: read(unitsOf(3)), warmUp: [warm] })
    await engine.over
    expect(got.attempts).toHaveLength(12)
    expect(target.requests).toHaveLength(14)
  })

  test('pause and resize are heard, and told', async () => {
    const { target, order } = await startOrder((request, response) => {
      setTimeout(() => reply(request, response), 20)
    }, 2)
    const states: boolean[] = []
    const got = gathering()
    const engine = startEngine({
      ...common,
      ...got,
      order,
      units: read(unitsOf(30)),
      onState: ({ isPaused }) => {
        if (isPaused && states.at(-1) !== true) {
          engine.command({ kind: 'resize', arm: 'candidate', concurrency: 9 })
          engine.command({ kind: 'resume' })
        }
        if (states.at(-1) !== isPaused) states.push(isPaused)
      },
    })
    engine.command({ kind: 'pause' })
    expect(await engine.over).toMatchObject({ isComplete: true })
    expect(states).toContain(true)
    expect(states.at(-1)).toBe(false)
    expect(target.requests).toHaveLength(120)
  })
})
