// One row of the forest plot: estimate, interval, limit, no change and noise floor on the axis that all rules share.
/** @jsxImportSource preact */

import { scaleSymlog } from 'd3-scale'
import type { ForestRow } from '../model/forest.ts'
import { marginMultiples as multiples } from './margins.ts'

const width = 300
const height = 34
const middle = height / 2
const edge = 9
/** In margins: no change is 0, the limit 1. What lies beyond is drawn as an arrow at the edge. */
const domain = [-3, 9] as const
/** Near no change distances are true; further out they shrink, so that a gross failure still has a length. */
const x = scaleSymlog([...domain], [edge, width - edge])
  .constant(1)
  .clamp(true)

/** A picture of one finding; `told` is the same in words. */
export function Forest({ row, told }: { row: ForestRow; told: string }) {
  return (
    <svg class="forest" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={told}>
      {row.limits.map((limit) => (
        <BeyondLimit limit={limit} />
      ))}
      {row.noise !== null && <Noise noise={row.noise} />}
      {multiples.map((multiple) => (
        <line class="multiple" x1={at(multiple)} x2={at(multiple)} y1={0} y2={height} />
      ))}
      <line class="neutral" x1={at(0)} x2={at(0)} y1={0} y2={height} />
      {row.limits.map((limit) => (
        <line class="limit" x1={at(limit)} x2={at(limit)} y1={0} y2={height} />
      ))}
      <line class="interval" x1={at(row.low)} x2={at(row.high)} y1={middle} y2={middle} />
      <End value={row.low} />
      <End value={row.high} />
      {isInside(row.estimate) && <circle class="estimate" cx={at(row.estimate)} cy={middle} r={4.5} />}
    </svg>
  )
}

/** The axis of the column of plots, drawn once in the table's head. */
export function ForestAxis() {
  return (
    <svg class="forest axis" viewBox={`0 0 ${width} 30`} aria-hidden="true">
      <text x={edge} y={11}>
        ← better
      </text>
      <text x={width - edge} y={11} text-anchor="end">
        worse →
      </text>
      <text x={at(0)} y={26} text-anchor="middle">
        no change
      </text>
      <text class="at-limit" x={at(1)} y={26} text-anchor="middle">
        limit
      </text>
      {multiples.map((multiple) => (
        <text x={at(multiple)} y={26} text-anchor="middle">
          {multiple}×
        </text>
      ))}
    </svg>
  )
}

function BeyondLimit({ limit }: { limit: number }) {
  const start = limit < 0 ? 0 : at(limit)
  const end = limit < 0 ? at(limit) : width
  return <rect class="beyond" x={start} width={round(end - start)} y={0} height={height} />
}

function Noise({ noise }: { noise: { readonly low: number; readonly high: number } }) {
  const start = at(noise.low)
  return <rect class="noise" x={start} width={Math.max(1, round(at(noise.high) - start))} y={6} height={height - 12} />
}

/** A bar where the interval ends, an arrow where it leaves the axis. */
function End({ value }: { value: number }) {
  if (isInside(value)) return <line class="interval" x1={at(value)} x2={at(value)} y1={middle - 5} y2={middle + 5} />
  const tip = value < 0 ? 1 : width - 1
  const back = value < 0 ? tip + 8 : tip - 8
  return <path class="arrow" d={`M${tip},${middle}L${back},${middle - 5}L${back},${middle + 5}Z`} />
}

function isInside(value: number): boolean {
  return value >= domain[0] && value <= domain[1]
}

function at(value: number): number {
  return round(x(value))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
