// A judge's question and its answers: blind, both orders, ties allowed, and nothing made of what says nothing.

import { describe, expect, it } from 'vitest'
import { isDrawnForJudge, type JudgedPair } from '../../src/core/judged.ts'
import { judgeMetric } from '../../src/score/judge/judge-metric.ts'
import { preferenceIn, questionOf } from '../../src/score/judge/question.ts'
import { judgeSummary } from '../../src/score/judge/summary.ts'
import { absent, value } from '../../src/score/metric.ts'
import { noPrices, rejected, replied } from './calls.ts'

const judging = { criteria: 'the right number', prompt: 'What is 2 + 2?', answers: ['4', '5'] as const }

describe('the question', () => {
  it('shows request, criteria and both answers, and never says whose they are', () => {
    const question = questionOf(judging)
    for (const part of [
      'the right number',
      'What is 2 + 2?',
      '<answer_1>\n4\n</answer_1>',
      '<answer_2>\n5\n</answer_2>',
    ])
      expect(question).toContain(part)
    expect(question).not.toMatch(/production|candidate|baseline|new model/i)
  })
  it('leaves out the middle of what is long, and says how much', () => {
    const question = questionOf({ ...judging, answers: [`start${'x'.repeat(20_000)}end`, '5'] })
    expect(question.length).toBeLessThan(14_000)
    expect(question).toMatch(/start[^]*8008 characters left out[^]*end/)
  })
})

describe('an answer', () => {
  it.each([
    ['{"better": 1}', 'candidate'],
    ['{"better": 2}', 'production'],
    ['{"better": "1"}', 'candidate'],
    ['{"better": "answer_2"}', 'production'],
    ['{"better": "tie"}', 'tie'],
    ['```json\n{"better":2}\n```', 'production'],
    ['At first {"better": 1}, but no: {"better": 2}', 'production'],
    ['I like the first one.', null],
    ['{"better": 3}', null],
    ['{"better": 12}', null],
    ['', null],
  ])('%s', (text, preferred) => expect(preferenceIn(text, ['candidate', 'production'])).toBe(preferred))
})

const metric = judgeMetric({ api: 'openai-chat', model: 'j', criteria: 'c', fingerprint: '0123456789ab' })
const judged = (production: JudgedPair['production'], candidate: JudgedPair['candidate']) => ({ production, candidate })
const both = (pair: JudgedPair | 'not-drawn' | null, left = replied({ text: 'a' }), right = replied({ text: 'b' })) =>
  metric.measure(left, right, { ...noPrices, judged: pair })

describe('the measure', () => {
  it.each([
    ['the candidate wins in both orders', judged('candidate', 'candidate'), 0, 1],
    ['production wins in both orders', judged('production', 'production'), 1, 0],
    ['whoever stands first wins', judged('production', 'candidate'), 0, 0],
    ['one order says tie', judged('tie', 'candidate'), 0, 0],
    ['both say tie', judged('tie', 'tie'), 0, 0],
  ])('%s', (_, pair, left, right) => expect(both(pair)).toEqual({ left: value(left), right: value(right) }))
  it.each([
    ['an order without an answer', both(judged('candidate', null)), 'judge-failed'],
    ['a pair that was not asked about', both(null), 'not-judged'],
    ['a call without an answer', both(judged('tie', 'tie'), rejected), 'no-reply'],
  ] as const)('is absent for %s', (_, found, why) => expect(found).toEqual({ left: absent(why), right: absent(why) }))
  it('is no tie for equal answers of a pair that is not of the share that is asked about: ties of all would dilute the losses of a few', () => {
    const none = absent('not-judged')
    expect(both('not-drawn', replied(), replied())).toEqual({ left: none, right: none })
    expect(both('not-drawn')).toEqual({ left: none, right: none })
  })
  it('is a tie for equal answers, which nobody is asked about', () => {
    expect(both(null, replied(), replied())).toEqual({ left: value(0), right: value(0) })
  })
})

it('a share is drawn by the record, whatever else is in the run', () => {
  const ids = Array.from({ length: 4000 }, (_, n) => `record-${n}`)
  const drawn = (share: number) => ids.filter((id) => isDrawnForJudge(id, 7, share))
  expect(drawn(1)).toEqual(ids)
  expect(drawn(0.25).length / ids.length).toBeCloseTo(0.25, 1)
  expect(new Set(drawn(0.5))).toEqual(new Set([...drawn(0.25), ...drawn(0.5)]))
  const other = judgeMetric({ api: 'openai-chat', model: 'j', criteria: 'c', fingerprint: '0123456789ab', share: 0.5 })
  expect(other.version, 'what was measured of all pairs is measured anew').not.toBe(metric.version)
})

it('the summary counts wins, agreement, places and failures', () => {
  const pairs = [
    judged('candidate', 'candidate'),
    judged('production', 'production'),
    judged('tie', 'tie'),
    judged('production', 'candidate'),
    judged('candidate', 'production'),
    judged('tie', 'candidate'),
    judged(null, 'candidate'),
  ]
  expect(judgeSummary('j', pairs)).toEqual({
    model: 'j',
    pairs: 6,
    preferred: { production: 1, candidate: 1 },
    agreed: 3,
    byPlace: { first: 1, second: 1 },
    failed: 1,
  })
})
