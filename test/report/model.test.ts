// The report model: what decides and where a row stands on the forest's axis.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Decision, Effect, Rule } from '../../src/core/judgement.ts'
import { subjectOf } from '../../src/gate/words.ts'
import { findingRows } from '../../src/report/model/findings.ts'
import { forestRow } from '../../src/report/model/forest.ts'
import { maxShown, type PairModel } from '../../src/report/model/pairs.ts'
import { segmentTables } from '../../src/report/model/segments.ts'
import { reportModel } from '../../src/report/model.ts'
import { metricTitle } from '../../src/report/words.ts'
import { reportInput } from './fixture.ts'

const input = reportInput()
const model = reportModel(input)

const effect: Effect = {
  metric: 'm',
  segment: null,
  better: 'lower',
  unit: 'ms',
  pairs: 9,
  clusters: 9,
  absent: {},
  production: 1,
  candidate: 1,
  estimate: 1.2,
  scale: 'ratio',
  interval: { low: 1, high: 1.44, level: 0.9 },
  method: 'test',
  noise: null,
  typical: null,
  overTime: null,
}
const rule: Rule = { metric: 'm', segment: null, margin: 0.2, severity: 'block', mode: 'worse', stage: 'replay' }
const close = (value: number) => Math.round(value * 1e9) / 1e9

function deciding(decision: Decision): readonly string[] {
  const { findings } = reportModel(reportInput({ verdict: { ...input.verdict, decision } }))
  return findings.filter((row) => row.isDeciding).map((row) => `${row.metric} ${row.outcome}`)
}

function byId(id: string): PairModel | undefined {
  return model.examples.find((pair) => pair.id.startsWith(id))
}

describe('forest', () => {
  test('counts in margins on the log scale: no change is 0, the limit 1', () => {
    const row = forestRow(rule, effect)
    expect([row.low, row.estimate, row.high, ...row.limits].map(close)).toEqual([0, 1, 2, 1])
  })

  test('turns what is better higher, so that worse stays on the right', () => {
    const share = { ...effect, better: 'higher', scale: 'difference', unit: 'share', estimate: -0.02 } as const
    const row = forestRow({ ...rule, margin: 0.01 }, { ...share, interval: { low: -0.03, high: -0.01, level: 0.9 } })
    expect([row.low, row.estimate, row.high].map(close)).toEqual([1, 2, 3])
  })

  test('a rule that holds either way has two limits', () => {
    const row = forestRow({ ...rule, mode: 'either-way' }, effect)
    // The gate asks for more than 1 / 1.2 there, which is as far on a log scale.
    expect(row.limits.map(close)).toEqual([-1, 1])
  })

  test('an end without a limit stays infinite, a ratio of zero too', () => {
    const row = forestRow(rule, { ...effect, interval: { low: 0, high: Infinity, level: 0.9 } })
    expect([row.low, row.high]).toEqual([-Infinity, Infinity])
  })

  test('a rule without a margin has its limit on no change', () => {
    const row = forestRow({ ...rule, margin: 0, mode: 'difference' }, effect)
    expect(row.limits).toEqual([0])
    expect(close(row.estimate)).toBe(1)
  })
})

describe('what decides', () => {
  test('NO-GO: the blocking rules that failed, and they come first', () => {
    expect(deciding('NO-GO')).toEqual(['answered fail', 'latency-p95 fail', 'latency-p50 fail'])
    expect(model.findings.slice(0, 3).every((row) => row.isDeciding)).toBe(true)
  })

  test('INCONCLUSIVE: blocking rules not shown to hold, but none that the canary decides', () => {
    expect(deciding('INCONCLUSIVE')).toContain('ttft-p95 inconclusive')
    expect(deciding('INCONCLUSIVE').join()).not.toMatch(/feedback|refused/)
  })

  test('GO and INVALID rest on no single rule', () => {
    expect([...deciding('GO'), ...deciding('INVALID')]).toEqual([])
  })
})

describe('segments', () => {
  test('a segment whose finding failed comes right after all records', () => {
    const [table] = model.segments
    expect(table?.rows.slice(0, 2).map((row) => row.value)).toEqual([null, 'prime'])
  })

  test('an estimate beyond the limit is marked where no rule asked', () => {
    const prime = model.segments[0]?.rows[1]
    expect(prime?.cells.map((cell) => cell?.tone)).toEqual(['fail', 'beyond', 'beyond', 'plain'])
  })

  test.each([
    ['lower', 1.5, 'worse-2'],
    ['lower', 1.25, 'worse-1'],
    ['lower', 1.12, 'worse-0'],
    ['lower', 1.02, 'none'],
    ['lower', 0.9, 'better-0'],
    ['lower', 0.8, 'better-1'],
    ['lower', 0.5, 'better-2'],
    ['higher', 0.5, 'worse-2'],
  ] as const)('a cell is as warm as its effect is far from no change: %s is better, %s', (better, estimate, heat) => {
    const own = { ...effect, better, estimate, segment: { key: 'task', value: 'a' } }
    const [table] = segmentTables(reportInput({ effects: [own], policy: { ...input.policy, rules: [rule] } }))
    expect(table?.rows[1]?.cells[0]?.heat).toBe(heat)
  })

  test('a rule that holds either way has no better side', () => {
    const own = { ...effect, estimate: 0.5, segment: { key: 'task', value: 'a' } }
    const rules = [{ ...rule, mode: 'both-ways' as const }]
    const [table] = segmentTables(reportInput({ effects: [own], policy: { ...input.policy, rules } }))
    expect(table?.rows[1]?.cells[0]).toMatchObject({ heat: 'worse-2', tone: 'beyond' })
  })

  test.each([
    [1.46, 'blind below 46.0 %'],
    [Infinity, 'blind to any change'],
  ])('a cell that could not have failed says what it would have seen', (smallest, words) => {
    const segment = { key: 'task', value: 'a' }
    const blind = [{ segment, metric: 'm', pairs: 9, smallest }]
    const [table] = segmentTables(
      reportInput({
        effects: [
          { ...effect, segment },
          { ...effect, segment: { key: 'task', value: 'b' } },
        ],
        policy: { ...input.policy, rules: [rule] },
        verdict: { ...input.verdict, blind },
      }),
    )
    const cells = table?.rows.map(({ value, cells: [cell] }) => [value, cell?.blind?.replaceAll('\u00a0', ' ') ?? null])
    expect(cells?.slice(1)).toEqual([
      ['a', words],
      ['b', null],
    ])
  })
})

