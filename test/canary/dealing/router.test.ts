// Who goes where, and what it counts for.

import { describe, expect, it } from 'vitest'
import { type Routable, type RouterOptions, route } from '../../../src/canary/dealing/router.ts'
import { requestHeaders, responseHeaders } from '../../../src/canary/proxy/headers.ts'
import { createGuards } from '../../../src/canary/ramp/guards.ts'
import { rampOf } from '../../../src/canary/ramp/ramp.ts'
import type { Mode } from '../../../src/core/rollout.ts'

const person = { kind: 'person', name: 'ada' } as const

function openedAt(share: number, mode: Mode = 'canary') {
  const stages = [{ share, minMinutes: 0, minRequests: 0 }]
  const permit = { kind: 'override', because: 'a test' } as const
  return rampOf([{ kind: 'opened', at: '', by: person, mode, fingerprint: 'f', stages, permit }])
}

const rolledBack = { ...openedAt(0.5), phase: 'rolled-back' } as const

const options: RouterOptions = {
  key: [{ header: 'x-user' }],
  salt: 'salt',
  overrideHeader: 'x-shadowgate-arm',
  traceHeader: null,
  model: 'gpt-x',
  chance: () => 0.5,
}

function asked(headers: Routable['headers'] = {}, parts: Partial<Routable> = {}): Routable {
  return { headers, body: null, isAsking: true, model: 'gpt-x', ...parts }
}

describe('a request', () => {
  it.each([
    [
      'everybody at 100 %',
      openedAt(1),
      asked({ 'x-user': 'u' }),
      { arm: 'candidate', group: 'unmatched', reason: 'user' },
    ],
    [
      'beyond half: some of the candidate are left out of the comparison',
      openedAt(0.6),
      asked(),
      { arm: 'candidate', group: 'unmatched', user: null, reason: 'request' },
    ],
    [
      'half and half: the upper ones',
      openedAt(0.5),
      asked(),
      { arm: 'production', group: 'control', reason: 'request' },
    ],
    ['between both edges', openedAt(0.05), asked(), { arm: 'production', group: 'rest' }],
    [
      'a tester',
      openedAt(0.01),
      asked({ 'x-shadowgate-arm': 'candidate' }),
      { arm: 'candidate', group: 'rest', reason: 'override' },
    ],
    [
      'a tester, in shadow',
      openedAt(0.01, 'shadow'),
      asked({ 'x-shadowgate-arm': 'candidate' }),
      { arm: 'production', group: 'rest', reason: 'override', isCopied: false },
    ],
    [
      'a tester, after a rollback',
      rolledBack,
      asked({ 'x-shadowgate-arm': 'candidate' }),
      { arm: 'production', group: 'rest', reason: 'override' },
    ],
    [
      'a word that is no arm',
      openedAt(0.01),
      asked({ 'x-shadowgate-arm': 'both' }),
      { arm: 'production', reason: 'request' },
    ],
    [
      'another model',
      openedAt(1),
      asked({}, { model: 'other' }),
      { arm: 'production', group: null, reason: 'not-of-it' },
    ],
    ['no question to a model', openedAt(1), asked({}, { isAsking: false }), { arm: 'production', reason: 'not-of-it' }],
    ['a model that is not named', openedAt(1), asked({}, { model: null }), { arm: 'candidate' }],
    ['shadow', openedAt(1, 'shadow'), asked({ 'x-user': 'u' }), { arm: 'production', isCopied: true, group: 'rest' }],
    ['a ramp that nobody opened', rampOf([]), asked({ 'x-user': 'u' }), { arm: 'production', isCopied: false }],
  ])('of %s', (_, state, request, expected) => {
    expect(route(request, state, options)).toMatchObject(expected)
  })

  it('asks for an arm in vain where nobody may', () => {
    const wished = asked({ 'x-shadowgate-arm': 'candidate' })
    expect(route(wished, openedAt(0.01), { ...options, overrideHeader: null }).arm).toBe('production')
  })

  it('of nobody goes one way in all of its tries where they bear one trace', () => {
    let turn = 0
    const traced = { ...options, traceHeader: 'X-Trace-Id', chance: () => (turn++ % 2 === 0 ? 0 : 0.999) }
    const armOf = (headers: Routable['headers']) => route(asked(headers), openedAt(0.5), traced).arm
    for (const trace of ['t-1', 't-2', 't-3']) {
      expect(new Set([1, 2, 3, 4].map(() => armOf({ 'x-trace-id': trace }))).size).toBe(1)
    }
    const traces = Array.from({ length: 40 }, (_, n) => armOf({ 'x-trace-id': `t-${n}` }))
    expect(new Set(traces)).toEqual(new Set(['production', 'candidate']))
    expect([armOf({}), armOf({ 'x-trace-id': '' })]).toEqual(['candidate', 'production'])
  })

  it('with a trace is no user’s', () => {
    const traced = route(asked({ 'x-trace-id': 't' }), openedAt(0.5), { ...options, traceHeader: 'x-trace-id' })
    expect(traced).toMatchObject({ user: null, reason: 'request' })
  })

  it('of one user goes one way, and shows no key', () => {
    const routes = [1, 2, 3].map(() => route(asked({ 'x-user': 'alice' }), openedAt(0.5), options))
    expect(new Set(routes.map(({ arm }) => arm)).size).toBe(1)
    expect(JSON.stringify(routes)).not.toContain('alice')
  })
})

