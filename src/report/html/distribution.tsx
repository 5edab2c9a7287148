// Distributions of both arms laid over each other on a logarithmic axis.
/** @jsxImportSource preact */

import { max, ticks } from 'd3-array'
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale'
import { area, curveStepAfter, line } from 'd3-shape'
import { percent } from '../format.ts'
import type { Curve, DistributionChart, QuantileMark } from '../model/distribution.ts'

const width = 660
const height = 300
const frame = { top: 52, right: 16, bottom: 40, left: 84 } as const
const base = height - frame.bottom
/** Zeros stand left of the axis, which has no place for them. */
const zeroWidth = 34

export interface DistributionWords {
  /** Opens the ids in this figure. */
  readonly id: string
  /** Names the figure, for those who come to it by keyboard. */
  readonly label: string
  readonly axis: string
  readonly caption: string
}

interface Axes {
  readonly x: ScaleContinuousNumeric<number, number>
  readonly y: ScaleContinuousNumeric<number, number>
  readonly chart: DistributionChart
}

export function Distribution({ chart, words }: { chart: DistributionChart; words: DistributionWords }) {
  const { production, candidate } = chart.arms
  const highest = max([...production.heights, ...candidate.heights, production.zeros, candidate.zeros]) ?? 0
  const top = highest === 0 ? 1 : highest
  const start = frame.left + (chart.hasZeros ? zeroWidth + 18 : 0)
  const x = scaleLog([...chart.domain], [start, width - frame.right])
  const y = scaleLinear([0, top * 1.05], [base, frame.top])
  const axes = { x, y, chart }
  return (
    <figure>
      <div class="scroll" role="region" aria-label={words.label} tabIndex={0}>
        <svg class="spread" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`${words.id}-told`}>
          <Grid {...axes} top={top} axis={words.axis} />
          <OneCurve {...axes} arm="production" />
          <OneCurve {...axes} arm="candidate" />
          <Marks {...axes} arm="production" row={0} />
          <Marks {...axes} arm="candidate" row={1} />
        </svg>
      </div>
      <figcaption id={`${words.id}-told`}>{words.caption}</figcaption>
    </figure>
  )
}

function Grid({ x, y, chart, top, axis }: Axes & { top: number; axis: string }) {
  return (
    <g class="grid">
      {ticks(0, top, 4).map((share) => (
        <>
          <line x1={frame.left} x2={width - frame.right} y1={round(y(share))} y2={round(y(share))} />
          <text x={frame.left - 8} y={round(y(share)) + 4} text-anchor="end">
            {percent(share).replace('.0', '')}
          </text>
        </>
      ))}
      {chart.hasZeros && (
        <text x={frame.left + zeroWidth / 2} y={base + 18} text-anchor="middle">
          0
        </text>
      )}
      {chart.ticks.map(({ value, label }) => (
        <>
          <line x1={round(x(value))} x2={round(x(value))} y1={base} y2={base + 5} />
          <text x={round(x(value))} y={base + 18} text-anchor={x(value) > width - frame.right - 24 ? 'end' : 'middle'}>
            {label}
          </text>
        </>
      ))}
      <text x={width - frame.right} y={height - 4} text-anchor="end">
        {axis}
      </text>
    </g>
  )
}

function OneCurve({ x, y, chart, arm }: Axes & { arm: 'production' | 'candidate' }) {
  const { zeros } = chart.arms[arm]
  const points = steps(chart, chart.arms[arm])
  const xOf = ([value]: Point) => round(x(value))
  const yOf = ([, share]: Point) => round(y(share))
  const fill = area<Point>(xOf, round(y(0)), yOf).curve(curveStepAfter)(points) ?? ''
  const stroke = line<Point>(xOf, yOf).curve(curveStepAfter)(points) ?? ''
  return (
    <g class={`curve is-${arm}`}>
      <path class="area" d={fill} />
      <path class="line" d={stroke} />
      {zeros > 0 && (
        <>
          <rect class="area" x={frame.left} width={zeroWidth} y={round(y(zeros))} height={round(base - y(zeros))} />
          <path class="line" d={`M${frame.left},${base}V${round(y(zeros))}h${zeroWidth}V${base}`} />
        </>
      )}
    </g>
  )
}

type Point = readonly [value: number, share: number]

/** The histogram's outline: down to nothing on both sides. */
function steps({ edges, domain }: DistributionChart, { heights }: Curve): Point[] {
  const inside = heights.map((share, index): Point => [edges[index] ?? domain[1], share])
  return [[domain[0], 0], ...inside, [domain[1], 0]]
}

/** The arm's name and its marked quantiles on a row above the plot, with lines down into it. */
function Marks({ x, chart, arm, row }: Axes & { arm: 'production' | 'candidate'; row: number }) {
  const y = 16 + row * 19
  const [low, high] = chart.domain
  const placeOf = (value: number) =>
    value === 0 ? frame.left + zeroWidth / 2 : round(x(Math.min(high, Math.max(low, value))))
  return (
    <g class={`marks is-${arm}`}>
      <text class="name" x={frame.left - 8} y={y} text-anchor="end">
        {arm}
      </text>
      {chart.arms[arm].marks.map((mark, index) => (
        <Mark mark={mark} at={Number.isFinite(mark.value) ? placeOf(mark.value) : null} y={y} isFirst={index === 0} />
      ))}
    </g>
  )
}

/** `at` is null for a quantile that no call of the arm reached: it is named at the right end and has no line. */
function Mark({ mark, at, y, isFirst }: { mark: QuantileMark; at: number | null; y: number; isFirst: boolean }) {
  const right = width - frame.right
  const isLeft = at !== null && ((isFirst && at > frame.left + 90) || at > right - 94)
  return (
    <>
      {at !== null && <line x1={at} x2={at} y1={y - 11} y2={base} />}
      <text
        x={at === null ? right : isLeft ? at - 5 : at + 5}
        y={y}
        text-anchor={at === null || isLeft ? 'end' : 'start'}
      >
        {mark.name} {mark.label}
      </text>
    </>
  )
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
