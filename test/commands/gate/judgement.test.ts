// The verdict of a stored run: by which looks, and on how much of it.

import { describe, expect, it } from 'vitest'
import { endOf, judge } from '../../../src/commands/gate/judgement.ts'
import type { Policy, Run } from '../../../src/core/judgement.ts'
import { defaultLookPolicy, rolloutPolicy } from '../../../src/gate/policy.ts'
import { columnsOf } from '../../score/calls.ts'
import { partsOf } from '../../score/tables.ts'
import { runOf } from '../../support/nouns.ts'

const planned = 1000
const turns = 5

const policy: Policy = {
  ...rolloutPolicy,
  rules: rolloutPolicy.rules.filter(({ metric }) => metric === 'answered').map((rule) => ({ ...rule, margin: 0.02 })),
  looks: { ...defaultLookPolicy, minMinutes: 0 },
}

/** Answers of conversations of five turns, of which the first so many were sent; every tenth conversation has one without an answer. */
function judged(sent: number, stopped: Run['stopped'], by: Policy = policy) {
  const all = Array.from({ length: planned }, (_, index) => index)
  const answers = all.map((index) => (index % 50 === 3 ? 0 : 1))
  const clusters = all.map((index) => `c${Math.floor(index / turns)}`)
  const { records, rows } = partsOf({
    clusters,
    measured: [{ metric: 'answered', production: answers, candidate: answers }],
  })
  const measures = columnsOf(rows.filter(({ ordinal }) => ordinal < sent))
  return { run: runOf('judged', { stopped }), records, sentAt: null, measures, policy: by }
}

const outOfMoney = { why: 'cost-limit', because: 'Money.', records: null } as const

describe('a run that money ended', () => {
  it.each([400, 401, 403])('at %d pairs is looked at once more there, though that cuts a conversation', (sent) => {
    const { verdict } = judge(judged(sent, outOfMoney))
    expect(verdict.looks.at(-1)?.records).toBe(sent)
    expect(verdict.findings[0]).toMatchObject({ outcome: 'pass', effect: { pairs: expect.any(Number) } })
    expect(verdict.decision).toBe('GO')
  })
  it('is judged as one that time ended: neither limit knows what the answers are', () => {
    const outOfTime = { why: 'time-limit', because: 'Time.', records: null } as const
    expect(judge(judged(403, outOfTime))).toEqual(judge(judged(403, outOfMoney)))
  })
  it('spends at its last look what the looks before have left, and no more', () => {
    const last = judge(judged(403, outOfMoney)).verdict.looks.at(-1)
    expect(last?.alphaPass).toBeGreaterThan(0.045)
    expect(last?.alphaPass).toBeLessThanOrEqual(0.05)
  })
})

describe('a look', () => {
  it('sees whole conversations', () => {
    const { verdict } = judge(judged(planned, null))
    expect(verdict.looks.map(({ records }) => records % turns)).toEqual(verdict.looks.map(() => 0))
  })
  it('at the end of a run that was decided is of what it saw, and the same when it is taken again', () => {
    const whole = judged(planned, null)
    const records = endOf(whole)
    if (records === null) throw new Error('it was not decided')
    expect(records).toBeLessThan(planned)
    const because = 'Decided.'
    const ended = judge({ ...whole, run: runOf('judged', { stopped: { why: 'decided', records, because } }) }).verdict
    expect(ended.looks.at(-1)).toMatchObject({ records, open: 0 })
    expect(ended.looks).toEqual(judge(whole).verdict.looks.slice(0, ended.looks.length))
    expect(ended.findings[0]?.look).toBe(ended.looks.length)
  })
  it('is not taken where the policy wants one judgement, but of a run that looks have ended', () => {
    const once = { ...policy, looks: null }
    expect(judge(judged(planned, null, once)).verdict.looks).toEqual([])
    const ended = { why: 'decided', records: 400, because: 'Decided.' } as const
    expect(judge(judged(planned, ended, once)).verdict.looks.length).toBeGreaterThan(0)
  })
  it.each([
    ['in an open loop', { pace: 'open' as const }],
    ['in batches', { lane: 'batch' as const }],
  ])('is not taken %s: its first records are no sample', (_why, way) => {
    const whole = judged(planned, null)
    const run = { ...whole.run, replay: { ...whole.run.replay, ...way } }
    expect(judge({ ...whole, run }).verdict.looks).toEqual([])
    expect(endOf({ ...whole, run })).toBeNull()
  })
})
