// Rows → columns: in step, by metric and comparison, with clusters as dense ids.

import { describe, expect, it } from 'vitest'
import { buildScoreTable, filterColumn, type ScoredRecord } from '../../src/score/columns.ts'
import { row } from './calls.ts'

function records(...clusters: readonly (string | null)[]): ScoredRecord[] {
  return clusters.map((cluster, index) => ({
    id: `r${index}`,
    cluster,
    segments: { parity: index % 2 ? 'odd' : 'even' },
  }))
}

const rows = [
  row('latency', { recordId: 'r2', production: 20, candidate: 21 }),
  row('latency', { recordId: 'r0', production: 0, candidate: 1 }),
  row('latency', { recordId: 'r1', absent: 'excluded' }),
  row('latency', { recordId: 'r0', comparison: 'noise', production: 7, candidate: 8 }),
  row('cache-hit-rate', {
    recordId: 'r1',
    production: 1,
    productionWeight: 10,
    candidate: 2,
    candidateWeight: 20,
  }),
  row('latency', { recordId: 'gone', production: 9, candidate: 9 }),
]

describe('a table', () => {
  const table = buildScoreTable(records(null, null, null), rows)
  it('holds the measures of one metric in one comparison', () => {
    const { record, production, candidate, absent } = table.column('latency', 'candidate')
    expect([...record]).toEqual([2, 0])
    expect([...production]).toEqual([20, 0])
    expect([...candidate]).toEqual([21, 1])
    expect(absent).toEqual([{ record: 1, why: 'excluded' }])
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
    expect([column.record.length, column.candidate.length, column.absent.length]).toEqual([0, 0, 0])
  })
  it('leaves out what belongs to none of its records', () => {
    expect([...table.column('latency', 'candidate').production]).not.toContain(9)
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

it('a filtered column keeps its arrays in step, absences too', () => {
  const { column } = buildScoreTable(records(null, null, null), rows)
  const even = filterColumn(column('latency', 'candidate'), (record) => record !== 2)
  expect([[...even.record], [...even.production], [...even.candidate]]).toEqual([[0], [0], [1]])
  expect(even.absent).toEqual([{ record: 1, why: 'excluded' }])
  const none = filterColumn(column('latency', 'candidate'), () => false)
  expect([none.record.length, none.candidateWeight.length, none.absent.length]).toEqual([0, 0, 0])
})
