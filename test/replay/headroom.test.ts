// What a target's headers say of its limits, and how long to wait so that a share stays free.

import { describe, expect, test } from 'vitest'
import { exhaustedFor, quotasIn, waitForShare } from '../../src/replay/headroom.ts'

const now = Date.UTC(2026, 10, 23)

describe('quotasIn', () => {
  test.each<[string, Record<string, string>, unknown]>([
    ['nothing', {}, []],
    [
      'OpenAI, durations',
      {
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '59',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-limit-tokens': '150000',
        'x-ratelimit-remaining-tokens': '149984',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      [
        { limit: 60, remaining: 59, resetMs: 1000 },
        { limit: 150_000, remaining: 149_984, resetMs: 360_000 },
      ],
    ],
    [
      'Anthropic, instants',
      {
        'anthropic-ratelimit-input-tokens-limit': '40000',
        'anthropic-ratelimit-input-tokens-remaining': '39000',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-23T00:00:12Z',
      },
      [{ limit: 40_000, remaining: 39_000, resetMs: 12_000 }],
    ],
    [
      'milliseconds and fractions',
      {
        'x-ratelimit-limit-requests': '10',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1.5s120ms',
      },
      [{ limit: 10, remaining: 0, resetMs: 1620 }],
    ],
    [
      'bare seconds',
      { 'x-ratelimit-limit-requests': '10', 'x-ratelimit-remaining-requests': '4', 'x-ratelimit-reset-requests': '7' },
      [{ limit: 10, remaining: 4, resetMs: 7000 }],
    ],
    ['a rest without a limit', { 'x-ratelimit-remaining-requests': '4', 'x-ratelimit-reset-requests': '7' }, []],
    [
      'words',
      {
        'x-ratelimit-limit-requests': 'many',
        'x-ratelimit-remaining-requests': 'few',
        'x-ratelimit-reset-requests': '1s',
      },
      [],
    ],
    [
      'a reset that is none',
      {
        'x-ratelimit-limit-requests': '10',
        'x-ratelimit-remaining-requests': '4',
        'x-ratelimit-reset-requests': 'soon',
      },
      [],
    ],
  ])('%s', (_what, headers, expected) => {
    expect(quotasIn(headers, now)).toEqual(expected)
  })
})

describe('waitForShare', () => {
  test.each<[string, number, number, number]>([
    ['enough is free', 50, 0.2, 0],
    ['just enough', 20, 0.2, 0],
    ['half of what should be', 10, 0.2, (9000 * 10) / 90],
    ['nothing left', 0, 0.2, 9000 * 0.2],
    ['nothing is to stay free', 0, 0, 0],
  ])('%s', (_why, remaining, keepFree, expected) => {
    expect(waitForShare([{ limit: 100, remaining, resetMs: 9000 }], keepFree)).toBeCloseTo(expected, 6)
  })

  test('of several limits the tightest counts', () => {
    const quotas = [
      { limit: 100, remaining: 90, resetMs: 1000 },
      { limit: 100, remaining: 0, resetMs: 2000 },
    ]
    expect(waitForShare(quotas, 0.5)).toBe(1000)
  })
})

test('a limit that is used up says when it is there again', () => {
  expect(exhaustedFor([])).toBeNull()
  expect(exhaustedFor([{ limit: 10, remaining: 1, resetMs: 500 }])).toBeNull()
  expect(exhaustedFor([{ limit: 10, remaining: 0, resetMs: 500 }])).toBe(500)
})
