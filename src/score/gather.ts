// Measures row by row → columns, where no store has put them in order.

import { absenceReasons, comparisons, type MeasureColumn, type MeasureRow, present } from '../core/types.ts'

export interface Gathering {
  readonly add: (rows: readonly MeasureRow[]) => void
  /** A column for each metric and comparison, in the order of the run. */
  readonly columns: () => MeasureColumn[]
}

/** Takes rows in whatever order; of each record, metric and comparison one. */
export function gatherColumns(): Gathering {
  const groups = new Map<string, MeasureRow[]>()
  return {
    add: (rows) => {
      for (const row of rows) {
        const key = `${row.metric} ${comparisons.indexOf(row.comparison)}`
        const group = groups.get(key)
        if (group) group.push(row)
        else groups.set(key, [row])
      }
    },
    columns: () => [...groups.values()].map(columnOf),
  }
}

function columnOf(rows: readonly MeasureRow[]): MeasureColumn {
  const sorted = rows.toSorted((a, b) => a.ordinal - b.ordinal)
  const numbers = (of: (row: MeasureRow) => number | null) => Float64Array.from(sorted, (row) => of(row) ?? 0)
  const [{ metric, comparison, version }] = sorted as [MeasureRow, ...MeasureRow[]]
  return {
    metric,
    comparison,
    version,
    ordinal: Int32Array.from(sorted, ({ ordinal }) => ordinal),
    production: numbers((row) => row.production),
    productionWeight: numbers((row) => row.productionWeight),
    candidate: numbers((row) => row.candidate),
    candidateWeight: numbers((row) => row.candidateWeight),
    absent: Uint8Array.from(sorted, ({ absent }) => (absent === null ? present : absenceReasons.indexOf(absent))),
  }
}
