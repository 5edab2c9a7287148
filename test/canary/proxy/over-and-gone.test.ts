// Of a request that is over nothing stays until a full collection: what does makes all the short ones between long, and users wait for them.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createArmTargets } from '../../../src/canary/proxy/arm-targets.ts'
import type { ArmConnections } from '../../../src/canary/proxy/forward.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void

const answering: ArmConnections = {
  send: (_, sink) => {
    sink.start(200, {})
    sink.end()
    return { resume: () => {}, leave: () => {} }
  },
  close: async () => {},
  destroy: async () => {},
}

it('keeps nothing of a request through short collections', () => {
  const targets = createArmTargets({
    targets: [{ name: 'one', weight: 1, connections: answering }],
    mostInFlight: 10,
    waiting: { most: 1, waitMs: 1 },
    breaker: { failures: 5, openMs: 1000 },
    isFailure: () => false,
    totalMs: 1000,
    onChange: () => {},
    clock: { now: () => 0, elapsed: () => 0, sleep: async () => {} },
  })
  const [requests, numbersEach] = [500, 5000]
  const ask = (nth: number) => {
    const held = Array.from({ length: numbersEach }, () => nth)
    const request = { method: 'POST', path: '/', headers: {}, body: null }
    const sink = { start: () => {}, data: () => true, end: () => held.length, fail: () => {} }
    targets.send({ leaning: 'any', isRepeatable: true, requestTo: () => request }, sink)
    // What lives through two of them is old.
    if (nth % 10 === 0) for (let time = 0; time < 2; time++) collect({ type: 'minor' })
  }
  for (let nth = 0; nth < 100; nth++) ask(nth)
  const before = process.memoryUsage().heapUsed
  for (let nth = 0; nth < requests; nth++) ask(nth)
  const grown = process.memoryUsage().heapUsed - before
  expect(grown).toBeLessThan((requests * numbersEach * 8) / 4)
})
