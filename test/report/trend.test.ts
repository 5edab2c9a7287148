// A rule over the nights: its figures in words, and a bounded number of columns that lose nothing.

import { describe, expect, it } from 'vitest'
import { trendsOf } from '../../src/report/history/trend.ts'
import { across, historyOfDays, nightAt, policyDay } from './fixture-nights.ts'

const dayOf = (at: string) => Math.round((Date.parse(at) - Date.parse(nightAt(0))) / 86_400_000)
const nothing = across([])

describe('trends', () => {
  const { nights } = historyOfDays(58)

  it('are of the rules of the newest night, in its order', () => {
    expect(trendsOf(nights).map(({ metric, limit }) => [metric, limit.replace('\u00a0', ' ')])).toEqual([
      ['answered', 'at least −1 pp'],
      ['latency-p50', 'at most +20 %'],
      ['latency-p95', 'at most +30 %'],
      ['refused', 'at most +2 pp'],
      ['output-tokens', 'at most +10 %'],
    ])
  })

  it('tell the picture: since when, how far it went, how often it failed, and what it is now', () => {
    const [, , , , tokens] = trendsOf(nights)
    expect(tokens?.told.replaceAll('\u00a0', ' ')).toBe(
      '52 nights since 2026-09-01: estimates from +28.0 % to +32.0 %; limit: at most +10 %. It failed in 52, the last on 2026-10-28. On 2026-10-28 02:30 UTC: +31.1 %, 90 % interval +28.1 % to +34.1 %, fail.',
    )
  })

  it('place each night by the limit of its own', () => {
    const p95 = trendsOf(nights).find(({ metric }) => metric === 'latency-p95')
    const at = (day: number) => p95?.nights.find((night) => dayOf(night.at) === day)
    const estimate = (day: number) => 0.95 + 0.005 * day + 0.04 * Math.sin(day * 12.9898 + 3 * 78.233)
    for (const [day, margin] of [
      [policyDay - 1, 0.2],
      [policyDay, 0.3],
    ] as const) {
      expect(at(day)?.place.estimate).toBeCloseTo(Math.log(estimate(day)) / Math.log(1 + margin))
    }
  })

  it('have a bounded number of columns, and lose no night: each is in one of them', () => {
    const many = historyOfDays(1000, { across: nothing })
    for (const trend of trendsOf(many.nights)) {
      expect(trend.columns.length).toBeLessThanOrEqual(90)
      expect(trend.columns.reduce((sum, { nights: own }) => sum + own, 0)).toBe(994)
      expect(trend.columns.slice(-60).every(({ nights: own }) => own === 1)).toBe(true)
      expect(trend.drawn).toMatch(/^The 934 oldest nights share 30 columns: the median estimate/)
    }
  })

  it('show of a shared column the limits that lie furthest out, and its worst outcome', () => {
    const many = historyOfDays(1000, { across: nothing })
    const trend = trendsOf(many.nights).find(({ metric }) => metric === 'latency-p95')
    for (const { from, to, low, high, estimate, outcome } of trend?.columns ?? []) {
      const own = trend?.nights.filter(({ at }) => at >= from && at <= to) ?? []
      expect(low).toBe(Math.min(...own.map(({ place }) => place.low)))
      expect(high).toBe(Math.max(...own.map(({ place }) => place.high)))
      expect(own.map(({ place }) => place.estimate)).toContain(estimate)
      if (own.some((night) => night.outcome === 'fail')) expect(outcome).toBe('fail')
    }
  })
})
