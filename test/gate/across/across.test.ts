// From night to night: what raises an alarm, what does not, and what is said of it.

import { describe, expect, it } from 'vitest'
import type { NightSummary } from '../../../src/core/across.ts'
import type { Severity } from '../../../src/core/judgement.ts'
import { acrossNights } from '../../../src/gate/across/across.ts'
import { driftNight, nightAt, ruleOf } from './nights.ts'

const kindsOf = (nights: readonly NightSummary[]) =>
  acrossNights(nights).alarms.map(({ kind, runId }) => `${kind} ${runId}`)

describe('an effect that moved', () => {
  const steady = [0, 1, 2].map((day) => nightAt(day, { findings: [ruleOf(0)] }))
  it('raises one alarm, on the night that shows it, and is no news while it stays', () => {
    const after = [3, 4, 5].map((day) => nightAt(day, { findings: [ruleOf(-0.15)] }))
    const { alarms } = acrossNights([...steady, ...after])
    expect(alarms).toMatchObject([{ kind: 'moved', runId: 'run-003', of: 'rule', from: 0, to: -0.15 }])
    expect(alarms[0]?.because).toBe(
      'Answered of the candidate against production moved from +0.00 pp in the 3 nights before to −15.00 pp, by more than chance explains: a model changed, or what is asked did.',
    )
  })
  it('is one again when it goes back, after a night to compare with', () => {
    const after = [3, 4].map((day) => nightAt(day, { findings: [ruleOf(-0.15)] }))
    const back = [5, 6].map((day) => nightAt(day, { findings: [ruleOf(0)] }))
    expect(kindsOf([...steady, ...after, ...back])).toEqual(['moved run-003', 'moved run-005'])
  })
  it.each([
    ['by what chance explains', { findings: [ruleOf(-0.04)] }],
    ['on another swap', { findings: [ruleOf(-0.15)], swap: 'other' }],
    ['in a segment that was not there', { findings: [ruleOf(-0.15, 0.02, { segment: { key: 'a', value: 'b' } })] }],
    ['in a run that could not be judged', { findings: [ruleOf(-0.15)], decision: 'INVALID' as const }],
    ['without a limit', { findings: [ruleOf(-0.15, Infinity)] }],
  ])('raises none %s', (_why, parts) => {
    expect(kindsOf([...steady, nightAt(3, parts)])).toEqual([])
  })
  it('raises none where the rule only warns, and one where it is investigated', () => {
    const nights = (severity: Severity) =>
      [0, 0, -0.15].map((estimate, day) => nightAt(day, { findings: [ruleOf(estimate, 0.02, { severity })] }))
    expect(kindsOf(nights('warn'))).toEqual([])
    expect(kindsOf(nights('investigate'))).toEqual(['moved run-002'])
  })
  it('of a ratio is compared in logs', () => {
    const ratio = (estimate: number) =>
      ruleOf(estimate, 0, {
        metric: 'latency-p50',
        scale: 'ratio',
        effect: { estimate, interval: { low: estimate / 1.05, high: estimate * 1.05, level: 0.9 }, units: 500 },
      })
    const nights = [1, 1, 2].map((estimate, day) => nightAt(day, { findings: [ratio(estimate)] }))
    expect(acrossNights(nights).alarms).toMatchObject([
      { subject: 'Latency p50', from: expect.closeTo(1, 10), to: expect.closeTo(2, 10) },
    ])
  })
  it('takes more to be shown where nights share their records', () => {
    // 40 nights apart know their mean well; 40 of the same records know it no better than one.
    const days = Array.from({ length: 40 }, (_, day) => day)
    const nights = (repeated: number) => [
      ...days.map((day) => nightAt(day, { findings: [ruleOf(0)], repeated: day === 0 ? 0 : repeated })),
      nightAt(40, { findings: [ruleOf(-0.06)], repeated }),
    ]
    expect(kindsOf(nights(0))).toEqual(['moved run-040'])
    expect(kindsOf(nights(500))).toEqual([])
  })
})

