// Score tables made by hand, from the numbers of each record.

import type { Evidence } from '../../src/core/judgement.ts'
import type { Comparison, MeasureRow } from '../../src/core/types.ts'
import { buildScoreTable, type ScoredRecord } from '../../src/score/columns.ts'
import { evidenceOf } from '../../src/score/effects.ts'
import { metrics } from '../../src/score/metrics/index.ts'
import { columnsOf, row } from './calls.ts'

/** The measures of one metric in one comparison, record by record; null where a record has none. */
export interface Measured {
  readonly metric: string
  readonly comparison?: Comparison
  readonly production?: readonly (number | null)[]
  readonly productionWeight?: readonly number[]
  readonly candidate: readonly (number | null)[]
  readonly candidateWeight?: readonly number[]
}

export interface Layout {
  readonly clusters?: readonly (string | number | null)[]
  readonly segments?: readonly Readonly<Record<string, string>>[]
  readonly measured: readonly Measured[]
}

export interface Parts {
  readonly records: readonly ScoredRecord[]
  readonly rows: readonly MeasureRow[]
}

export function partsOf({ clusters, segments, measured }: Layout): Parts {
  const size = Math.max(...measured.map(({ candidate }) => candidate.length))
  const records = Array.from({ length: size }, (_, index) => {
    const cluster = clusters?.[index] ?? null
    return { id: `r${index}`, cluster: cluster === null ? null : String(cluster), segments: segments?.[index] ?? {} }
  })
  return { records, rows: measured.flatMap(rowsOf) }
}

function rowsOf(measured: Measured): MeasureRow[] {
  const { metric, comparison = 'candidate', production, productionWeight, candidate, candidateWeight } = measured
  return candidate.flatMap((number, index) => {
    const left = production?.[index] ?? null
    const head = { ordinal: index, comparison }
    if (number === null) return [row(metric, { ...head, absent: 'no-reply' })]
    return [
      row(metric, {
        ...head,
        production: left,
        candidate: number,
        productionWeight: productionWeight?.[index] ?? null,
        candidateWeight: candidateWeight?.[index] ?? null,
      }),
    ]
  })
}

/** Evidence of all metrics at 95 % a side. */
export function evidenceIn({ records, rows }: Parts, segments: readonly string[] = []): Evidence[] {
  return evidenceOf(buildScoreTable(records, columnsOf(rows)), { metrics, segments, level: 0.95 })
}

/** Evidence of one summary over all records. */
export function evidenceFor(summary: string, layout: Layout): Evidence {
  const found = evidenceIn(partsOf(layout)).find((each) => each.metric === summary)
  if (!found) throw new Error(`no evidence is called ${summary}`)
  return found
}
