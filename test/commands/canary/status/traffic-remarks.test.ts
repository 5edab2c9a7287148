// What operators hear of the requests that come: once, when it becomes true, with what to do.

import { describe, expect, it } from 'vitest'
import type { TrafficCounts } from '../../../../src/canary/served/traffic.ts'
import { createTrafficRemarks } from '../../../../src/commands/canary/status/traffic-remarks.ts'
import { type Group, groups } from '../../../../src/core/rollout.ts'

const facts = {
  clientUrl: 'http://127.0.0.1:4600/v1',
  about: 'model now by openai-chat',
  keySources: ['header x-user-id'],
  candidateKey: 'CAND_KEY',
  file: 'shadowgate.yaml',
}

const nobody = Object.fromEntries(groups.map((group) => [group, 0])) as Record<Group, number>

const none: TrafficCounts = {
  startedAtMs: 0,
  lastAtMs: null,
  requests: 0,
  ofUsers: nobody,
  withoutKey: 0,
  overrides: 0,
  notOfIt: 0,
  fallbacks: 0,
  answers: { production: {}, candidate: {} },
  others: {},
  keysInstead: {},
}

const some = { ...none, lastAtMs: 1000, requests: 20 }
const fine = { ...some, ofUsers: { ...nobody, candidate: 1, control: 1, rest: 18 } }

describe('remarks on traffic', () => {
  it('says after a minute that nobody asks, where clients ought to, and once', () => {
    const remarks = createTrafficRemarks(facts)
    expect(remarks(none, 59_000)).toEqual([])
    expect(remarks(none, 60_000)).toEqual([expect.stringContaining('http://127.0.0.1:4600/v1')])
    expect(remarks(none, 90_000)).toEqual([])
  })

  it('says again that nobody asks any more, later and each time', () => {
    const remarks = createTrafficRemarks(facts)
    expect(remarks(fine, 600_000)).toEqual([])
    expect(remarks(fine, 601_000)).toEqual([expect.stringMatching(/^nobody has asked anything for 10/)])
    expect(remarks(fine, 700_000)).toEqual([])
    expect(remarks({ ...fine, lastAtMs: 700_000 }, 1_300_000)).toHaveLength(1)
  })

  it.each<[string, Partial<TrafficCounts>, readonly string[]]>([
    [
      'no key, and where one might be',
      { withoutKey: 20, keysInstead: { 'header x-customer-id': 20, 'body user': 3 } },
      ['none of 20', 'header x-user-id', 'header x-customer-id (20), body user (3)', 'canary.key in shadowgate.yaml'],
    ],
    ['no key, and nothing that looks like one', { withoutKey: 20 }, ['They have nothing that looks like one']],
    [
      'another model',
      { notOfIt: 20, others: { 'mini at /v1/chat/completions': 20 } },
      ['none of 20', 'model now by openai-chat', 'mini at /v1/chat/completions (20)', 'canary.model'],
    ],
    [
      'a wrong path',
      { answers: { production: { 404: 20 }, candidate: {} }, others: { 'POST /v2/chat': 20 } },
      ['404 to all 20', 'POST /v2/chat (20)', 'http://127.0.0.1:4600/v1'],
    ],
    [
      'a key that is refused',
      { answers: { production: {}, candidate: { 401: 1 } } },
      ['the key in CAND_KEY', 'HTTP 401'],
    ],
  ])('says %s', (_, parts, expected) => {
    const remarks = createTrafficRemarks(facts)
    const counts = { ...some, ...parts }
    const [said = '', ...more] = remarks(counts, 2000)
    for (const part of expected) expect(said).toContain(part)
    expect(more).toEqual([])
    expect(remarks(counts, 4000)).toEqual([])
  })

  it.each<[string, Partial<TrafficCounts>]>([
    ['one user among those without a key', { withoutKey: 19, ofUsers: { ...nobody, rest: 1 } }],
    ['one request of the rollout', { notOfIt: 19 }],
    ['one answer that was none of 404', { answers: { production: { 404: 19, 200: 1 }, candidate: {} } }],
  ])('is silent with %s', (_, parts) => {
    expect(createTrafficRemarks(facts)({ ...some, ...parts }, 2000)).toEqual([])
  })

  it('waits for so many requests, or for a minute', () => {
    const few = { ...some, requests: 3, withoutKey: 3 }
    const remarks = createTrafficRemarks(facts)
    expect(remarks(few, 59_000)).toEqual([])
    expect(remarks(few, 60_000)).toHaveLength(1)
  })
})
