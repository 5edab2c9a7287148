// What a replay will send, take and cost.

import { describe, expect, test } from 'vitest'
import type { Target } from '../../src/core/types.ts'
import { type ForecastOptions, forecast, type Known } from '../../src/sample/forecast.ts'
import { targetOf } from '../support/sender.ts'

const known: Known = {
  records: 1000,
  inputTokens: { mean: 500, isRecorded: true },
  outputTokens: 100,
  latencyMs: 2000,
  spanMs: 3_600_000,
}
const price = { input: 2, output: 10 }
const target = (changes: Partial<Target> = {}) => ({ ...targetOf('http://a/v1'), concurrency: 10, ...changes })
const options: ForecastOptions = {
  targets: { production: target({ pricePerMillion: price }), candidate: target() },
  noise: 0.2,
  warmUp: 0,
  pace: 'closed',
  timeScale: 1,
  lane: 'live',
  keepFree: 0.2,
}

describe('forecast', () => {
  test('counts requests, tokens and what they cost, arm by arm', () => {
    const { pairs, arms, costUsd } = forecast(known, { ...options, warmUp: 4 })
    expect(pairs).toBe(1000)
    const tokens = { requests: 1204, inputTokens: 602_000, outputTokens: 120_400 }
    expect(arms.production).toEqual({ ...tokens, costUsd: (602_000 * 2 + 120_400 * 10) / 1e6 })
    expect(arms.candidate).toEqual({ ...tokens, costUsd: null })
    expect(costUsd).toBe(arms.production.costUsd)
  })

  test('a batch costs half, warms nothing up, and takes until it is done', () => {
    const live = forecast(known, options)
    const batch = forecast(known, { ...options, lane: 'batch', warmUp: 4 })
    expect(batch.arms.production.requests).toBe(1200)
    expect(batch.costUsd).toBe((live.costUsd ?? 0) / 2)
    expect(batch).toMatchObject({ seconds: null, bound: 'batch' })
  })

  test.each<[string, Partial<Known>, Partial<ForecastOptions>, number | null, string | null]>([
    ['concurrency and latency', {}, {}, 240, 'concurrency'],
    [
      'the narrower arm',
      {},
      { targets: { production: target({ concurrency: 5 }), candidate: target() } },
      480,
      'concurrency',
    ],
    [
      'requests by the minute, less what stays free',
      {},
      {
        targets: {
          production: target({ limits: { requestsPerMinute: 100, tokensPerMinute: null } }),
          candidate: target(),
        },
      },
      900,
      'requests-per-minute',
    ],
    [
      'tokens by the minute',
      {},
      {
        targets: {
          production: target(),
          candidate: target({ limits: { requestsPerMinute: null, tokensPerMinute: 60_000 } }),
        },
        keepFree: 0,
      },
      720,
      'tokens-per-minute',
    ],
    ['arrivals', {}, { pace: 'open', timeScale: 60 }, 60, 'arrivals'],
    ['arrivals of which nobody knows when', { spanMs: null }, { pace: 'open' }, null, 'arrivals'],
    ['nothing, where the log tells no latencies', { latencyMs: null }, {}, null, null],
  ])('the time hangs on %s', (_what, facts, changes, seconds, bound) => {
    expect(forecast({ ...known, ...facts }, { ...options, ...changes })).toMatchObject({ seconds, bound })
  })

  test('without recorded tokens nobody knows how long answers are, nor what they cost', () => {
    const { arms, costUsd } = forecast({ ...known, outputTokens: null }, options)
    expect(arms.production).toMatchObject({ outputTokens: null, costUsd: null })
    expect(costUsd).toBeNull()
  })
})
