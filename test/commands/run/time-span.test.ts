// Spans of time as people type them.

import { expect, it } from 'vitest'
import { timeSpanOf } from '../../../src/commands/run/time-span.ts'

it.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['30 min', 1_800_000],
  ['1.5h', 5_400_000],
  ['0s', 0],
  ['30', null],
  ['2 days', null],
  ['-1h', null],
  ['', null],
])('%s is %s ms', (text, ms) => {
  expect(timeSpanOf(text)).toBe(ms)
})
