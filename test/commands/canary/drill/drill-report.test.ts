// What a game day says: what must be caught by which rules, and the verdict in sentences.

import { describe, expect, it } from 'vitest'
import { bucketOf } from '../../../../src/canary/dealing/bucket.ts'
import { groupOf, splitAt } from '../../../../src/canary/dealing/split.ts'
import { type KeySource, userKeyOf } from '../../../../src/canary/dealing/user-key.ts'
import type { FaultOrder } from '../../../../src/canary/faults/faults.ts'
import type { DrillResult } from '../../../../src/commands/canary/drill/meter.ts'
import { drilled, drillText, reportOf } from '../../../../src/commands/canary/drill/report.ts'
import { usersOf, withFields } from '../../../../src/commands/canary/drill/users.ts'
import type { Rule } from '../../../../src/core/judgement.ts'

const rule = (metric: string, severity: Rule['severity']): Rule => ({
  metric,
  severity,
  segment: null,
  margin: 0.1,
  mode: 'worse',
  stage: 'replay',
})
const uncaught: DrillResult = {
  caught: null,
  noticed: null,
  requests: 1500,
  spoilt: 1500,
  usersHit: 300,
  usersSaved: 0,
  totalMs: 5000,
  share: 0.05,
}
const caught = {
  ...uncaught,
  caught: { by: 'latency-p50', because: 'It is slower.', afterMs: 1200, afterRequests: 80 },
}
const noticed = { ...uncaught, noticed: { by: 'refused', because: 'It refuses.', afterMs: 900, afterRequests: 60 } }
const slow: FaultOrder = { fault: 'slow-2', share: 1 }
const refusing: FaultOrder = { fault: 'refusal', share: 0.2 }
const report = (drills: Parameters<typeof reportOf>[0]['drills'], control: DrillResult | null = null) =>
  reportOf({ kind: 'rehearsal', seed: 1, compressed: ['Time was compressed.'], control, drills })

describe('what must be caught', () => {
  it.each<[string, FaultOrder, readonly Rule[], boolean]>([
    ['what a rule about it blocks', slow, [rule('latency-p95', 'block')], true],
    ['not what rules only investigate', refusing, [rule('refused', 'investigate')], false],
    ['not what another rule blocks', refusing, [rule('latency-p50', 'block')], false],
    ['what guards see, whatever the rules', { fault: 'reset', share: 1 }, [], true],
  ])('%s', (_, order, rules, mustBeCaught) => {
    expect(drilled(order, rules, uncaught).mustBeCaught).toBe(mustBeCaught)
  })
})

describe('the verdict', () => {
  it('counts what was caught of what must be, and names what was not', () => {
    const rules = [rule('latency-p50', 'block'), rule('refused', 'investigate')]
    const found = report([drilled(slow, rules, caught), drilled({ ...slow, share: 0.2 }, rules, uncaught)], uncaught)
    expect(found.isPassed).toBe(false)
    expect(found.verdict.map(plain)).toEqual([
      'The canary would have caught 1 of 2 faults.',
      '"slow × 2" in 20.0 % of answers was not caught within 1,500 requests of the candidate.',
      'Without any fault it was not rolled back within 1,500 requests, and stood at 5.0 % of users.',
    ])
  })

  it('says of what no rule blocks whether anything saw it, and passes', () => {
    const rules = [rule('refused', 'investigate')]
    const found = report([drilled(refusing, rules, noticed), drilled(refusing, [], uncaught)])
    expect(found.isPassed).toBe(true)
    expect(found.verdict.map(plain)).toEqual([
      '"refusals" in 20.0 % of answers: no rule about it blocks (refused is investigate); refused saw it after 60 requests and held nothing up.',
      '"refusals" in 20.0 % of answers: no rule is about it; nothing saw it within 1,500 requests.',
    ])
  })

  it('does not call a fault missed that no request met', () => {
    const found = report([drilled(slow, [rule('latency-p50', 'block')], { ...uncaught, requests: 0 })])
    expect([found.isPassed, ...found.verdict.map(plain)]).toEqual([
      false,
      'The canary would have caught 0 of 1 fault.',
      '"slow × 2" in all answers met no request: nobody asked the candidate, and nothing is shown.',
    ])
  })

  it('does not pass with a false alarm', () => {
    const found = report([drilled(slow, [rule('latency-p50', 'block')], caught)], caught)
    expect(found.isPassed).toBe(false)
    expect(found.verdict.at(-1)).toContain('a false alarm. It is slower.')
  })

  it('stands below a line for each fault, and why it was rolled back', () => {
    const text = plain(drillText(report([drilled(slow, [rule('latency-p50', 'block')], caught)], uncaught)))
    expect(text.split('\n')).toEqual([
      'fault     answers  rolled back by  after   of the candidate  users met it  saved',
      'slow × 2  all      latency-p50     1.20 s  80 requests       300           0',
      '(none)             not                     1,500 requests    300           0',
      '',
      'Why each was rolled back:',
      '  "slow × 2" in all answers: It is slower.',
      '',
      'Time was compressed.',
      '',
      'The canary would have caught 1 of 1 fault.',
      'Without any fault it was not rolled back within 1,500 requests, and stood at 5.0 % of users.',
    ])
  })
})

function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ')
}

describe('the users of a rehearsal', () => {
  const split = splitAt(0.05)
  it.each<[string, KeySource]>([
    ['a header', { header: 'X-User-Id' }],
    ['a cookie', { cookie: 'sid' }],
    ['a field of the body', { body: 'metadata.user_id' }],
    ['the API key', { apiKey: true }],
  ])('carry their key in %s, and fall as many to the candidate as to the control', (_, source) => {
    const users = usersOf({ source, salt: 'salt', split, seed: 1, perGroup: 20 })
    const keys = users.map(({ headers, fields }) => userKeyOf({ headers, body: fields }, [source]) ?? '')
    expect(new Set(keys).size).toBe(40)
    const groups = keys.map((key) => groupOf(bucketOf(key, 'salt'), split))
    expect(groups.filter((group) => group === 'candidate')).toHaveLength(20)
    expect(groups.filter((group) => group === 'control')).toHaveLength(20)
  })

  it('keep what a body has beside their field', () => {
    const body = { model: 'm', metadata: { trace: 't' } }
    expect(withFields(body, { metadata: { user_id: 'u' } })).toEqual({
      model: 'm',
      metadata: { trace: 't', user_id: 'u' },
    })
  })
})
