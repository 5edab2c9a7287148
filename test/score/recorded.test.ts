// The log's own answer against those of now: which rows that gives, and where it would be unfair.

import { describe, expect, it } from 'vitest'
import type { Reply, RequestRecord } from '../../src/core/types.ts'
import { driftMetrics, measureRecorded } from '../../src/score/recorded.ts'
import { attemptOf, recordOf, replyOf } from '../support/nouns.ts'
import { noPrices } from './calls.ts'

const then = (changes: Partial<Reply> = {}): Reply => replyOf({ text: 'It is noon.', ...changes }).reply
const now = (text: string, trial = 0) => attemptOf('r', { ordinal: 7, trial, outcome: replyOf({ text }) })
const measured = (changes: Partial<RequestRecord>, attempts = [now('It is noon.'), now('It is late.', 1)]) =>
  measureRecorded({ record: recordOf('r', { recorded: then(), ...changes }), attempts, context: noPrices })

describe('a recorded answer', () => {
  it('is compared by every metric of drift with the first of now, and in its text with the second', () => {
    const rows = measured({})
    expect(rows.map(({ comparison, metric }) => `${comparison} ${metric}`)).toEqual([
      ...driftMetrics.map(({ name }) => `recorded ${name}`),
      'recorded-again text-similarity',
    ])
    expect(new Set(rows.map(({ ordinal }) => ordinal))).toEqual(new Set([7]))
    const likeness = rows.filter(({ metric }) => metric === 'text-similarity').map(({ candidate }) => candidate)
    expect(likeness).toEqual([1, 0.75])
  })
  it('stands on production’s side, the one of now on the other', () => {
    const rows = measured({ recorded: then({ stop: 'refused', text: 'No.' }) })
    expect(rows.find(({ metric }) => metric === 'refused')).toMatchObject({ production: 1, candidate: 0 })
  })
  it('of a record that was asked once is compared once', () => {
    expect(measured({}, [now('It is noon.')]).filter(({ comparison }) => comparison === 'recorded-again')).toEqual([])
  })
  it('that is not there gives nothing, and neither does a candidate alone', () => {
    expect(measured({ recorded: null })).toEqual([])
    expect(measured({}, [attemptOf('r', { arm: 'candidate' })])).toEqual([])
  })
})

describe('a comparison would be unfair', () => {
  it.each<[string, string, Partial<RequestRecord>]>([
    ['where personal data was replaced', 'redacted', { fidelityReason: '1 piece of personal data was replaced' }],
    ['where the log kept no text of the answer', 'not-kept', { recorded: then({ text: '' }) }],
  ])('%s', (_why, why, changes) => {
    expect(new Set(measured(changes).map(({ absent, candidate }) => `${absent} ${candidate}`))).toEqual(
      new Set([`${why} null`]),
    )
  })
  it('and is not where production gave nothing but thoughts, or was cut', () => {
    const usage = { input: 20, output: 5, cachedInput: null, reasoning: 5 }
    expect(measured({ recorded: then({ text: '', usage }) })[0]).toMatchObject({ absent: null, candidate: 0 })
    expect(measured({ recorded: then({ text: '', stop: 'length' }) })[0]).toMatchObject({ absent: null })
  })
})