describe('drift', () => {
  it('is said once, until production is shown to be steady again', () => {
    const drifted = { p: 1e-9, outcome: 'fail' as const }
    const nights = [
      driftNight(0, [drifted]),
      driftNight(1, [drifted]),
      driftNight(2, [{ outcome: 'pass' }]),
      driftNight(3, [drifted]),
    ]
    expect(kindsOf(nights)).toEqual(['drifted run-000', 'drifted run-003'])
  })
  it('that a night fails by at its own level is no alarm of a year', () => {
    expect(kindsOf([driftNight(0, [{ p: 0.001, outcome: 'fail' }])])).toEqual([])
  })
  it('has the more to spend the longer the job slept, up to a week', () => {
    const level = 0.025 / 365
    const nights = (days: number, p: number) => [nightAt(0), driftNight(days, [{ p }])]
    expect(kindsOf(nights(1, 2 * level))).toEqual([])
    expect(kindsOf(nights(3, 2 * level))).toEqual(['drifted run-003'])
    expect(kindsOf(nights(100, 8 * level))).toEqual([])
  })
})

describe('served models', () => {
  it('are told when they are others than the night before, and not where a night does not say', () => {
    const served = (day: number, production: readonly string[]) =>
      nightAt(day, { servedModels: { production, candidate: ['new'] } })
    const { alarms } = acrossNights([
      served(0, ['b', 'a']),
      served(1, ['a', 'b']),
      served(2, []),
      served(3, ['a']),
      served(4, ['c']),
    ])
    expect(alarms.map(({ because }) => because)).toEqual(['Production was served by c, and by a the night before.'])
  })
})

describe('a decision that turned', () => {
  it('is shown where an effect moved, and near a margin where none did', () => {
    const nights = [
      nightAt(0, { findings: [ruleOf(0)] }),
      nightAt(1, { findings: [ruleOf(-0.01)], decision: 'INCONCLUSIVE' }),
      nightAt(2, { findings: [ruleOf(-0.2)], decision: 'NO-GO' }),
    ]
    const { turns } = acrossNights(nights)
    expect(turns).toMatchObject([
      { from: 'GO', to: 'INCONCLUSIVE', isShown: false },
      { from: 'INCONCLUSIVE', to: 'NO-GO', isShown: true },
    ])
    expect(turns[0]?.because).toMatch(/^GO → INCONCLUSIVE\. No effect moved/)
    expect(turns[1]?.because).toMatch(/^INCONCLUSIVE → NO-GO\. Answered .* moved/)
  })
  it('by other rules is none', () => {
    expect(acrossNights([nightAt(0), nightAt(1, { decision: 'NO-GO', policy: 'other' })]).turns).toEqual([])
  })
})

describe('nights', () => {
  it('may come in any order, and those that follow change nothing of what was said', () => {
    const nights = [0, 0, -0.2, -0.2, 0, 0].map((estimate, day) => nightAt(day, { findings: [ruleOf(estimate)] }))
    const { alarms } = acrossNights(nights)
    expect(acrossNights(nights.toReversed()).alarms).toEqual(alarms)
    for (const count of nights.keys()) {
      const part = acrossNights(nights.slice(0, count)).alarms
      expect(part).toEqual(alarms.slice(0, part.length))
    }
  })
  it('that are none give nothing', () => {
    expect(acrossNights([])).toMatchObject({ alarms: [], turns: [], repetition: null })
  })
})

describe('repetition', () => {
  it('counts the nights on one swap by the same rules, and bounds a false GO', () => {
    const nights = [nightAt(0, { swap: 'other' }), ...[1, 2, 3, 4, 5, 6, 7].map((day) => nightAt(day))]
    const { repetition } = acrossNights(nights)
    expect(repetition).toMatchObject({ night: 7, goes: 7, falseGoAtMost: expect.closeTo(1 - 0.95 ** 7, 12) })
    expect(repetition?.because).toBe(
      'The 7th night on this swap by these rules: a candidate at a margin would have come to GO on one of them with a chance of at most 31 %, of this night alone 5 %.',
    )
  })
  it('with the error spread over thirty nights stays within it', () => {
    const nights = Array.from({ length: 30 }, (_, day) => nightAt(day, { alphaPass: 0.05 / 30 }))
    expect(acrossNights(nights).repetition?.falseGoAtMost).toBeLessThan(0.05)
  })
})
