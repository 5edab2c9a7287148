// The batch lane as a whole, over days, kills and a provider's moods, on a clock that does not wait.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../../src/core/fault.ts'
import { HttpTrouble } from '../../../src/replay/batch/batch-api.ts'
import { callKey } from '../../../src/replay/plan.ts'
import {
  answered,
  createMemory,
  createProvider,
  expired,
  type Memory,
  type Process,
  runProcess,
} from '../../support/batch-lanes.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

/** Runs a process while time goes by, hours at most. */
async function run(parts: Partial<Process> & Pick<Process, 'provider'>, hours = 48) {
  const clock = parts.clock ?? createFakeClock()
  const memory = parts.memory ?? createMemory()
  const ending = runProcess({ clock, memory, ...parts }).then(
    (result) => ({ ...result, error: null }),
    (error: unknown) => ({ isComplete: false, said: [] as string[], lanes: [], error }),
  )
  const state = { isOver: false }
  void ending.then(() => (state.isOver = true))
  for (let minutes = 0; minutes < hours * 60 && !state.isOver; minutes++) await clock.advance(60_000)
  return { ...(await ending), clock, memory }
}

/** Ten records, two trials, two arms. */
function expectAllOnce({ attempts }: Memory, records = 10): void {
  const keys = attempts.map(callKey)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys).toHaveLength(records * 4)
}

describe('a run', () => {
  it('hands over each arm’s calls, as many in a batch as may be, and brings them home without times', async () => {
    const provider = createProvider({ requests: 8, bytes: 1_000_000 })
    provider.onPoll = ({ polls }) => (polls < 3 ? 'pending' : null)
    const { isComplete, memory, lanes } = await run({ provider })
    expect(isComplete).toBe(true)
    expectAllOnce(memory)
    expect(provider.held.map(({ customIds }) => customIds.length)).toEqual([8, 8, 8, 8, 4, 4])
    expect(lanes.map((lane) => lane.answered)).toEqual([20, 20])
    for (const { timing, dueAt, sentAt, tries, round, isFinal } of memory.attempts) {
      expect(timing).toEqual({ headersMs: null, firstTokenMs: null, totalMs: null })
      expect({ tries, round, isFinal, isDue: dueAt === sentAt }).toEqual({
        tries: 0,
        round: 0,
        isFinal: true,
        isDue: true,
      })
    }
  })

  it('counts an answer once, told by the provider or stored', async () => {
    const provider = createProvider()
    const counts: number[] = []
    let look = () => {}
    provider.onPoll = ({ polls }) => {
      look()
      return polls < 3 ? { kind: 'pending', answered: 10 * polls } : null
    }
    provider.onRequest = () => {
      look()
      return answered
    }
    await run({ provider, onLanes: ([lane]) => (look = () => void counts.push(lane?.answered ?? 0)) })
    look()
    expect(Math.max(...counts)).toBe(20)
    expect(counts.slice(0, 6)).toEqual([0, 10, 10, 20, 20, 0])
    expect(counts.at(-1)).toBe(20)
  })

  it('puts what expired into another batch, until the retries are used up', async () => {
    const provider = createProvider()
    provider.onRequest = (customId) => (customId.includes('_r3_p') ? expired : answered)
    const { memory, said } = await run({ provider, retries: 2 })
    expectAllOnce(memory)
    expect(provider.held.map(({ customIds }) => customIds.length)).toEqual([20, 20, 2, 2])
    const broken = memory.attempts.filter(({ outcome }) => outcome.kind === 'broken')
    expect(broken.map(({ recordId, arm }) => `${recordId} ${arm}`)).toEqual(['r3 production', 'r3 production'])
    expect(said[0]).toBe("batch    of the production's batch b1, 2 asked again: expired ×2")
  })

  it('counts tries over processes', async () => {
    const provider = createProvider()
    const memory = createMemory()
    provider.onRequest = (customId) => (customId.includes('_r3_p') ? expired : answered)
    for (let days = 0; days < 3; days++) {
      const stop = new AbortController()
      provider.onPoll = ({ polls, id }) => {
        if (id === `b${days + 3}`) stop.abort()
        return polls < 2 ? 'pending' : null
      }
      await run({ provider, memory, retries: 2, drain: stop.signal })
    }
    await run({ provider, memory, retries: 2 })
    expectAllOnce(memory)
    expect(provider.held).toHaveLength(4)
  })
})