describe('guards', () => {
  const limits = { errorRate: 0.1, window: 20, consecutive: 5, silentMinutes: 10 }
  const after = (answers: readonly boolean[], everyMs = 1) => {
    const guards = createGuards(limits)
    for (const [n, isAnswered] of answers.entries()) {
      const tripped = guards.see(isAnswered, n * everyMs)
      if (tripped !== null) return { at: n + 1, guard: tripped.guard }
    }
    return null
  }
  const repeat = (pattern: readonly boolean[], times: number) => Array.from({ length: times }, () => pattern).flat()

  it.each([
    ['five failures in a row', [true, false, false, false, false, false], 1, { at: 6, guard: 'consecutive-failures' }],
    ['four, and one that succeeds, for ever', repeat([false, false, false, false, true], 3), 1, null],
    ['three of the last twenty', [...repeat([true], 17), false, false, false], 1, { at: 20, guard: 'error-rate' }],
    ['two of the last twenty', [...repeat([true], 18), false, false], 1, null],
    [
      'failures that have left the window',
      [false, false, ...repeat([true], 18), ...repeat([true], 20), false, false],
      1,
      null,
    ],
    ['ten minutes without an answer', [false, false, false], 5 * 60_000, { at: 3, guard: 'no-answer' }],
    ['nothing but answers', repeat([true], 100), 60_000, null],
  ])('%s', (_, answers, everyMs, expected) => {
    expect(after(answers, everyMs)).toEqual(expected)
  })

  it('see a candidate that says nothing, though every client leaves before it fails', () => {
    const guards = createGuards(limits)
    const minute = 60_000
    // Each waits for half a minute, two at a time.
    for (let at = 1; at < 20; at++) {
      expect(guards.leave(minute / 2, (at * minute) / 2)).toBeNull()
      expect(guards.leave(minute / 2, (at * minute) / 2)).toBeNull()
    }
    expect(guards.leave(minute / 2, 10 * minute)).toMatchObject({ guard: 'no-answer' })
  })

  it('take no client who leaves for a failure', () => {
    const guards = createGuards(limits)
    const hour = 3_600_000
    for (let at = 1; at < 20; at++) expect(guards.leave(1000, at * hour)).toBeNull()
    expect(guards.see(false, 20 * hour)).toBeNull()
    expect(guards.leave(hour, 21 * hour)).not.toBeNull()
    guards.see(true, 22 * hour)
    expect(guards.leave(1000, 23 * hour)).toBeNull()
  })

  it('forget when they are told to', () => {
    const guards = createGuards(limits)
    for (let n = 0; n < 4; n++) guards.see(false, n)
    guards.reset()
    expect(guards.see(false, 5)).toBeNull()
  })
})

describe('headers', () => {
  const client = {
    authorization: 'Bearer sk-client',
    connection: 'keep-alive, x-hop',
    'x-hop': '1',
    'transfer-encoding': 'chunked',
    host: 'here',
    'content-length': '7',
    'accept-encoding': 'gzip',
    'anthropic-version': '2023-06-01',
    'x-shadowgate-arm': 'candidate',
  }

  it('of a connection stay behind, and the client’s credentials pass where the arm has none', () => {
    expect(requestHeaders({ client, arm: null, own: ['x-shadowgate-arm'] })).toEqual({
      authorization: 'Bearer sk-client',
      'anthropic-version': '2023-06-01',
      'accept-encoding': 'identity',
    })
  })

  it('have the arm’s key and none of the client’s where it has one', () => {
    const sent = requestHeaders({
      client: { ...client, 'x-api-key': 'k', cookie: 'a=b', 'x-portkey-api-key': 'pk', 'x-litellm-api-key': 'lk' },
      arm: { authorization: 'Bearer own' },
      own: [],
    })
    expect(sent).toMatchObject({ authorization: 'Bearer own', 'anthropic-version': '2023-06-01' })
    expect(Object.keys(sent)).not.toContain('x-api-key')
    for (const name of ['cookie', 'x-portkey-api-key', 'x-litellm-api-key'])
      expect(Object.keys(sent)).not.toContain(name)
  })

  it('of an answer pass, cookies one by one', () => {
    const upstream = { 'set-cookie': ['a=1', 'b=2'], 'keep-alive': 'timeout=5', 'content-length': '3', trailer: 'x' }
    expect(responseHeaders(upstream, { 'x-shadowgate-id': '1' })).toEqual({
      'set-cookie': ['a=1', 'b=2'],
      'content-length': '3',
      'x-shadowgate-id': '1',
    })
  })
})
