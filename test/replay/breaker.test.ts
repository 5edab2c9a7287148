// When a replay is better stopped.

import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/core/types.ts'
import { createBreaker } from '../../src/replay/breaker.ts'
import { attemptOf } from '../support/nouns.ts'

const rejected = (status: number): Outcome => ({ kind: 'rejected', status, code: null, detail: 'no' })
const broken = (detail: string): Outcome => ({ kind: 'broken', detail })
const reply: Outcome = {
  kind: 'reply',
  reply: { text: '', toolCalls: [], stop: 'end', usage: null, servedModel: null },
}

/** After how many of these in a row the breaker trips, looking at 100 of them; null where it never does. */
function tripsAfter(outcome: Outcome): readonly [number, string] | null {
  const breaker = createBreaker(() => {})
  for (let calls = 1; calls <= 100; calls++) {
    const trip = breaker.see(attemptOf('r', { outcome: outcome }))
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
    ['a late first token is the model', { kind: 'timeout', phase: 'first-token' }, null],
    ['nothing but 500', rejected(500), [25, 'unreachable']],
    ['nothing but 400', rejected(400), [25, 'unreachable']],
    ['a model that is not there', rejected(404), [25, 'unreachable']],
    ['pages of another server', broken('not an answer of openai-chat: "<html>"'), [25, 'unreachable']],
    ['replies', reply, null],
  ])('%s', (_why, outcome, expected) => {
    expect(tripsAfter(outcome)).toEqual(expected)
  })

  test.each<[string, Outcome]>([
    ['a reply', reply],
    ['a rejection that speaks of the request', rejected(400)],
    ['a slow answer', { kind: 'timeout', phase: 'total' }],
  ])('%s in between begins the count anew', (_why, other) => {
    const breaker = createBreaker(() => {})
    breaker.see(attemptOf('r', { outcome: reply }))
    for (let calls = 0; calls < 24; calls++) expect(breaker.see(attemptOf('r', { outcome: rejected(503) }))).toBeNull()
    expect(breaker.see(attemptOf('r', { outcome: other }))).toBeNull()
    for (let calls = 0; calls < 24; calls++) expect(breaker.see(attemptOf('r', { outcome: rejected(429) }))).toBeNull()
    expect(breaker.see(attemptOf('r', { outcome: broken('ECONNREFUSED') }))).toEqual({
      kind: 'unreachable',
      detail: '25 calls in a row ended in ECONNREFUSED',
    })
  })

  test.each<[string, Outcome]>([
    ['500', rejected(500)],
    ['400', rejected(400)],
    ['an unreadable answer', broken('not an answer of openai-chat: ""')],
  ])('%s is a measurement of an arm that has answered', (_why, outcome) => {
    const breaker = createBreaker(() => {})
    breaker.see(attemptOf('r', { outcome: reply }))
    for (let calls = 0; calls < 100; calls++) expect(breaker.see(attemptOf('r', { outcome }))).toBeNull()
  })

  test('a refused key carries what the target said', () => {
    expect(createBreaker(() => {}).see(attemptOf('r', { outcome: rejected(401) }))).toEqual({
      kind: 'key-refused',
      status: 401,
      detail: 'no',
    })
  })

  test('who asks again and again for a longer wait than is waited is left alone, unless it answers in between', () => {
    const breaker = createBreaker(() => {})
    const see = (outcome: Outcome, unwaitedMs: number | null) => breaker.see(attemptOf('r', { outcome }), unwaitedMs)
    const hours = 3_600_000
    for (let calls = 0; calls < 4; calls++) expect(see(rejected(429), 6 * hours)).toBeNull()
    expect(see(reply, null)).toBeNull()
    for (let calls = 0; calls < 4; calls++) expect(see(rejected(429), 6 * hours)).toBeNull()
    expect(see(rejected(503), null)).toBeNull()
    expect(see(rejected(503), 5 * hours)).toEqual({ kind: 'left-alone', waitMs: 5 * hours, detail: 'HTTP 503' })
  })

  test('an arm that has answered may forbid a prompt: a measurement', () => {
    const { kept, breaker } = watched()
    breaker.see(attemptOf('r', { outcome: reply }))
    expect(breaker.see(attemptOf('r', { outcome: rejected(403) }))).toBeNull()
    expect(kept).toEqual(['reply', 'rejected'])
  })

  test('an outage that stops the run leaves nothing behind: the next run asks anew', () => {
    const { kept, breaker } = watched()
    for (let calls = 0; calls < 25; calls++) breaker.see(attemptOf('r', { outcome: broken('ECONNREFUSED') }))
    breaker.settle()
    expect(kept).toEqual([])
  })

  test('an outage that ended did happen', () => {
    const { kept, breaker } = watched()
    for (const outcome of [rejected(503), rejected(429), reply]) breaker.see(attemptOf('r', { outcome: outcome }))
    expect(kept).toEqual(['rejected', 'rejected', 'reply'])
  })

  test('what is held back at the end of the plan did happen', () => {
    const { kept, breaker } = watched()
    breaker.see(attemptOf('r', { outcome: rejected(503) }))
    expect(kept).toEqual([])
    breaker.settle()
    expect(kept).toEqual(['rejected'])
  })
})

function watched() {
  const kept: string[] = []
  return { kept, breaker: createBreaker((attempt) => kept.push(attempt.outcome.kind)) }
}
