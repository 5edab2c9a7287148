// Latency of both arms: distributions laid over each other on a log axis, and the same as a table.
/** @jsxImportSource preact */

import { max, ticks } from 'd3-array'
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale'
import { area, curveStepAfter, line } from 'd3-shape'
import { percent } from '../format.ts'
import type { LatencyChart, LatencyCurve, LatencyMark, LatencyModel } from '../model/latency.ts'

const width = 660
const height = 300
const frame = { top: 52, right: 16, bottom: 40, left: 84 } as const

export function Latency({ latency }: { latency: LatencyModel }) {
  return (
    <section id="latency" aria-labelledby="latency-title">
      <h2 id="latency-title">Latency</h2>
      {latency.quantiles.length === 0 && <p>No latency was measured.</p>}
      <div class="columns">
        {latency.chart !== null && <Chart chart={latency.chart} />}
        {latency.quantiles.length > 0 && <Quantiles latency={latency} />}
      </div>
      {latency.told.map((remark) => (
        <p class="after">{remark}</p>
      ))}
    </section>
  )
}

type Scale = ScaleContinuousNumeric<number, number>
interface Axes {
  readonly x: Scale
  readonly y: Scale
  readonly chart: LatencyChart
}

function Chart({ chart }: { chart: LatencyChart }) {
  const highest = max([...chart.arms.production.shares, ...chart.arms.candidate.shares]) ?? 0
  const top = highest === 0 ? 1 : highest
  const x = scaleLog([...chart.domain], [frame.left, width - frame.right])
  const y = scaleLinear([0, top * 1.05], [height - frame.bottom, frame.top])
  const axes = { x, y, chart }
  return (
    <figure>
      <div class="scroll" role="region" aria-label="Latency distributions" tabIndex={0}>
        <svg class="latency" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby="latency-told">
          <Grid {...axes} top={top} />
          <Curve {...axes} arm="production" />
          <Curve {...axes} arm="candidate" />
          <Marks {...axes} arm="production" row={0} />
          <Marks {...axes} arm="candidate" row={1} />
        </svg>
      </div>
      <figcaption id="latency-told">
        Share of each arm’s calls by latency on a logarithmic axis, with p50 and p95 marked. The table has the figures.
      </figcaption>
    </figure>
  )
}

function Grid({ x, y, chart, top }: Axes & { top: number }) {
  const base = height - frame.bottom
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
      {chart.ticks.map(({ ms, label }) => (
        <>
          <line x1={round(x(ms))} x2={round(x(ms))} y1={base} y2={base + 5} />
          <text x={round(x(ms))} y={base + 18} text-anchor={x(ms) > width - frame.right - 24 ? 'end' : 'middle'}>
            {label}
          </text>
        </>
      ))}
      <text x={width - frame.right} y={height - 4} text-anchor="end">
        time to the last byte, retries included (log)
      </text>
    </g>
  )
}

function Curve({ x, y, chart, arm }: Axes & { arm: 'production' | 'candidate' }) {
  const points = steps(chart, chart.arms[arm])
  const xOf = ([ms]: Point) => round(x(ms))
  const yOf = ([, share]: Point) => round(y(share))
  const fill = area<Point>(xOf, round(y(0)), yOf).curve(curveStepAfter)(points) ?? ''
  const stroke = line<Point>(xOf, yOf).curve(curveStepAfter)(points) ?? ''
  return (
    <g class={`curve is-${arm}`}>
      <path class="area" d={fill} />
      <path class="line" d={stroke} />
    </g>
  )
}

type Point = readonly [ms: number, share: number]

/** The histogram's outline: down to nothing on both sides. */
function steps({ edges, domain }: LatencyChart, { shares }: LatencyCurve): Point[] {
  const inside = shares.map((share, index): Point => [edges[index] ?? domain[1], share])
  return [[domain[0], 0], ...inside, [domain[1], 0]]
}

/** The arm's name and its marked quantiles on a row above the plot, with lines down into it. */
function Marks({ x, chart, arm, row }: Axes & { arm: 'production' | 'candidate'; row: number }) {
  const y = 16 + row * 19
  return (
    <g class={`marks is-${arm}`}>
      <text class="name" x={frame.left - 8} y={y} text-anchor="end">
        {arm}
      </text>
      {chart.arms[arm].marks.map((mark, index) => (
        <Mark mark={mark} at={Number.isFinite(mark.ms) ? round(x(mark.ms)) : null} y={y} isFirst={index === 0} />
      ))}
    </g>
  )
}

/** `at` is null for a quantile that no call of the arm reached: it is named at the right end and has no line. */
function Mark({ mark, at, y, isFirst }: { mark: LatencyMark; at: number | null; y: number; isFirst: boolean }) {
  const right = width - frame.right
  const isLeft = at !== null && ((isFirst && at > frame.left + 90) || at > right - 94)
  return (
    <>
      {at !== null && <line x1={at} x2={at} y1={y - 11} y2={height - frame.bottom} />}
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

function Quantiles({ latency }: { latency: LatencyModel }) {
  return (
    <table class="quantiles">
      <caption>Latency by quantile</caption>
      <thead>
        <tr>
          <td />
          <th scope="col" class="is-production">
            Production
          </th>
          <th scope="col" class="is-candidate">
            Candidate
          </th>
          <th scope="col">Change</th>
        </tr>
      </thead>
      <tbody>
        {latency.quantiles.map(({ name, production, candidate, change }) => (
          <tr>
            <th scope="row">{name}</th>
            <td>{production}</td>
            <td>{candidate}</td>
            <td>{change}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
