// The history on the terminal, as it reads without colours; UPDATE_GOLDEN=1 writes it anew.

import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import { expect, it } from 'vitest'
import { historyTable, trendTable } from '../../../src/commands/history/history-text.ts'
import { historyOf } from '../../../src/report/history/history-of.ts'
import { historyInput, historyOfDays } from '../../report/fixture-nights.ts'
import { goldenText } from '../../support/golden.ts'

const whole = historyOfDays(46)
const shown = { ...whole, nights: whole.nights.slice(-20), left: whole.nights.length - 20 }
const golden = (name: string) => new URL(`../golden/${name}.txt`, import.meta.url)

it('is the newest night first, then the rules, what changed, and how alarms are bounded', () => {
  const text = stripVTControlCharacters(historyTable({ whole, shown }, 80))
  expect(text).toBe(goldenText(golden('history'), text))
})

it('of one metric is a bar for each night, between no change and its limit', () => {
  const text = stripVTControlCharacters(trendTable(shown, 'latency-p95', 100))
  expect(text).toBe(goldenText(golden('history-metric'), text))
})

it.each([40, 60, 80, 120, 200])('fits into %i columns', (columns) => {
  for (const text of [historyTable({ whole, shown }, columns), trendTable(shown, 'answered', columns)]) {
    for (const line of text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(columns)
  }
})

it('names the nearest metric where one is mistyped', () => {
  expect(() => trendTable(whole, 'latency-95', 80)).toThrow(
    expect.objectContaining({ code: 'NO_RUN', hint: 'the nearest that was: latency-p95' }),
  )
})

it('says that nothing was judged yet', () => {
  const none = historyOf({ ...historyInput(0), journal: [] })
  expect(stripVTControlCharacters(historyTable({ whole: none, shown: none }, 80))).toMatch(/^No night was judged yet\./)
})
