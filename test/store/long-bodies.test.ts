// Bodies that are much together, or each of them long: what a query holds of them at once stays within the store's memory.

import { describe, expect, test } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import type { JsonObject } from '../../src/core/types.ts'
import { recordOf, runOf } from '../support/nouns.ts'
import { openedStore } from '../support/stores.ts'

const say = (content: string): JsonObject => ({ model: 'm', messages: [{ role: 'user', content }] })

describe('records', () => {
  test('are planned in the memory that the store has, however much their bodies are together', {
    timeout: 120_000,
  }, async () => {
    const store = await openedStore()
    const count = 10_000
    const ids = Array.from({ length: count }, (_, index) => `r${(index * 7) % count}`)
    for (let from = 0; from < count; from += 100) {
      const some = ids.slice(from, from + 100).map((id) => recordOf(id, { body: say(id.padEnd(20_000, `${id} `)) }))
      await store.addRecords(some)
    }
    const order = ids.toSorted()
    const planned = order.map((recordId, ordinal) => ({ recordId, ordinal, trials: 1 }))
    await store.createRun({ run: runOf('run'), status: 'planned', fingerprint: 'f' }, planned)
    let place = 0
    for await (const { recordId, ordinal, body } of store.plannedRequests('run')) {
      expect(ordinal).toBe(place)
      expect(recordId).toBe(order[place++])
      expect(body.length).toBeGreaterThan(20_000)
    }
    expect(place).toBe(count)
  })

  test('may be long: thousands of a hundred thousand characters are counted, planned and read', {
    timeout: 120_000,
  }, async () => {
    const store = await openedStore()
    const count = 2500
    const random = seededBy(1, 'long bodies')
    // Nothing that a disk could make smaller.
    const noise = Array.from({ length: 100_000 }, () => String.fromCharCode(33 + random.below(90))).join('')
    const ids = Array.from({ length: count }, (_, index) => `r${index}`)
    for (let from = 0; from < count; from += 100) {
      const some = ids.slice(from, from + 100)
      const turned = (id: string) =>
        noise.slice(from + Number(id.slice(1))) + noise.slice(0, from + Number(id.slice(1)))
      await store.addRecords(some.map((id) => recordOf(id, { body: say(turned(id)) })))
    }
    await store.createRun(
      { run: runOf('run'), status: 'planned', fingerprint: 'f' },
      ids.map((recordId, ordinal) => ({ recordId, ordinal, trials: 1 })),
    )
    expect((await store.factsOfRequests(ids)).bodyChars).toBeGreaterThan(count * 100_000)
    let read = 0
    for await (const { body } of store.plannedRequests('run')) read += body.length
    expect(read).toBeGreaterThan(count * 100_000)
  })
})
