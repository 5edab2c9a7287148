// Which pairs people see first, and the words beside them.

import { describe, expect, it } from 'vitest'
import type { MeasureRow } from '../../src/core/types.ts'
import { type ChangeKindName, changeKinds } from '../../src/score/changes/kinds.ts'
import { pairTable } from '../../src/score/pair-table.ts'
import { columnsOf, row } from './calls.ts'

const sides = (metric: string, production: number | null, candidate: number | null, ordinal = 0) =>
  row(metric, { ordinal, production, candidate })
const alike = (candidate: number, ordinal = 0) => row('text-similarity', { ordinal, candidate })

/** Ranks the pairs of these measures; those that are silent about it were answered on both sides. */
function rank(rows: readonly MeasureRow[]) {
  const told = new Set(rows.filter(({ metric }) => metric === 'answered').map(({ ordinal }) => ordinal))
  const silent = new Set(rows.map(({ ordinal }) => ordinal).filter((ordinal) => !told.has(ordinal)))
  const answered = [...silent].map((ordinal) => sides('answered', 1, 1, ordinal))
  return tableOf([...rows, ...answered])
}

function tableOf(rows: readonly MeasureRow[]) {
  const table = pairTable({ measures: columnsOf(rows), records: [], clusterOf: new Map() })
  return table.rows.map((each) => ({ ...each, reasons: table.reasonsOf(each) }))
}

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
    ['half as slow again', [sides('latency', 100, 150)], ['1.5× slower']],
    ['hardly slower', [sides('latency', 100, 149)], []],
    ['faster', [sides('latency', 100, 10)], []],
    ['a timeout is told by the lack of an answer', [sides('latency', 100, Infinity)], []],
    ['slower than nothing at all', [sides('latency', 0, 100)], []],
    ['production timed out', [sides('latency', Infinity, 100)], []],
    ['longer', [sides('output-tokens', 10, 40)], ['4.0× longer']],
    ['shorter', [sides('output-tokens', 40, 10)], ['4.0× shorter']],
    ['empty', [sides('output-tokens', 40, 0)], []],
    ['an excluded pair', [row('answered', { absent: 'excluded' }), row('text-similarity', { absent: 'excluded' })], []],
    [
      'several, worst first',
      [sides('latency', 1, 8), alike(0.5), sides('refused', 0, 1), sides('finished', 1, 0)],
      ['newly refused', 'cut at the limit', '50 % of the words in common', '8.0× slower'],
    ],
    ['what the noise floor shows is none of the candidate’s', [{ ...alike(0.2), comparison: 'noise' }], []],
  ])('%s', (_, rows, reasons) => {
    expect(rank(rows)).toMatchObject([{ ordinal: 0, reasons }])
  })
})

describe('the ranking', () => {
  it('puts the worst first, and equals in the order of the run', () => {
    const rows = [alike(0.5, 11), alike(0.5, 2), alike(1, 30), sides('refused', 0, 1, 20), sides('answered', 1, 0, 40)]
    const order = (from: readonly MeasureRow[]) => rank(from).map(({ ordinal }) => ordinal)
    expect(order(rows)).toEqual([40, 20, 2, 11, 30])
    expect(order(rows.toReversed())).toEqual([40, 20, 2, 11, 30])
  })
  it('holds every pair, also those that do not vote, and of those nothing but their place', () => {
    const excluded = [
      row('answered', { ordinal: 1, absent: 'excluded' }),
      row('latency', { ordinal: 1, absent: 'excluded' }),
    ]
    expect(rank([alike(0.5), ...excluded])).toMatchObject([
      { ordinal: 0 },
      { ordinal: 1, badness: 0, reasons: [], similarity: null, noiseSimilarity: null },
    ])
  })
  it('has every badness finite, and none below zero', () => {
    const rows = [
      sides('latency', 1, 1e12, 0),
      sides('output-tokens', 1, 1e12, 1),
      sides('output-tokens', 1e12, 1, 2),
      alike(0, 3),
      sides('answered', 0, 1, 4),
    ]
    const ranked = rank(rows)
    expect(ranked).toHaveLength(5)
    expect(ranked.filter(({ badness }) => !(badness >= 0 && badness <= 10))).toEqual([])
  })
  it('keeps the likeness, and production’s with itself', () => {
    const rows = [alike(0.5), { ...alike(0.9), comparison: 'noise' as const }]
    expect(rank(rows)).toMatchObject([{ similarity: 0.5, noiseSimilarity: 0.9 }])
    expect(rank([sides('answered', 1, 1)])).toMatchObject([{ similarity: null, noiseSimilarity: null }])
  })
  it('of nothing is empty', () => {
    expect(tableOf([])).toEqual([])
  })
})

describe('how a pair stands', () => {
  const changed = (kind: ChangeKindName) =>
    row('change', { candidate: 2 ** (changeKinds.find(({ name }) => name === kind)?.bit ?? 0) })
  it.each<[string, MeasureRow[], string]>([
    ['the same words', [alike(1)], 'same'],
    ['slower with the same words', [alike(1), sides('latency', 100, 900)], 'same'],
    ['other words', [alike(0.9)], 'changed'],
    ['another call', [row('same-tool-calls', { candidate: 0 })], 'changed'],
    ['reworded', [changed('reworded')], 'changed'],
    ['newly refused', [alike(0.1), sides('refused', 0, 1)], 'regressed'],
    ['no longer refused: good or bad, a reader tells', [alike(0.1), sides('refused', 1, 0)], 'changed'],
    ['no longer cut', [alike(0.5), sides('finished', 0, 1)], 'improved'],
    ['no longer cut, and newly refused', [sides('finished', 0, 1), sides('refused', 0, 1)], 'regressed'],
    ['a check lost', [alike(1), sides('assert-polite', 1, 0)], 'regressed'],
    ['a check won', [alike(1), sides('assert-polite', 0, 1)], 'improved'],
    ['in another language', [changed('language')], 'regressed'],
    ['a tool no longer called', [row('same-tool-calls', { candidate: 0 }), changed('tool-call-lost')], 'regressed'],
    ['no answer', [sides('answered', 1, 0)], 'regressed'],
    ['production had none', [sides('answered', 0, 1)], 'improved'],
  ])('%s', (_, rows, standing) => {
    expect(rank(rows)).toMatchObject([{ standing }])
  })
  it('says who refused and who did not answer, whichever arm', () => {
    const [neither, both] = [
      { production: false, candidate: false },
      { production: true, candidate: true },
    ]
    expect(rank([sides('refused', 1, 1), sides('answered', 1, 1)])).toMatchObject([{ refused: both, failed: neither }])
    expect(rank([sides('refused', 0, 0), sides('answered', 0, 0)])).toMatchObject([{ refused: neither, failed: both }])
    expect(rank([row('answered', { absent: 'excluded' })])).toMatchObject([{ refused: neither, failed: neither }])
  })
})
