// What kind of requests come: each in one heap, by names and never by values.

import { describe, expect, it } from 'vitest'
import type { Assignment } from '../../../src/canary/dealing/router.ts'
import type { Asking } from '../../../src/canary/proxy/proxy.ts'
import type { Served } from '../../../src/canary/served/served.ts'
import { createTraffic } from '../../../src/canary/served/traffic.ts'
import { plainServed } from '../../support/served-request.ts'

const ofUser: Assignment = { arm: 'production', group: 'control', user: 'u', reason: 'user', isCopied: false }
const keyless: Assignment = { ...ofUser, group: 'rest', user: null, reason: 'request' }
const notOfIt: Assignment = { ...ofUser, group: null, user: null, reason: 'not-of-it' }

function asking(headers: Asking['headers'] = {}, json: Asking['json'] = null): Asking {
  return { method: 'POST', path: '/v1/chat/completions?debug=1', headers, body: Buffer.alloc(0), json }
}

function served(parts: Partial<Served>): Served {
  return { ...plainServed, ...ofUser, ...parts }
}

describe('traffic', () => {
  it('counts each request in one heap', () => {
    let now = 1000
    const traffic = createTraffic(() => now)
    now = 2000
    traffic.ask(asking(), ofUser, 'now')
    traffic.ask(asking(), { ...ofUser, group: 'candidate' }, 'now')
    traffic.ask(asking(), keyless, 'now')
    traffic.ask(asking(), { ...ofUser, group: 'rest', reason: 'override' }, 'now')
    traffic.ask(asking(), notOfIt, 'another')
    traffic.ask(asking(), notOfIt, null)
    expect(traffic.counts()).toMatchObject({
      startedAtMs: 1000,
      lastAtMs: 2000,
      requests: 6,
      ofUsers: { candidate: 1, control: 1, rest: 0, unmatched: 0 },
      withoutKey: 1,
      overrides: 1,
      notOfIt: 2,
      others: { 'another at /v1/chat/completions': 1, 'POST /v1/chat/completions': 1 },
    })
  })

  it('names where a key might be, and nobody’s key', () => {
    const traffic = createTraffic(() => 0)
    const headers = { 'x-customer-id': 'ada', cookie: 'theme=dark; session=s3cret', 'user-agent': 'curl' }
    traffic.ask(asking(headers, { user: 'ada', metadata: { user_id: 'ada', route: 'search' } }), keyless, 'now')
    const { keysInstead } = traffic.counts()
    expect(keysInstead).toEqual({
      'header x-customer-id': 1,
      'cookie session': 1,
      'body user': 1,
      'body metadata.user_id': 1,
    })
  })

  it('tells so many names apart and no more, whatever clients send', () => {
    const traffic = createTraffic(() => 0)
    for (let n = 0; n < 1000; n++) traffic.ask(asking(), notOfIt, `model-${n}`)
    expect(Object.keys(traffic.counts().others)).toHaveLength(20)
    expect(traffic.counts().notOfIt).toBe(1000)
  })

  it('counts answers by status, what production answered for the candidate, and nobody who left', () => {
    const traffic = createTraffic(() => 0)
    traffic.serve(served({ status: 500, isUnseen: true }))
    traffic.serve(served({ servedBy: 'production' }))
    traffic.serve(served({ isUnseen: true, isCopied: true }))
    traffic.serve(served({ status: null, isUnseen: true, failure: { kind: 'timeout', detail: '' } }))
    traffic.serve(served({ status: null, failure: { kind: 'left', detail: '' } }))
    expect(traffic.counts()).toMatchObject({
      fallbacks: 2,
      answers: { production: { 200: 1 }, candidate: { 200: 1, 500: 1, timeout: 1 } },
    })
  })
})
