// The picture of one rule over the nights: each night's estimate and interval, on the axis that counts in limits.
/** @jsxImportSource preact */

import { scaleSymlog } from 'd3-scale'
import type { FindingOutcome } from '../../core/judgement.ts'
import { day } from '../format.ts'
import type { TrendColumn } from '../history/trend.ts'
import { marginMultiples } from './margins.ts'

const width = 560
const height = 190
const frame = { top: 12, right: 12, bottom: 30, left: 78 } as const
const bottom = height - frame.bottom
/** Margins → height. Worse is up: what is to be seen from afar is what rises over the line. */
type Up = (margins: number) => number

interface TrendPlotProps {
  readonly columns: readonly TrendColumn[]
  /** Of the axis, in limits. */
  readonly reach: readonly [low: number, high: number]
  /** Of the text that tells what is drawn. */
  readonly toldBy: string
}

export function TrendPlot({ columns, reach, toldBy }: TrendPlotProps) {
  const scale = scaleSymlog([...reach], [bottom, frame.top])
    .constant(1)
    .clamp(true)
  const y: Up = (margins) => round(scale(margins))
  return (
    <svg class="spread trend-plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={toldBy}>
      <Grid columns={columns} reach={reach} y={y} />
      <Columns columns={columns} y={y} />
    </svg>
  )
}

function Grid({ columns, reach, y }: Omit<TrendPlotProps, 'toldBy'> & { y: Up }) {
  const [first, last] = [columns[0], columns.at(-1)]
  const right = width - frame.right
  const lines = [
    { at: 0, label: 'no change', kind: 'neutral' },
    { at: 1, label: 'limit', kind: 'limit' },
    ...marginMultiples.filter((at) => at < reach[1]).map((at) => ({ at, label: `${at}×`, kind: '' })),
  ]
  return (
    <g class="grid">
      <rect class="beyond" x={frame.left} width={right - frame.left} y={frame.top} height={round(y(1) - frame.top)} />
      {lines.map(({ at, label, kind }) => (
        <>
          <line class={kind} x1={frame.left} x2={right} y1={y(at)} y2={y(at)} />
          <text class={`at-${kind}`} x={frame.left - 8} y={y(at) + 4} text-anchor="end">
            {label}
          </text>
        </>
      ))}
      {first && (
        <text x={frame.left} y={height - 8}>
          {day(first.from)}
        </text>
      )}
      {last && columns.length > 1 && (
        <text x={right} y={height - 8} text-anchor="end">
          {day(last.to)}
        </text>
      )}
    </g>
  )
}

/** Few elements, however many nights: one path for all intervals, and one for each outcome's marks. */
function Columns({ columns, y }: { columns: readonly TrendColumn[]; y: Up }) {
  const step = (width - frame.right - frame.left) / columns.length
  const placed = columns.map((column, place) => ({ column, x: round(frame.left + (place + 0.5) * step) }))
  const outcomes: readonly FindingOutcome[] = ['pass', 'inconclusive', 'not-evaluable', 'fail']
  const isWide = columns.length <= 45
  return (
    <>
      <path
        class="through"
        d={placed.map(({ column, x }, place) => `${place === 0 ? 'M' : 'L'}${x},${y(column.estimate)}`).join('')}
      />
      <path class="interval" d={placed.map(({ column, x }) => `M${x},${y(column.low)}V${y(column.high)}`).join('')} />
      {outcomes.map((outcome) => (
        <path
          class={`mark-${outcome} ${isWide ? 'is-wide' : ''}`}
          d={placed
            .filter(({ column }) => column.outcome === outcome)
            .map(({ column, x }) => markAt(outcome, x, y(column.estimate), isWide ? 4 : 3))
            .join('')}
        />
      ))}
    </>
  )
}

/** A disc that passed, a ring that is open, a cross that failed: colour does not say it alone. */
function markAt(outcome: FindingOutcome, x: number, at: number, size: number): string {
  if (outcome === 'fail')
    return `M${x - size},${at - size}l${2 * size},${2 * size}m0,${-2 * size}l${-2 * size},${2 * size}`
  return `M${x - size},${at}a${size},${size} 0 1 0 ${2 * size},0a${size},${size} 0 1 0 ${-2 * size},0`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
