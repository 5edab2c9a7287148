// One suite over the metrics roster, and a table for each metric.

import { describe, expect, it } from 'vitest'
import { unreachable } from '../../src/core/fault.ts'
import { costUsd } from '../../src/core/price.ts'
import type { Arm, Measure, Price, StopReason } from '../../src/core/types.ts'
import { rolloutRules } from '../../src/gate/policy.ts'
import { absent, type MeasureContext, type Metric, value } from '../../src/score/metric.ts'
import { metrics, summaryNamed, summaryNames } from '../../src/score/metrics/index.ts'
import { broken, cancelled, noPrices, rateLimited, rejected, replied, timedOut, usage } from './calls.ts'

const prices = {
  prices: { production: { input: 2, output: 8 }, candidate: { input: 1, cachedInput: 0.5, output: 4 } },
  reportsCache: { production: false, candidate: false },
  asked: null,
  record: null,
  judged: null,
}

function metricNamed(name: string): Metric {
  const found = metrics.find((metric) => metric.name === name)
  if (!found) throw new Error(`no metric is called ${name}`)
  return found
}

/** A metric of one call; of a call and itself where it is about two. */
function measure(
  metric: Metric,
  call: ReturnType<typeof replied>,
  arm: Arm = 'candidate',
  context: MeasureContext = prices,
): Measure {
  switch (metric.on) {
    case 'side':
      return metric.measure(call, arm, context)
    case 'pair':
      return metric.measure(call, call, context)
    case 'both':
      return metric.measure(call, call, context).right
    default:
      return unreachable(metric)
  }
}

const failures = { rejected, rateLimited, timedOut, broken, cancelled }
const replies = {
  plain: replied(),
  'streamed with the cache': replied(
    { usage: { ...usage, cachedInput: 64, reasoning: 3 } },
    { firstTokenMs: 120, latencyMs: 0.25 },
  ),
  'without usage': replied({ usage: null }),
  'without any token': replied({ text: '', usage: { input: 0, output: 0, cachedInput: 0, reasoning: 0 } }),
  'more cached than read': replied({ usage: { ...usage, cachedInput: 5000 } }),
  'tool call': replied({ text: '', toolCalls: [{ name: 'search', arguments: '{"q":' }], stop: 'tool' }),
  refused: replied({ text: "I'm sorry, but I can't help with that.", stop: 'refused' }),
  'of a batch': replied({}, { latencyMs: null, firstTokenMs: null }),
  'no stop reason': replied({ stop: 'unknown', servedModel: null }),
  'lone surrogates and NUL': replied({ text: '\u0000\ud800 \udc00' }),
}
const calls = { ...failures, ...replies }

describe('the roster', () => {
  it('has unique names, of metrics and of summaries', () => {
    expect(metrics.map(({ name }) => name)).toEqual([...new Set(metrics.map(({ name }) => name))])
    expect(summaryNames).toEqual([...new Set(summaryNames)])
  })
  it('finds each summary with its metric, and nothing for other words', () => {
    for (const metric of metrics) {
      for (const summary of metric.summaries) expect(summaryNamed(summary.name)).toEqual({ metric, summary })
    }
    expect([summaryNamed('latency'), summaryNamed('constructor'), summaryNamed('')]).toEqual([null, null, null])
  })
  it('knows every word of the default policy', () => {
    expect(rolloutRules.map(({ metric }) => metric).filter((name) => !summaryNames.includes(name))).toEqual([])
  })
})

describe.each(metrics.map((metric) => [metric.name, metric] as const))('%s', (name, metric) => {
  it('is named and versioned, and has summaries unless no rule is about it', () => {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(metric.title).toMatch(/^[A-Z]/)
    expect(Number.isInteger(metric.version) && metric.version >= 1).toBe(true)
    expect(metric.summaries.length > 0 || name === 'change').toBe(true)
    const wrong = metric.summaries.filter(
      (summary) =>
        !summary.name.startsWith(name) ||
        !(Number.isInteger(summary.minPairs) && summary.minPairs >= 0) ||
        // Nothing but a metric for users may be judged by a handful of pairs.
        (summary.minPairs < 20 && summary.method.kind !== 'users-only'),
    )
    expect(wrong).toEqual([])
  })
  it.each(Object.entries(failures))('of a call that was %s is absent, but for what failing itself means', (_, call) => {
    const expected =
      name === 'answered'
        ? [value(0)]
        : [value(Infinity), absent('no-reply'), absent('not-reported'), absent('not-asked')]
    expect(expected).toContainEqual(measure(metric, call))
  })
  it.each(Object.entries(calls))('of a call that was %s is a number or absent, and the same each time', (_, call) => {
    const measured = measure(metric, call)
    expect(measure(metric, structuredClone(call))).toEqual(measured)
    if (measured.kind === 'absent') return
    expect(measured.value).toBeGreaterThanOrEqual(0)
    if (metric.summaries.some(({ method }) => method.kind === 'repeat-share'))
      expect(Number.isSafeInteger(measured.value)).toBe(true)
    else if (metric.unit === 'share' && measured.weight === undefined) expect(measured.value).toBeLessThanOrEqual(1)
    if (measured.weight !== undefined) {
      expect(measured.weight).toBeGreaterThan(0)
      expect(measured.value).toBeLessThanOrEqual(measured.weight)
    }
  })
})

