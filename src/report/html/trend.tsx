// One rule over the nights: each night's estimate and interval, on the axis that counts in limits, and the same as a table.
/** @jsxImportSource preact */

import { scaleSymlog } from 'd3-scale'
import type { FindingOutcome } from '../../core/judgement.ts'
import { day, minute } from '../format.ts'
import type { TrendColumn, Trend as TrendModel } from '../history/trend.ts'
import { outcomeMarks } from '../words.ts'
import { marginMultiples } from './margins.ts'

const width = 560
const height = 190
const frame = { top: 12, right: 12, bottom: 30, left: 78 } as const
const bottom = height - frame.bottom
/** Margins → height. Worse is up: what is to be seen from afar is what rises over the line. */
type Up = (margins: number) => number
/** Nights in the table under the picture. */
const mostRows = 30

interface TrendProps {
  readonly trend: TrendModel
  /** Of the axis, in limits. */
  readonly reach: readonly [low: number, high: number]
  readonly id: string
}

export function Trend({ trend, reach, id }: TrendProps) {
  const scale = scaleSymlog([...reach], [bottom, frame.top])
    .constant(1)
    .clamp(true)
  const y: Up = (margins) => round(scale(margins))
  const { title, segment, does, limit, mark, outcome, estimate, interval, told, drawn } = trend
  return (
    <figure class="trend">
      <h4>
        <span class={`outcome tone-${outcome}`}>
          <b>
            <span aria-hidden="true">{mark.symbol}</span> {mark.word}
          </b>
        </span>{' '}
        {title}
        {segment !== null && <span class="segment">{segment}</span>} <span class="asks">{limit}</span>
        <small>{does}</small>
      </h4>
      <p class="newest">
        <b class="figure">{estimate}</b> <small>{interval}</small>
      </p>
      <div class="scroll" role="region" aria-label={`${title} over the nights, a picture`} tabIndex={0}>
        <svg class="spread trend-plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`${id}-told`}>
          <Grid columns={trend.columns} reach={reach} y={y} />
          <Columns columns={trend.columns} y={y} />
        </svg>
      </div>
      <figcaption id={`${id}-told`}>
        {told} {drawn}
      </figcaption>
      <Rows trend={trend} id={id} />
    </figure>
  )
}

function Grid({ columns, reach, y }: Pick<TrendProps, 'reach'> & { columns: readonly TrendColumn[]; y: Up }) {
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

function Rows({ trend: { title, nights, intervalName }, id }: { trend: TrendModel; id: string }) {
  const shown = nights.slice(-mostRows).toReversed()
  const left = nights.length - shown.length
  return (
    <details class="more">
      <summary>
        {title}: {shown.length === 1 ? 'the night' : `the newest ${shown.length} nights`} as a table
      </summary>
      <div class="scroll" role="region" aria-labelledby={`${id}-nights`} tabIndex={0}>
        <table class="trend-nights">
          <caption class="vh" id={`${id}-nights`}>
            {title}, night by night
          </caption>
          <thead>
            <tr>
              <th scope="col">Night</th>
              <th scope="col">Outcome</th>
              <th scope="col">Change</th>
              <th scope="col">{intervalName}</th>
              <th scope="col">Pairs</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ at, outcome, estimate, interval, pairs }) => (
              <tr>
                <th scope="row">{minute(at)}</th>
                <td>
                  <span aria-hidden="true">{outcomeMarks[outcome].symbol}</span> {outcomeMarks[outcome].word}
                </td>
                <td>{estimate}</td>
                <td>{interval}</td>
                <td>{pairs}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && <p class="after">and {left} more: shadowgate history --metric</p>}
    </details>
  )
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
