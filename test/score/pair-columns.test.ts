// What a store keeps of pairs is of one version: whoever changes what is said of the same measures must raise it.

import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import type { MeasureRow } from '../../src/core/types.ts'
import { groupChanges } from '../../src/score/changes/group.ts'
import { pairColumns, pairColumnsVersion } from '../../src/score/pair-columns.ts'
import { columnsOf, row } from './calls.ts'

/** Of three hundred pairs, measures that have all ways to stand and to change. */
function seededMeasures(): MeasureRow[] {
  const random = seededBy(3, 'measures')
  const isRare = () => random.below(10) === 0
  const shares = ['answered', 'refused', 'finished', 'json-valid', 'json-kept', 'assert-polite']
  return Array.from({ length: 300 }, (_, ordinal) => {
    const usual = (metric: string) => Number(metric !== 'refused')
    const sides = shares.map((metric) => {
      const [production, candidate] = [usual(metric), usual(metric)].map((each) => (isRare() ? 1 - each : each))
      return row(metric, { ordinal, production: production ?? 0, candidate: candidate ?? 0 })
    })
    const numbers = ['output-tokens', 'answer-length', 'latency', 'cost'].map((metric) =>
      row(metric, { ordinal, production: 1 + random.below(500), candidate: 1 + random.below(500) }),
    )
    const mask = isRare() ? 0 : 1 << random.below(23)
    const candidateWeight = isRare() ? random.below(3) : null
    const alike = row('text-similarity', { ordinal, candidate: random.below(101) / 100 })
    return [
      ...sides,
      ...numbers,
      alike,
      row('same-tool-calls', { ordinal, candidate: Number(!isRare()) }),
      row('change', { ordinal, candidate: mask, candidateWeight }),
      ...(ordinal % 4 === 0 ? [{ ...alike, comparison: 'noise' as const, candidate: 0.9 }] : []),
      ...(ordinal % 4 === 0 ? [row('change', { ordinal, comparison: 'noise', candidate: 1 << 21 })] : []),
    ]
  }).flat()
}

/** The digest of each version, for ever: a new one is a new line. */
const digests: Readonly<Record<number, string>> = {
  1: 'd4f2cdcb2d9fef56',
}

it('columns of another content are of another version', () => {
  const measures = columnsOf(seededMeasures())
  const records = Array.from({ length: 300 }, (_, ordinal) => ({
    id: `r${ordinal}`,
    cluster: null,
    segments: { task: `t${ordinal % 3}` },
  }))
  const grouped = groupChanges({ measures, records, segmentKey: 'task', opinions: new Map(), judge: null })
  const columns = pairColumns({ measures, records, clusterOf: grouped?.clusterOf ?? new Map() })
  const numbers = Object.entries(columns.numbers).map(([name, of]) => [name, Array.from(of, String)])
  const told = JSON.stringify([{ ...columns, numbers }, grouped?.changes.clusters])
  const digest = createHash('sha256').update(told).digest('hex').slice(0, 16)
  expect(digest, 'raise pairColumnsVersion, and add its digest here').toBe(digests[pairColumnsVersion])
})
