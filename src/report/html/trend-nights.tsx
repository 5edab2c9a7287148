// The newest nights of one rule as a table, under its picture.
/** @jsxImportSource preact */

import { minute } from '../format.ts'
import type { Trend } from '../history/trend.ts'
import { outcomeMarks } from '../words.ts'

const mostRows = 30

interface TrendNightsProps {
  readonly trend: Pick<Trend, 'title' | 'nights' | 'intervalName'>
  readonly id: string
}

export function TrendNights({ trend: { title, nights, intervalName }, id }: TrendNightsProps) {
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
