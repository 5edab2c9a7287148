// What a bench hands back, and how it is printed: tables for people, one JSON document for machines.

import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

export type Row = Readonly<Record<string, string | number | null>>

export interface Table {
  readonly title: string
  /** Columns are the keys of the first row, their units in the name. */
  readonly rows: readonly Row[]
}

export interface BenchResult {
  readonly tables: readonly Table[]
  /** What a reader of the numbers must know. */
  readonly remarks: readonly string[]
}

export type Machine = ReturnType<typeof machine>

/** Called before a bench: the load is then that of what else runs. */
export function machine() {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    loadBefore: loadavg()[0] ?? 0,
  }
}

export function machineLine({ cores, cpu, memoryGb, node, platform, loadBefore }: Machine): string {
  const parts = [
    `${cores} cores (${cpu})`,
    `${memoryGb} GB`,
    `node ${node}`,
    platform,
    `load ${loadBefore.toFixed(1)} before`,
  ]
  return `machine: ${parts.join(', ')}; client and servers share it`
}

export function tableText({ title, rows }: Table): string {
  const columns = Object.keys(rows[0] ?? {})
  const cells = [columns, ...rows.map((row) => columns.map((column) => cellText(row[column] ?? null)))]
  const widths = columns.map((_, index) => Math.max(...cells.map((cell) => cell[index]?.length ?? 0)))
  const isText = columns.map((column) => rows.some((row) => typeof row[column] === 'string'))
  const lines = cells.map((cell) =>
    cell
      .map((text, index) => (isText[index] ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
  return [title, ...lines.map((line) => `  ${line}`)].join('\n')
}

/** Three significant digits are as much as a shared machine gives. */
function cellText(value: string | number | null): string {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Linear between the two nearest; NaN of nothing. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).toSorted()
  const at = share * (sorted.length - 1)
  const [low = Number.NaN, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (high - low) * (at - Math.floor(at))
}
