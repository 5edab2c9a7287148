// When a replay is better stopped.

import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/core/types.ts'
import { createBreaker } from '../../src/replay/breaker.ts'

const rejected = (status: number): Outcome => ({ kind: 'rejected', status, code: null, detail: 'no' })
const broken = (detail: string): Outcome => ({ kind: 'broken', detail })
const reply: Outcome = {
  kind: 'reply',
  reply: { text: '', toolCalls: [], stop: 'end', usage: null, servedModel: null },
}

/** After how many of these in a row the breaker trips, looking at 100 of them; null where it never does. */
function tripsAfter(outcome: Outcome): readonly [number, string] | null {
  const breaker = createBreaker()
  for (let calls = 1; calls <= 100; calls++) {
    const trip = breaker.see(outcome)
    if (trip) return [calls, trip.kind]
  }
  return null
}

describe('createBreaker', () => {
  test.each<[string, Outcome, readonly [number, string] | null]>([
    ['a refused key', rejected(401), [1, 'key-refused']],
    ['a forbidden key', rejected(403), [1, 'key-refused']],
    ['rate limits without end', rejected(429), [25, 'unreachable']],
    ['a bad gateway', rejected(502), [25, 'unreachable']],
    ['an unavailable service', rejected(503), [25, 'unreachable']],
    ['a gateway that waits in vain', rejected(504), [25, 'unreachable']],
    ['a refused connection', broken('ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:9'), [25, 'unreachable']],
    ['a name that is not found', broken('ENOTFOUND: getaddrinfo ENOTFOUND nowhere'), [25, 'unreachable']],
    ['a connection reset', broken('ECONNRESET: read ECONNRESET'), [25, 'unreachable']],
    ['a connection closed', broken('UND_ERR_SOCKET: other side closed'), [25, 'unreachable']],
    ['no connection in time', { kind: 'timeout', phase: 'connect' }, [25, 'unreachable']],
    ['slow answers are the model', { kind: 'timeout', phase: 'total' }, null],
    ['late headers are the model', { kind: 'timeout', phase: 'headers' }, null],
    ['500 is a measurement', rejected(500), null],
    ['400 is a measurement', rejected(400), null],
    ['an unreadable answer is a measurement', broken('not an answer of openai-chat: ""'), null],
    ['replies', reply, null],
  ])('%s', (_why, outcome, expected) => {
    expect(tripsAfter(outcome)).toEqual(expected)
  })

  test.each<[string, Outcome]>([
    ['a reply', reply],
    ['a rejection that speaks of the request', rejected(400)],
    ['a slow answer', { kind: 'timeout', phase: 'total' }],
  ])('%s in between begins the count anew', (_why, other) => {
    const breaker = createBreaker()
    for (let calls = 0; calls < 24; calls++) expect(breaker.see(rejected(503))).toBeNull()
    expect(breaker.see(other)).toBeNull()
    for (let calls = 0; calls < 24; calls++) expect(breaker.see(rejected(429))).toBeNull()
    expect(breaker.see(broken('ECONNREFUSED'))).toEqual({
      kind: 'unreachable',
      detail: 'ECONNREFUSED, 25 calls in a row',
    })
  })

  test('a refused key carries what the target said', () => {
    expect(createBreaker().see(rejected(401))).toEqual({ kind: 'key-refused', status: 401, detail: 'no' })
  })
})
