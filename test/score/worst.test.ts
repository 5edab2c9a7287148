// Which pairs people see first, and the words beside them.

import { describe, expect, it } from 'vitest'
import type { MeasureRow } from '../../src/core/types.ts'
import { outcomeWords, rankPairs } from '../../src/score/worst.ts'
import { broken, cancelled, failed, rateLimited, rejected, replied, row, timedOut } from './calls.ts'

const sides = (metric: string, production: number | null, candidate: number | null, id = 'r0') =>
  row(metric, { recordId: id, production, candidate })
const alike = (candidate: number, id = 'r0') => row('text-similarity', { recordId: id, candidate })

describe('the reasons of a pair', () => {
  it.each<[string, MeasureRow[], string[]]>([
    ['nothing to say', [sides('answered', 1, 1), sides('refused', 0, 0), alike(1)], []],
    ['no answer', [sides('answered', 1, 0)], ['not answered']],
    ['an answer where production had none', [sides('answered', 0, 1)], ['answered again']],
    ['a refusal', [sides('refused', 0, 1)], ['newly refused']],
    ['no refusal any more', [sides('refused', 1, 0)], ['no longer refused']],
    ['cut', [sides('finished', 1, 0)], ['cut at the limit']],
    ['whole again', [sides('finished', 0, 1)], ['no longer cut']],
    ['other words', [alike(0.314)], ['31 % of the words in common']],
    ['half as slow again', [sides('latency', 100, 150)], ['1.5 × slower']],
    ['hardly slower', [sides('latency', 100, 149)], []],
    ['faster', [sides('latency', 100, 10)], []],
    ['a timeout is told by the lack of an answer', [sides('latency', 100, Infinity)], []],
    ['slower than nothing at all', [sides('latency', 0, 100)], []],
    ['production timed out', [sides('latency', Infinity, 100)], []],
    ['longer', [sides('output-tokens', 10, 40)], ['4.0 × longer']],
    ['shorter', [sides('output-tokens', 40, 10)], ['4.0 × shorter']],
    ['empty', [sides('output-tokens', 40, 0)], []],
    ['an excluded pair', [row('answered', { absent: 'excluded' }), row('text-similarity', { absent: 'excluded' })], []],
    [
      'several, worst first',
      [sides('latency', 1, 8), alike(0.5), sides('refused', 0, 1), sides('finished', 1, 0)],
      ['newly refused', 'cut at the limit', '50 % of the words in common', '8.0 × slower'],
    ],
    ['what the noise floor shows is none of the candidate’s', [{ ...alike(0.2), comparison: 'noise' }], []],
  ])('%s', (_, rows, reasons) => {
    expect(rankPairs(rows)).toMatchObject([{ recordId: 'r0', reasons }])
  })
})

describe('the ranking', () => {
  it('puts the worst first, and equals in the order of their ids', () => {
    const rows = [
      alike(0.5, 'b'),
      alike(0.5, 'a'),
      alike(1, 'd'),
      sides('refused', 0, 1, 'c'),
      sides('answered', 1, 0, 'e'),
    ]
    const order = (from: readonly MeasureRow[]) => rankPairs(from).map(({ recordId }) => recordId)
    expect(order(rows)).toEqual(['e', 'c', 'a', 'b', 'd'])
    expect(order(rows.toReversed())).toEqual(['e', 'c', 'a', 'b', 'd'])
  })
  it('has every badness finite, and none below zero', () => {
    const rows = [
      sides('latency', 1, 1e12, 'a'),
      sides('output-tokens', 1, 1e12, 'b'),
      sides('output-tokens', 1e12, 1, 'c'),
      alike(0, 'd'),
      sides('answered', 0, 1, 'e'),
    ]
    expect(rankPairs(rows).filter(({ badness }) => !(badness >= 0 && badness <= 10))).toEqual([])
  })
  it('keeps the likeness, and production’s with itself', () => {
    const rows = [alike(0.5), { ...alike(0.9), comparison: 'noise' as const }]
    expect(rankPairs(rows)).toMatchObject([{ similarity: 0.5, noiseSimilarity: 0.9 }])
    expect(rankPairs([sides('answered', 1, 1)])).toMatchObject([{ similarity: null, noiseSimilarity: null }])
  })
  it('of nothing is empty', () => {
    expect(rankPairs([])).toEqual([])
  })
})

describe('how a call ended', () => {
  it.each([
    [replied(), false, 'answered'],
    [replied(), true, 'refused'],
    [replied({ stop: 'refused' }), false, 'refused'],
    [replied({ stop: 'length' }), false, 'cut at the limit'],
    [replied({ stop: 'tool' }), false, 'called a tool'],
    [replied({ stop: 'filtered' }), false, 'filtered'],
    [replied({ stop: 'unknown' }), false, 'answered'],
    [rejected, false, 'HTTP 500'],
    [rateLimited, false, 'HTTP 429 rate_limit_exceeded'],
    [broken, false, 'broken: connection reset'],
    [timedOut, false, 'timed out (total)'],
    [failed({ kind: 'timeout', phase: 'connect' }), false, 'timed out (connect)'],
    [cancelled, false, 'cancelled'],
  ])('%#', (call, isRefused, words) => {
    expect(outcomeWords(call, isRefused)).toBe(words)
  })
})
