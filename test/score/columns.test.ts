// The store's columns → the table: in step, without what is absent, with clusters as dense ids.

import { describe, expect, it } from 'vitest'
import { absenceReasons } from '../../src/core/types.ts'
import {
  buildScoreTable,
  type Column,
  countAbsent,
  partitionColumn,
  type ScoredRecord,
} from '../../src/score/columns.ts'
import { evidenceOf } from '../../src/score/effects.ts'
import { metrics } from '../../src/score/metrics/index.ts'
import { columnsOf, row } from './calls.ts'
import { partsOf } from './tables.ts'

function records(...clusters: readonly (string | null)[]): ScoredRecord[] {
  return clusters.map((cluster, index) => ({
    id: `r${index}`,
    cluster,
    segments: { parity: index % 2 ? 'odd' : 'even' },
  }))
}

const measures = columnsOf([
  row('latency', { ordinal: 2, production: 20, candidate: 21 }),
  row('latency', { ordinal: 0, production: 0, candidate: 1 }),
  row('latency', { ordinal: 1, absent: 'excluded' }),
  row('latency', { ordinal: 0, comparison: 'noise', production: 7, candidate: 8 }),
  row('cache-hit-rate', {
    ordinal: 1,
    production: 1,
    productionWeight: 10,
    candidate: 2,
    candidateWeight: 20,
  }),
])

const absences = ({ absent }: Column) =>
  Array.from(absent.record, (record, place) => ({ record, why: absenceReasons[absent.why[place] ?? -1] }))

describe('a table', () => {
  const table = buildScoreTable(records(null, null, null), measures)
  it('holds the measures of one metric in one comparison', () => {
    const column = table.column('latency', 'candidate')
    expect([...column.record]).toEqual([0, 2])
    expect([...column.production]).toEqual([0, 20])
    expect([...column.candidate]).toEqual([1, 21])
    expect(absences(column)).toEqual([{ record: 1, why: 'excluded' }])
    expect([...table.column('latency', 'noise').candidate]).toEqual([8])
  })
  it('holds weights', () => {
    const { productionWeight, candidateWeight } = table.column('cache-hit-rate', 'candidate')
    expect([[...productionWeight], [...candidateWeight]]).toEqual([[10], [20]])
  })
  it.each([
    ['a metric that was not measured', 'cost', 'candidate'],
    ['a comparison that was not made', 'latency', 'cross'],
  ] as const)('is empty for %s', (_, metric, comparison) => {
    const column = table.column(metric, comparison)
    expect([column.record.length, column.candidate.length, absences(column)]).toEqual([0, 0, []])
  })
})

describe('clusters', () => {
  const clusterOf = (...clusters: readonly (string | null)[]) => {
    const { cluster } = buildScoreTable(records(...clusters), [])
    return cluster && [...cluster]
  }
  it.each([
    ['no clusters: every record alone', [null, null, null], null],
    ['each its own: every record alone', ['a', 'b', null], null],
    ['conversations', ['a', 'b', 'a', 'b'], [0, 1, 0, 1]],
    ['conversations and single requests', ['a', null, 'a', null], [0, 1, 0, 2]],
    ['a conversation called like a single request', ['record 1', null, 'x', 'x'], [0, 1, 2, 2]],
    ['an empty name is a name', ['', '', null], [0, 0, 1]],
  ])('%s', (_, clusters, expected) => {
    expect(clusterOf(...clusters)).toEqual(expected)
  })
})

it('parts of a column keep their arrays in step, absences too', () => {
  const { column } = buildScoreTable(records(null, null, null), measures)
  const [none, even] = partitionColumn(column('latency', 'candidate'), Int32Array.of(1, 1, -1), 2)
  if (!even || !none) throw new Error('two parts were asked for')
  expect([[...even.record], [...even.production], [...even.candidate]]).toEqual([[0], [0], [1]])
  expect(absences(even)).toEqual([{ record: 1, why: 'excluded' }])
  expect([none.record.length, none.candidateWeight.length, absences(none)]).toEqual([0, 0, []])
})

it('absences are counted by reason', () => {
  const absent = (ordinal: number, why: (typeof absenceReasons)[number]) => row('ttft', { ordinal, absent: why })
  const all = [row('ttft', { ordinal: 0, candidate: 1 }), ...absenceReasons.map((why, index) => absent(index + 1, why))]
  const { column } = buildScoreTable(
    records(...all.map(() => null), null),
    columnsOf([...all, absent(all.length, 'not-measured')]),
  )
  expect(countAbsent(column('ttft', 'candidate'))).toEqual({
    ...Object.fromEntries(absenceReasons.map((why) => [why, 1])),
    'not-measured': 2,
  })
  expect(countAbsent(column('latency', 'candidate'))).toEqual({})
})

it('the store’s columns are read, and left as they are', () => {
  const production = Array.from({ length: 60 }, (_, index) => (index * 37) % 60)
  const measured = ['latency', 'output-tokens'].map((metric) => ({
    metric,
    production,
    candidate: production.toReversed(),
  }))
  const parts = partsOf({ measured, segments: production.map((each) => ({ half: each < 30 ? 'a' : 'b' })) })
  const columns = columnsOf(parts.rows)
  for (const { effect, limits } of evidenceOf(buildScoreTable(parts.records, columns), {
    metrics,
    segments: ['half'],
    level: 0.95,
  }))
    if (effect) limits(0.05)
  expect(columns).toEqual(columnsOf(parts.rows))
})