describe('a provider in trouble', () => {
  const down = new HttpTrouble(503, 'down')
  it('is borne for half an hour', async () => {
    const provider = createProvider()
    const clock = createFakeClock()
    const looks: number[] = []
    provider.onPoll = ({ id }) => {
      if (id === 'b1') looks.push(clock.elapsed() / 60_000)
      return clock.elapsed() < 30 * 60_000 ? down : null
    }
    const { isComplete, memory } = await run({ provider, clock })
    expect(looks.map(Math.round), 'with longer and longer pauses').toEqual([0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 17, 26, 36])
    expect(isComplete).toBe(true)
    expectAllOnce(memory)
  })
  it('is borne for days, as long as it answers now and then', async () => {
    const provider = createProvider()
    const clock = createFakeClock()
    const hour = () => clock.elapsed() / 3_600_000
    provider.onPoll = () => (hour() > 30 ? null : hour() % 1 < 0.3 ? 'pending' : down)
    const { isComplete, memory } = await run({ provider, clock })
    expect(isComplete).toBe(true)
    expectAllOnce(memory)
  })
  it('is given up after an hour, and the next process finds its batches', async () => {
    const provider = createProvider()
    provider.onPoll = () => down
    const { error, memory, clock } = await run({ provider })
    expect(error).toBeInstanceOf(Fault)
    expect(error).toMatchObject({ code: 'TARGET_UNREACHABLE', message: expect.stringContaining('HTTP 503') })
    provider.onPoll = () => null
    await run({ provider, memory, clock })
    expectAllOnce(memory)
    expect(provider.held).toHaveLength(2)
  })
  it('may lose a batch for good: after an hour its requests go into another one', async () => {
    const provider = createProvider()
    provider.onPoll = ({ id }) => (id === 'b1' ? new HttpTrouble(404, 'no such batch') : null)
    const { isComplete, memory, said } = await run({ provider })
    expect(isComplete).toBe(true)
    expectAllOnce(memory)
    expect(provider.held).toHaveLength(3)
    expect(said[0]).toContain('b1 is gone at the provider')
    expect(memory.batches.get(1)).toMatchObject({ status: 'dropped', detail: 'gone at the provider: no such batch' })
  })
  it('that fails to answer a submission is asked whether it heard it', async () => {
    const provider = createProvider()
    let isFirst = true
    provider.afterCreate = () => {
      if (isFirst) {
        isFirst = false
        throw new HttpTrouble(null, 'reset')
      }
    }
    const { memory } = await run({ provider })
    expectAllOnce(memory)
    expect(provider.held).toHaveLength(2)
  })
  it('that refuses a submission ends the run; what it has goes on', async () => {
    const provider = createProvider()
    provider.beforeCreate = (arm) => {
      if (arm === 'candidate') throw new HttpTrouble(400, 'no such model')
    }
    const { error, memory, clock } = await run({ provider })
    expect(error).toMatchObject({
      code: 'TARGET_UNREACHABLE',
      message: "the candidate's batch API refuses (HTTP 400): no such model",
    })
    expect([...memory.batches.values()].map(({ status }) => status)).toEqual(['pending', 'failed'])
    provider.beforeCreate = () => {}
    await run({ provider, memory, clock })
    expectAllOnce(memory)
    expect(provider.held).toHaveLength(2)
  })
  it('without room gets half, one at a time; without room for one, the run ends', async () => {
    const full = { kind: 'failed', isFull: true, detail: 'Enqueued token limit reached' } as const
    const provider = createProvider()
    let [most, atOnce] = [0, 0]
    provider.onPoll = (batch) => {
      const open = provider.held.filter(
        (each) => each.arm === batch.arm && each.polls < 3 && each.customIds.length <= 6,
      )
      if (batch.customIds.length > 6) return full
      most = Math.max(most, batch.customIds.length)
      atOnce = Math.max(atOnce, open.length)
      return batch.polls < 3 ? 'pending' : null
    }
    const { isComplete, memory } = await run({ provider })
    expect(isComplete).toBe(true)
    expectAllOnce(memory)
    expect({ most, atOnce }).toEqual({ most: 5, atOnce: 1 })
    const hopeless = createProvider()
    hopeless.onPoll = () => full
    expect((await run({ provider: hopeless })).error).toMatchObject({ code: 'TARGET_UNREACHABLE' })
  })
})

it('whatever a provider does and whenever the process is killed: each call once, no batch twice, retries kept', async () => {
  const moods = fc.record({
    seed: fc.nat(),
    limit: fc.integer({ min: 1, max: 25 }),
    kills: fc.array(fc.nat(40), { maxLength: 4 }),
    retries: fc.nat(2),
  })
  await fc.assert(
    fc.asyncProperty(moods, async ({ seed, limit, kills, retries }) => {
      const provider = createProvider({ requests: limit, bytes: 1_000_000 })
      const memory = createMemory()
      const clock = createFakeClock()
      const chance = (name: string, below: number) => hash(`${seed} ${name}`) % 100 < below
      let countdown = Infinity
      const step = () => {
        countdown -= 1
        if (countdown < 0) throw new Killed()
      }
      provider.onRequest = (customId, { id, polls }) => {
        step()
        if (chance(`${id} ${polls} ${customId} cut`, 5)) throw new HttpTrouble(null, 'cut')
        if (chance(`${id} ${customId} missing`, 10)) return null
        return chance(`${id} ${customId} expired`, 20) ? expired : answered
      }
      provider.onPoll = ({ id, polls }) => {
        step()
        if (chance(`${id} ${polls} trouble`, 15))
          return new HttpTrouble(chance(`${id} ${polls}`, 50) ? 404 : 500, 'for now')
        return chance(`${id} ${polls} pending`, 40) ? 'pending' : null
      }
      provider.beforeCreate = step
      provider.afterCreate = (batch) => {
        step()
        if (chance(`${batch.id} unheard`, 15)) throw new HttpTrouble(null, 'reset')
      }
      for (const kill of [...kills, Infinity]) {
        countdown = kill
        const { error } = await run({ provider, memory, clock, records: 5, retries })
        if (error && !(error instanceof Killed)) throw error
      }
      expectAllOnce(memory, 5)
      const holders = new Map<string, number>()
      for (const { customIds } of provider.held) for (const id of customIds) holders.set(id, (holders.get(id) ?? 0) + 1)
      expect(Math.max(...holders.values())).toBeLessThanOrEqual(1 + retries)
      expect(
        [...memory.batches.values()].filter(({ status }) => status === 'pending' || status === 'submitting'),
      ).toEqual([])
    }),
    { numRuns: 60 },
  )
})

class Killed extends Error {}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193) >>> 0
  return value
}
