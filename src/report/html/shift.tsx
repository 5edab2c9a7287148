// The shift plot: by how much each quantile changed, with its interval, against no change and the rules' limits.
/** @jsxImportSource preact */

import { type ScaleContinuousNumeric, scaleLog, scalePoint } from 'd3-scale'
import { line } from 'd3-shape'
import type { ShiftChart, ShiftPoint } from '../model/shift.ts'

const width = 660
const height = 300
const frame = { top: 14, right: 16, bottom: 40, left: 84 } as const
const noiseWidth = 22
const limitWidth = 30
const arrow = 5

export interface ShiftWords {
  /** Opens the ids in this figure. */
  readonly id: string
  /** Names the figure, for those who come to it by keyboard. */
  readonly label: string
  /** What a ratio above 1 means, and one below: "slower", "faster". */
  readonly more: string
  readonly less: string
  readonly caption: string
}

interface Axes {
  readonly x: (name: string) => number
  readonly y: (ratio: number) => number
}

export function Shift({ chart, words }: { chart: ShiftChart; words: ShiftWords }) {
  const names = chart.points.map(({ name }) => name)
  const across = scalePoint(names, [frame.left, width - frame.right]).padding(0.5)
  const up: ScaleContinuousNumeric<number, number> = scaleLog(
    [...chart.domain],
    [height - frame.bottom, frame.top],
  ).clamp(true)
  const axes = { x: (name: string) => round(across(name) ?? 0), y: (ratio: number) => round(up(ratio)) }
  const path = line<{ name: string; ratio: number }>(
    ({ name }) => axes.x(name),
    ({ ratio }) => axes.y(ratio),
  )(chart.points.flatMap(({ name, ratio }) => (ratio === null ? [] : [{ name, ratio }])))
  return (
    <figure>
      <div class="scroll" role="region" aria-label={words.label} tabIndex={0}>
        <svg class="spread shift" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`${words.id}-told`}>
          <Grid {...axes} chart={chart} words={words} />
          {chart.points.map((point) => (
            <Behind {...axes} point={point} />
          ))}
          <path class="through" d={path ?? ''} />
          {chart.points.map((point) => (
            <Point {...axes} point={point} />
          ))}
        </svg>
      </div>
      <figcaption id={`${words.id}-told`}>{words.caption}</figcaption>
    </figure>
  )
}

function Grid({ x, y, chart, words }: Axes & { chart: ShiftChart; words: ShiftWords }) {
  const bottom = height - frame.bottom
  return (
    <g class="grid">
      {chart.ticks.map(({ value, label }) => (
        <>
          <line
            class={value === 1 ? 'neutral' : undefined}
            x1={frame.left}
            x2={width - frame.right}
            y1={y(value)}
            y2={y(value)}
          />
          <text x={frame.left - 8} y={y(value) + 4} text-anchor="end">
            {label}
          </text>
        </>
      ))}
      {chart.points.map(({ name }) => (
        <text x={x(name)} y={bottom + 18} text-anchor="middle">
          {name}
        </text>
      ))}
      <text x={frame.left} y={height - 4}>
        ↑ {words.more} · ↓ {words.less}
      </text>
      <text x={width - frame.right} y={height - 4} text-anchor="end">
        quantile
      </text>
    </g>
  )
}

/** What a point is held against. */
function Behind({ x, y, point: { name, noise, limits } }: Axes & { point: ShiftPoint }) {
  const at = x(name)
  return (
    <>
      {noise !== null && (
        <rect
          class="noise"
          x={at - noiseWidth / 2}
          width={noiseWidth}
          y={y(noise.high)}
          height={round(y(noise.low) - y(noise.high))}
        />
      )}
      {limits.map((limit) => (
        <line class="limit" x1={at - limitWidth / 2} x2={at + limitWidth / 2} y1={y(limit)} y2={y(limit)} />
      ))}
    </>
  )
}

function Point({ x, y, point: { name, ratio, low, high } }: Axes & { point: ShiftPoint }) {
  // Nothing is known of it.
  if (low <= 0 && high === Infinity) return <></>
  const at = x(name)
  const [top, bottom] = [high === Infinity ? frame.top : y(high), low <= 0 ? height - frame.bottom : y(low)]
  return (
    <>
      <line class="interval" x1={at} x2={at} y1={top} y2={bottom} />
      {top <= frame.top && <path class="arrow" d={`M${at},${top}l${arrow},${1.6 * arrow}h${-2 * arrow}z`} />}
      {bottom >= height - frame.bottom && (
        <path class="arrow" d={`M${at},${bottom}l${arrow},${-1.6 * arrow}h${-2 * arrow}z`} />
      )}
      {ratio !== null && <circle class="estimate" cx={at} cy={y(ratio)} r={4.5} />}
    </>
  )
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
