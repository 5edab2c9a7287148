// Number words, as tables.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as format from '../../src/report/format.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ').replaceAll('−', '-')

describe('percent', () => {
  test.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.5, '50.0 %'],
    [0.031, '3.1 %'],
    [0.0042, '0.42 %'],
    [0.00001, '<0.01 %'],
    [-0.00001, '>-0.01 %'],
    [0.9995, '99.95 %'],
    [0.99999, '>99.99 %'],
    [1.5, '150.0 %'],
    [Infinity, '∞'],
  ])('%d is %s', (share, words) => expect(plain(format.percent(share))).toBe(words))

  test('only nothing reads as 0 %, and only all as 100 %', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, minExcluded: true, maxExcluded: true }), (share) => {
        expect(plain(format.percent(share))).not.toMatch(/^(0|0\.0+|100|100\.0+) %$/)
      }),
    )
  })
})

test.each([
  [0, '0 ms'],
  [0.416, '0.42 ms'],
  [3.44, '3.4 ms'],
  [812.4, '812 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [1149, '1.15 s'],
  [9996, '10.0 s'],
  [83_240, '83.2 s'],
  [123_400, '123 s'],
  [Infinity, '∞'],
])('duration: %d ms is %s', (ms, words) => expect(plain(format.duration(ms))).toBe(words))

test.each([
  [400, '400 ms'],
  [48_200, '48 s'],
  [252_000, '4 min 12 s'],
  [7_500_000, '2 h 5 min'],
])('span: %d ms is %s', (ms, words) => expect(plain(format.span(ms))).toBe(words))

test.each([
  [1, '1 token'],
  [64, '64 tokens'],
  [64.34, '64.3 tokens'],
  [218.4, '218 tokens'],
  [1_234_567, '1,234,567 tokens'],
])('tokens: %d is %s', (value, words) => expect(plain(format.tokens(value))).toBe(words))

test.each([
  [0, '$0'],
  [0.0000341, '$0.000034'],
  [0.01594, '$0.016'],
  [0.5, '$0.50'],
  [0.996, '$1.00'],
  [1234.5, '$1,234.50'],
  [-2, '-$2.00'],
])('usd: %d is %s', (value, words) => expect(plain(format.usd(value))).toBe(words))

describe('changes', () => {
  const ratio = { scale: 'ratio', unit: 'ms' } as const
  const points = { scale: 'difference', unit: 'share' } as const
  test.each([
    ['within twofold: percent', ratio, [1.123], 1.123, '+12.3 %'],
    ['faster', ratio, [0.981], 0.981, '-1.9 %'],
    ['the same', ratio, [1], 1, '0.0 %'],
    ['beyond twofold: a factor', ratio, [2.91, 1.94], 2.91, '2.9×'],
    ['its limits follow the estimate', ratio, [2.91, 1.94], 1.94, '1.94×'],
    ['an infinite limit alone changes nothing', ratio, [1.1, Infinity], 1.1, '+10.0 %'],
    ['infinitely slow', ratio, [Infinity], Infinity, '∞'],
    ['shares: percentage points', points, [0.012], 0.012, '+1.20 pp'],
    ['fewer', points, [-0.0613], -0.0613, '-6.13 pp'],
    ['too small to see', points, [-0.000001], -0.000001, '0.00 pp'],
    ['other differences keep their unit', { scale: 'difference', unit: 'ms' } as const, [120], 120, '+120 ms'],
  ] as const)('%s', (_, kind, values, value, words) => {
    expect(plain(format.changeWords(kind, values)(value))).toBe(words)
  })

  test.each([
    [{ low: 1.181, high: 1.29 }, '+18.1 % to +29.0 %'],
    [{ low: 1.181, high: Infinity }, 'from +18.1 %, no upper limit'],
    [{ low: 0, high: 1.29 }, 'no lower limit, to +29.0 %'],
    [{ low: -Infinity, high: Infinity }, 'no limit on either side'],
  ])('interval %o', (ends, words) => {
    const word = format.changeWords(ratio, [])
    expect(plain(format.intervalWords({ ...ends, level: 0.9 }, word, 'ratio'))).toBe(words)
  })

  test('a difference of zero is a limit, not an open end', () => {
    const word = format.changeWords(points, [])
    expect(plain(format.intervalWords({ low: 0, high: 0.01, level: 0.9 }, word, 'difference'))).toBe(
      '0.0 pp to +1.00 pp',
    )
  })
})

test('the level of an interval is a percent', () => {
  expect([0.9, 0.95, 0.995, 2 * 0.95 - 1].map((level) => plain(format.levelWords(level)))).toEqual([
    '90 %',
    '95 %',
    '99.5 %',
    '90 %',
  ])
})

test.each([
  ['+20.0 %', '+20 %'],
  ['1.20×', '1.2×'],
  ['2.00 s', '2 s'],
  ['100 ms', '100 ms'],
  ['$0.50', '$0.5'],
])('withoutZeros: %s is %s', (text, words) => expect(format.withoutZeros(text)).toBe(words))

test('an instant is in UTC, and what is none stays as it is', () => {
  expect(format.instant('2026-11-23T02:30:00.000Z')).toBe('2026-11-23 02:30:00 UTC')
  expect(format.instant('yesterday')).toBe('yesterday')
})

test('every number has words', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      for (const words of [format.percent, format.duration, format.tokens, format.usd, format.factor]) {
        expect(words(value)).toMatch(/^[<>−$]*(\d|∞)/)
      }
    }),
  )
})
