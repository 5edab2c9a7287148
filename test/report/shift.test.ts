// The shift function in a report: figures worded as the rules word theirs, and what no ratio can tell.

import { describe, expect, test } from 'vitest'
import type { Effect, Rule } from '../../src/core/judgement.ts'
import { changeOf, quantileRows, shiftChart } from '../../src/report/model/shift.ts'
import { reportModel } from '../../src/report/model.ts'
import { reportInput } from './fixture.ts'
import { spreadOf } from './fixture-spread.ts'

const effect: Effect = {
  metric: 'latency-p50',
  segment: null,
  better: 'lower',
  unit: 'ms',
  pairs: 99,
  clusters: 99,
  absent: {},
  production: 100,
  candidate: 120,
  estimate: 1.2,
  scale: 'ratio',
  interval: { low: 1.1, high: 1.4, level: 0.9 },
  method: 'test',
  noise: null,
  typical: null,
  overTime: null,
}
const words = { words: String, axisWords: String, isWhole: false }
const at = (parts: Partial<Effect>, p = 0.5) => ({ p, effect: { ...effect, ...parts } })
const between = (low: number, high: number) => ({ interval: { low, high, level: 0.9 } })
const rule: Rule = {
  metric: 'latency-p50',
  segment: null,
  margin: 0.2,
  severity: 'block',
  mode: 'worse',
  stage: 'replay',
}

describe('a row of the table', () => {
  test.each<[string, Partial<Effect>, string, string | null]>([
    ['in percent', {}, '+20.0 %', '+10.0 % to +40.0 %'],
    ['as a factor beyond twofold', { estimate: 2, ...between(1.5, 3) }, '2.0×', '1.50× to 3.0×'],
    ['without an upper limit', between(1.1, Infinity), '+20.0 %', 'from +10.0 %, no upper limit'],
    [
      'where the candidate gives no answer',
      { candidate: Infinity, estimate: Infinity, ...between(1.9, Infinity) },
      '∞',
      'from +90.0 %, no upper limit',
    ],
    [
      'where even the lower limit is no answer',
      { candidate: Infinity, estimate: Infinity, ...between(Infinity, Infinity) },
      '∞',
      null,
    ],
    [
      'where neither gives one',
      { production: Infinity, candidate: Infinity, estimate: 1, ...between(0, Infinity) },
      '—',
      null,
    ],
    [
      'where the candidate has none',
      { candidate: 0, estimate: 0, ...between(0, 0) },
      '−100 %',
      'no lower limit, to −100 %',
    ],
    ['where production has none', { production: 0, estimate: Infinity, ...between(0, Infinity) }, '—', null],
  ])('%s', (_, parts, change, interval) => {
    const row = changeOf({ ...effect, ...parts })
    expect([row.change, row.interval].map((text) => text?.replaceAll('\u00a0', ' ') ?? null)).toEqual([
      change,
      interval,
    ])
  })
})

test('one change beyond twofold makes factors of a whole table', () => {
  const changes = (estimates: readonly number[]) =>
    quantileRows(
      estimates.map((estimate) => at({ estimate })),
      words,
    ).map(({ change }) => change.replaceAll('\u00a0', ' '))
  expect(changes([1.2, 1.5])).toEqual(['+20.0 %', '+50.0 %'])
  expect(changes([1.2, 3])).toEqual(['1.20×', '3.0×'])
})

describe('the plot', () => {
  test('holds estimates, intervals, limits and the noise floor', () => {
    const noise = { estimate: 1, interval: { low: 0.7, high: 1.05, level: 0.9 }, pairs: 40 }
    const chart = shiftChart([at({ noise }), at({ metric: 'latency-p90' }, 0.9)], [rule])
    expect(chart?.domain[0]).toBeLessThanOrEqual(0.7)
    expect(chart?.domain[1]).toBeGreaterThanOrEqual(1.4)
    expect(chart?.points.map(({ name, limits, noise: floor }) => [name, limits, floor?.low ?? null])).toEqual([
      ['p50', [1.2], 0.7],
      ['p90', [], null],
    ])
    expect(chart?.key).toMatch(/90.% interval.*Grey is what production shows.*Dashed/)
  })

  test('has no limit where the rule is about a segment', () => {
    const chart = shiftChart([at({})], [{ ...rule, segment: { key: 'task', value: 'x' } }])
    expect(chart?.points[0]?.limits).toEqual([])
    expect(chart?.key).not.toMatch(/Dashed|Grey/)
  })

  test('cuts off an interval that would make the others unreadable', () => {
    const chart = shiftChart([at({}), at(between(1.1, 5000), 0.99)], [])
    expect(chart?.domain[1]).toBeLessThan(4)
    expect(chart?.key).toMatch(/An arrow/)
    expect(shiftChart([at({})], [])?.key).not.toMatch(/An arrow/)
  })

  test('says where no change is', () => {
    expect(shiftChart([at({})], [])?.ticks.filter(({ label }) => label === 'same')).toEqual([
      { value: 1, label: 'same' },
    ])
  })

  test('has an axis for arms that are the same', () => {
    const [low = 1, high = 1] = shiftChart([at({ estimate: 1, ...between(1, 1) })], [])?.domain ?? []
    expect([low < 1, high > 1]).toEqual([true, true])
  })

  test('draws no estimate where an arm gives no answer', () => {
    const infinite = at({ candidate: Infinity, estimate: Infinity, ...between(1.9, Infinity) }, 0.99)
    expect(shiftChart([at({}), infinite], [])?.points.map(({ ratio }) => ratio)).toEqual([1.2, null])
    expect(shiftChart([infinite], [])).toBeNull()
  })
})

describe('latency', () => {
  const numbers = (of: readonly number[]) => ({ production: Float64Array.from(of), candidate: Float64Array.from(of) })
  const tokens = { input: numbers([]), output: numbers([]), cached: null }
  const model = reportModel(reportInput())

  test('says how many calls got no answer', () => {
    expect(model.latency.told.join()).toMatch(/of 1,969\u00a0candidate calls .* got no answer/)
  })

  test.each([
    ['nothing was measured', [], 'No latency was measured.'],
    ['there is one pair', [5], 'One pair alone tells nothing of how latencies are spread.'],
    ['there are two', [5, 6], null],
  ])('where %s', (_, of, none) => {
    const { latency } = reportModel(reportInput(spreadOf({ latencies: numbers(of), tokens, noise: null })))
    expect(latency.none).toBe(none)
    expect(latency.quantiles.length > 0).toBe(none === null)
  })

  test('the marks in the picture are the figures in the table', () => {
    const { chart, quantiles } = model.latency
    const inTable = quantiles.filter(({ name }) => name === 'p50' || name === 'p95')
    expect(chart?.arms.candidate.marks.map(({ label }) => label)).toEqual(inTable.map(({ candidate }) => candidate))
  })

  test('says where a rule keeps the interval of a look', () => {
    const input = reportInput()
    const findings = input.verdict.findings.map((finding) =>
      finding.effect?.metric === 'latency-p50' && finding.rule.segment === null
        ? { ...finding, effect: { ...finding.effect, interval: { low: 0.9, high: 1.1, level: 0.98 } } }
        : finding,
    )
    const looked = reportModel(reportInput({ verdict: { ...input.verdict, findings } }))
    expect(looked.latency.told.join()).toMatch(/judged along the way/)
    expect(model.latency.told.join()).not.toMatch(/judged along the way/)
  })
})
