// One rule over the nights: what it came to last, its picture, and the same as a table.
/** @jsxImportSource preact */

import type { Trend as TrendModel } from '../history/trend.ts'
import { TrendNights } from './trend-nights.tsx'
import { TrendPlot } from './trend-plot.tsx'

interface TrendProps {
  readonly trend: TrendModel
  /** Of the axis, in limits. */
  readonly reach: readonly [low: number, high: number]
  readonly id: string
}

export function Trend({ trend, reach, id }: TrendProps) {
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
        <TrendPlot columns={trend.columns} reach={reach} toldBy={`${id}-told`} />
      </div>
      <figcaption id={`${id}-told`}>
        {told} {drawn}
      </figcaption>
      <TrendNights trend={trend} id={id} />
    </figure>
  )
}
