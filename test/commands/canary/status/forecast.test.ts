// How long a stage will still take, in sentences.

import { describe, expect, it } from 'vitest'
import { type Forecasting, forecastLines } from '../../../../src/commands/canary/status/forecast.ts'

const minuteMs = 60_000
const base: Forecasting = {
  needs: [{ metric: 'latency-p95', requests: 600, users: 300 }],
  stage: { share: 0.05, minMinutes: 30, minRequests: 500 },
  next: { share: 0.1, minMinutes: 30, minRequests: 500 },
  stageRequests: 100,
  stageMs: 5 * minuteMs,
}
const plain = (parts: Partial<Forecasting> = {}) =>
  forecastLines({ ...base, ...parts }).map((line) => line.replaceAll(/[\u2009\u202f\u00a0]/g, ' '))

describe('a forecast', () => {
  it('has requests, users and time at the traffic that comes', () => {
    expect(plain({ stageMs: minuteMs })).toEqual([
      'latency-p95: about 600 more requests of the candidate, from 300 users in all: 6 min 0 s at the 100 a minute that come',
    ])
  })
  it('says beforehand that a rule outlasts the stage, and what a larger share would bring', () => {
    expect(plain()).toEqual([
      'latency-p95: about 600 more requests of the candidate, from 300 users in all: 30 min 0 s at the 20 a minute that come, longer than the 30 min 0 s of the stage; a stage of 10 % brings 2.0 times as many',
    ])
    expect(plain({ next: null })[0]).toMatch(/s of the stage$/)
  })
  it('names no time while too little came to tell the traffic', () => {
    expect(plain({ stageRequests: 19 })[0]).toMatch(/in all$/)
  })
  it('says what nobody can know, and begins with what takes longest', () => {
    const needs = [
      { metric: 'answered', requests: 40, users: 60 },
      { metric: 'feedback', requests: null, users: null },
      { metric: 'latency-p95', requests: 1, users: 60 },
    ]
    expect(plain({ needs }).map((line) => line.split(':')[0])).toEqual(['feedback', 'answered', 'latency-p95'])
    expect(plain({ needs })[0]).toBe('feedback: nobody can say yet how many requests it takes')
    expect(plain({ needs })[2]).toContain('about 1 more request of')
  })
})