describe('pairs', () => {
  test('the stretches of a side join to its whole text', () => {
    const example = input.examples[1]
    const joined = byId('b81d')
      ?.candidate.parts.map((part) => part.text)
      .join('')
    expect(joined).toBe(example?.detail.candidate.text)
    const shared = byId('b81d')?.candidate.parts.filter(({ isShared }) => !isShared)
    expect(shared?.map(({ text }) => text)).toEqual(['rest =', '\n        if rest', 'rest'])
  })

  test('texts without a word in common stand unmarked, and that is said', () => {
    const pair = byId('3f0c')
    expect(pair?.production.parts.every((part) => part.isShared)).toBe(true)
    expect(pair?.note).toMatch(/no words in common/)
  })

  test('long texts are cut, and by how much is said', () => {
    const pair = input.examples.at(-1)
    const side = model.examples.at(-1)?.production
    expect(side?.parts.map((part) => part.text).join('').length).toBe(maxShown)
    const left = (pair?.detail.production.text.length ?? 0) - maxShown
    expect(side?.cutNote?.replaceAll(/[,\u00a0]/g, ' ')).toContain(left.toLocaleString('en').replaceAll(',', ' '))
  })
})

test('the tally counts what was not shown as skipped', () => {
  expect(model.tally).toBe('9 passed, 4 failed, 4 skipped')
})

test.each<readonly [why: string, because: string, gist: string]>([
  [
    'a failure',
    'worse by more than 10 pp: −85.63 pp, between −86.81 pp and −84.45 pp (90 % interval) over 1,504 pairs.',
    'Worse by more than 10 pp.',
  ],
  [
    'what it adds, and the look',
    "can't be told from 20 % worse: −3.0 %, between −9.0 % and no upper limit (90 % interval) over 1 pair (look 2); about 9 more pairs would decide it.",
    "Can't be told from 20 % worse (look 2); about 9 more pairs would decide it.",
  ],
  [
    'what has no figures',
    'nothing was measured: the API does not report it.',
    'Nothing was measured: the API does not report it.',
  ],
])('the gist of %s', (_, because, gist) => expect(gistOf(because)).toBe(gist))

test('the gist of every sentence of the gate is without its figures', () => {
  const sentences = readFileSync(new URL('../gate/golden/sentences.txt', import.meta.url), 'utf8')
  const measured = sentences.split('\n').filter((line) => / interval\) over /.test(line))
  expect(measured.length).toBeGreaterThan(5)
  for (const line of measured) expect(gistOf(line.slice(line.indexOf(': ') + 2)), line).not.toMatch(/interval|over \d/)
})

function gistOf(because: string): string | undefined {
  const [first] = input.verdict.findings
  if (first === undefined) throw new Error('the fixture has findings')
  const finding = { ...first, because: `${subjectOf(first.rule.metric, first.rule.segment)}: ${because}` }
  const [row] = findingRows({ ...input, verdict: { ...input.verdict, findings: [finding] } })
  return row?.gist.replaceAll('\u00a0', ' ')
}

test('a sentence does not name its metric again', () => {
  const row = model.findings.find(({ metric, segment }) => metric === 'ttft-p95' && segment === null)
  expect(row?.because).toMatch(/^Can't be told/)
})

test('what the sentence of an INVALID run says is not said twice', () => {
  const verdict = { ...input.verdict, decision: 'INVALID' as const, because: 'Why: a.', invalid: ['a', 'b'] }
  expect(reportModel(reportInput({ verdict })).invalid).toEqual(['b'])
})

test.each([
  ['ttft-p95', 'Time to first token p95'],
  ['cache-hit-rate', 'Cache-hit rate'],
  ['my-own-check', 'My own check'],
  ['json-valid', 'Valid JSON'],
])('the metric %s is called %s', (name, title) => expect(metricTitle(name)).toBe(title))

describe('a run in batches', () => {
  const { asked } = reportModel(reportInput({ run: { ...input.run, replay: { ...input.run.replay, lane: 'batch' } } }))
  test('is said to be one, beside its cost and its pace', () => {
    expect(asked.cost).toBe(`${model.asked.cost}, at half the price (batches)`)
    expect(asked.groups.flatMap(({ facts }) => facts).find(({ name }) => name === 'Pace')?.value).toContain(
      'batch API: at half the price',
    )
    expect(asked.notes[0]).toContain('there are no latencies')
  })
})
