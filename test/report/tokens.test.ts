// Tokens and cost in a report: whose mean, of how many pairs, what was paid, and what is not known.

import { describe, expect, test } from 'vitest'
import type { Effect } from '../../src/core/judgement.ts'
import { reportModel } from '../../src/report/model.ts'
import { reportInput } from './fixture.ts'
import { spread } from './fixture-spread.ts'

const input = reportInput()
const { tokens } = reportModel(input)

/** No-break spaces are spaces. */
function rowOf({ use }: typeof tokens, name: RegExp): readonly (string | null)[] | null {
  const row = use.find((each) => name.test(each.name))
  if (row === undefined) return null
  return [row.production, row.candidate, row.change, row.interval].map(
    (text) => text?.replaceAll('\u00a0', ' ') ?? null,
  )
}

function withEffect(metric: string, parts: Partial<Effect>) {
  const effects = input.effects.map((effect) =>
    effect.metric === metric && effect.segment === null ? { ...effect, ...parts } : effect,
  )
  return reportModel(reportInput({ effects })).tokens
}

describe('means and totals', () => {
  test('of output tokens and cost are those of the rules', () => {
    expect(rowOf(tokens, /^Output tokens/)).toEqual(['218', '85.2', '0.39×', '0.36× to 0.42×'])
    expect(rowOf(tokens, /^Cost a request/)).toEqual(['$0.016', '$0.0056', '0.35×', '0.33× to 0.38×'])
  })

  test('cached tokens stand with their share, and change by points', () => {
    const [production, candidate, change] = rowOf(tokens, /cache/) ?? []
    expect(production).toMatch(/^\d+(\.\d)? \(31\.4 %\)$/)
    expect(candidate).toMatch(/^\d+(\.\d)? \(32\.0 %\)$/)
    expect(change).toBe('+0.60 pp')
  })

  test('input tokens are told of both arms', () => {
    const [production, candidate, change] = rowOf(tokens, /^Input tokens/) ?? []
    expect(production).toBe(candidate)
    expect(change).toBe('0.0 %')
  })

  test.each([
    ['less', { pairs: 1000, production: 0.02, candidate: 0.005 }, ['$20.00', '$5.00', '−$15.00', null]],
    ['more', { pairs: 1000, production: 0.005, candidate: 0.02 }, ['$5.00', '$20.00', '+$15.00', null]],
    ['the same', { pairs: 1000, production: 0.005, candidate: 0.005 }, ['$5.00', '$5.00', '$0', null]],
  ])('the cost of all pairs: %s', (_, parts, expected) => {
    expect(rowOf(withEffect('cost', parts), /^Cost of 1,000.pairs/)).toEqual(expected)
  })

  test('prices stand beside what they make of the tokens', () => {
    expect(rowOf(tokens, /^Price .* input/)).toEqual(['$30.00', '$30.00', '—', null])
    expect(rowOf(tokens, /^Price .* output/)).toEqual(['$60.00', '$60.00', '—', null])
  })

  test('what was paid holds no change: the arms were not asked as often', () => {
    expect(rowOf(tokens, /^Paid/)).toEqual(['$31.40', '$11.07', '—', null])
  })
})

describe('what is not known', () => {
  test('pairs without tokens are counted, by reason', () => {
    const told = withEffect('output-tokens', { absent: { 'no-reply': 101, 'not-reported': 2, cancelled: 0 } }).told
    expect(told[0]?.replaceAll('\u00a0', ' ')).toBe(
      '103 pairs without tokens of both arms are left out here: no reply 101, not reported 2.',
    )
    expect(tokens.told).toEqual([])
  })

  test('an arm without a price is named', () => {
    const { production, candidate } = input.run.targets
    const targets = { production, candidate: { ...candidate, pricePerMillion: null } }
    const costUsd = { production: 31.402, candidate: null }
    const effects = input.effects.filter(({ metric }) => metric !== 'cost')
    const unpriced = reportModel(
      reportInput({ run: { ...input.run, targets }, counts: { ...input.counts, costUsd }, effects }),
    ).tokens
    expect(unpriced.told).toEqual(["No price was given for the candidate, so costs can't be compared."])
    expect(rowOf(unpriced, /^Paid/)).toEqual(['$31.40', 'no price given', '—', null])
    expect(rowOf(unpriced, /^Price .* output/)).toEqual(['$60.00', 'no price given', '—', null])
    expect(rowOf(unpriced, /^Cost/)).toBeNull()
  })

  test('nothing at all', () => {
    const costUsd = { production: null, candidate: null }
    const unpriced = { ...input.run.targets.production, pricePerMillion: null }
    const run = { ...input.run, targets: { production: unpriced, candidate: unpriced } }
    const none = reportModel(
      reportInput({ ...spread(0), run, effects: [], counts: { ...input.counts, costUsd } }),
    ).tokens
    expect([none.use, none.quantiles, none.chart, none.shift]).toEqual([[], [], null, null])
  })
})

describe('how output tokens are spread', () => {
  test('whole tokens are words without decimals', () => {
    const words = tokens.quantiles.flatMap(({ production, candidate }) => [production, candidate])
    expect(words.filter((text) => text.endsWith('.0'))).toEqual([])
  })

  test('answers of no token stand beside the axis', () => {
    expect(tokens.chart?.arms.candidate.zeros).toBeGreaterThan(0)
    expect(tokens.chart?.arms.production.zeros).toBe(0)
  })
})
