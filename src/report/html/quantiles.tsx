// Quantiles of both arms with their changes, as a table: what the pictures show, in figures.
/** @jsxImportSource preact */

import type { QuantileRow } from '../model/shift.ts'

/** `corner` names the column of what each row is about. */
export function Quantiles({
  rows,
  caption,
  corner,
}: {
  rows: readonly QuantileRow[]
  caption: string
  corner: string
}) {
  return (
    <table class="quantiles">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{corner}</th>
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
        {rows.map(({ name, production, candidate, change, interval }) => (
          <tr>
            <th scope="row">{name}</th>
            <td>{production}</td>
            <td>{candidate}</td>
            <td>
              {change}
              {interval !== null && <small>{interval}</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