describe('answered', () => {
  it.each([
    ['an answer', replied(), 1],
    ['an answer that refuses', replied({ stop: 'refused' }), 1],
    ['an empty answer', replied({ text: ' \n' }), 0],
    ['an empty answer that calls a tool', replied({ text: '', toolCalls: [{ name: 'f', arguments: '{}' }] }), 1],
    ['an empty refusal', replied({ text: '', stop: 'refused' }), 1],
    ['an error', rejected, 0],
    ['a timeout', timedOut, 0],
    ['a broken stream', broken, 0],
  ])('%s', (_, call, expected) => {
    expect(measure(metricNamed('answered'), call)).toEqual(value(expected))
  })
})

describe('refused', () => {
  const apology = "I'm sorry, but I can't help with that."
  it.each([
    ['an answer', replied(), value(0)],
    ['the provider says so, whatever the text', replied({ stop: 'refused', text: 'Paris.' }), value(1)],
    ['a filter cut it', replied({ stop: 'filtered', text: '' }), value(1)],
    ['the text declines', replied({ text: apology }), value(1)],
    [
      'it calls a tool, whatever the text',
      replied({ text: apology, toolCalls: [{ name: 'f', arguments: '' }] }),
      value(0),
    ],
    ['a filter cut its tool call', replied({ stop: 'filtered', toolCalls: [{ name: 'f', arguments: '' }] }), value(1)],
    ['an empty text', replied({ text: '' }), value(0)],
    ['no answer', timedOut, absent('no-reply')],
  ])('%s', (_, call, expected) => {
    expect(measure(metricNamed('refused'), call)).toEqual(expected)
  })
})

describe('finished', () => {
  it.each([
    ['end', value(1)],
    ['tool', value(1)],
    ['filtered', value(1)],
    ['refused', value(1)],
    ['length', value(0)],
    ['unknown', absent('not-reported')],
  ] satisfies [StopReason, Measure][])('%s', (stop, expected) => {
    expect(measure(metricNamed('finished'), replied({ stop }))).toEqual(expected)
  })
})

describe('cache-hit-rate', () => {
  it.each([
    ['cached tokens of the input', { ...usage, cachedInput: 64 }, value(64, 100)],
    ['none cached, and said so', { ...usage, cachedInput: 0 }, value(0, 100)],
    ['not said: no zero', { ...usage, cachedInput: null }, absent('not-reported')],
    ['no input at all', { ...usage, input: 0, cachedInput: 0 }, absent('not-reported')],
    ['more cached than input', { ...usage, cachedInput: 101 }, absent('not-reported')],
    ['no usage', null, absent('not-reported')],
  ])('%s', (_, own, expected) => {
    expect(measure(metricNamed('cache-hit-rate'), replied({ usage: own }))).toEqual(expected)
  })
})

describe('cost', () => {
  const price: Price = { input: 2, cachedInput: 0.5, output: 8 }
  it.each([
    ['input and output', usage, { input: 2, output: 8 }, 100 * 2 + 10 * 8],
    ['cached input at its own price', { ...usage, cachedInput: 60 }, price, 40 * 2 + 60 * 0.5 + 10 * 8],
    ['cached input at the full price where it has none', { ...usage, cachedInput: 60 }, { input: 2, output: 8 }, 280],
    ['cached input beside the input', { ...usage, cachedInput: 300 }, price, 100 * 2 + 300 * 0.5 + 10 * 8],
    ['no prices', usage, { input: 0, output: 0 }, 0],
  ])('%s', (_, own, at, dollarsPerMillion) => {
    expect(costUsd(own, at)).toBeCloseTo(dollarsPerMillion / 1e6, 15)
  })
  it('is taken at the price of the arm', () => {
    const cost = metricNamed('cost')
    expect(measure(cost, replied(), 'production')).toEqual(value(280 / 1e6))
    expect(measure(cost, replied(), 'candidate')).toEqual(value(140 / 1e6))
  })
  it('without a price is absent, and says that rather than what else is missing', () => {
    expect(measure(metricNamed('cost'), timedOut, 'candidate', noPrices)).toEqual(absent('no-price'))
  })
})

describe('the rest', () => {
  it.each([
    ['latency', replied({}, { latencyMs: 123.5 }), value(123.5)],
    ['latency', timedOut, value(Infinity)],
    ['latency', replied({}, { latencyMs: null }), absent('not-measured')],
    ['latency', replied({}, { latencyMs: 0 }), value(0)],
    ['ttft', replied({}, { firstTokenMs: 40 }), value(40)],
    ['ttft', replied({}, { firstTokenMs: null }), absent('not-streamed')],
    ['ttft', broken, value(Infinity)],
    ['output-tokens', replied(), value(10)],
    ['total-tokens', replied(), value(110)],
    ['total-tokens', replied({ usage: null }), absent('not-reported')],
    ['feedback', replied(), absent('not-reported')],
  ])('%s', (name, call, expected) => {
    expect(measure(metricNamed(name), call)).toEqual(expected)
  })
  it.each([
    ['same-text', 'Paris.', 'Paris.\n', value(1)],
    ['same-text', 'Paris.', 'paris.', value(0)],
    ['text-similarity', 'a b c d', 'a b x y', value(0.5)],
    ['text-similarity', '', '', value(1)],
  ])('%s of %j and %j', (name, left, right, expected) => {
    const metric = metricNamed(name)
    if (metric.on !== 'pair') throw new Error(`${name} is not about a pair`)
    expect(metric.measure(replied({ text: left }), replied({ text: right }), prices)).toEqual(expected)
    expect(metric.measure(replied({ text: left }), timedOut, prices)).toEqual(absent('no-reply'))
    expect(metric.measure(timedOut, replied({ text: right }), prices)).toEqual(absent('no-reply'))
  })
})
