// Effects by segment: a heat map for each key, so that what all records mask is seen, and where nothing could be.
/** @jsxImportSource preact */

import { type Heat, heats, type SegmentCell, type SegmentRow, type SegmentTable } from '../model/segments.ts'

/** So many stand in the open; of a hundred the rest is folded. */
const mostRows = 25

export function Segments({ tables }: { tables: readonly SegmentTable[] }) {
  return (
    <section id="segments" aria-labelledby="segments-title">
      <h2 id="segments-title">Segments</h2>
      {tables.length === 0 && <p>No segment has effects of its own.</p>}
      {tables.map((table, index) => (
        <>
          <OneTable table={table} rows={table.rows.slice(0, mostRows)} id={`segments-${index}`} />
          {table.rows.length > mostRows && (
            <details class="more">
              <summary>
                {table.rows.length - mostRows} more segments by {table.key}
              </summary>
              <OneTable table={table} rows={table.rows.slice(mostRows)} id={`segments-${index}-more`} />
            </details>
          )}
          {table.blind !== null && <p class="blind-words">{table.blind}</p>}
        </>
      ))}
      {tables.length > 0 && <Legend />}
    </section>
  )
}

const heatWords: Readonly<Record<Heat, string>> = {
  'better-2': 'better by twice the limit',
  'better-1': 'better by the limit',
  'better-0': 'half-way',
  none: 'near no change',
  'worse-0': 'half-way to the limit',
  'worse-1': 'beyond the limit',
  'worse-2': 'beyond twice the limit',
}

function Legend() {
  return (
    <div class="key">
      <ul class="heat-key" aria-label="Colours">
        {heats.map((heat) => (
          <li class={`heat-${heat}`}>{heatWords[heat]}</li>
        ))}
        <li class="is-blind">blind</li>
      </ul>
      <p>
        Each cell is the change from production to candidate with its interval, coloured by how far it lies from no
        change in the limits of its rule. <b>✓ ✗ ≈ ○</b> is the outcome of a rule on that segment: pass, fail,
        inconclusive, not evaluable. <b>▲</b> marks an estimate beyond the limit where no rule failed: a lead, not a
        proof. <b>Blind</b> (hatched): so few pairs that even a regression of twice the margin would not have been seen
        there, and silence is no evidence.
      </p>
    </div>
  )
}

function OneTable({ table, rows, id }: { table: SegmentTable; rows: readonly SegmentRow[]; id: string }) {
  return (
    <div class="scroll heat-map" role="region" aria-labelledby={id} tabIndex={0}>
      <table class="segments">
        <caption id={id}>By {table.key}</caption>
        <thead>
          <tr>
            <th scope="col">{table.key}</th>
            <th scope="col">Pairs</th>
            {table.metrics.map((metric) => (
              <th scope="col">{metric}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ row }: { row: SegmentRow }) {
  return (
    <tr class={row.value === null ? 'all' : ''}>
      <th scope="row">{row.value ?? 'all records'}</th>
      <td>{row.pairs}</td>
      {row.cells.map((cell) => (cell === null ? <td class="none">—</td> : <Cell cell={cell} />))}
    </tr>
  )
}

function Cell({ cell }: { cell: SegmentCell }) {
  return (
    <td class={`tone-${cell.tone} heat-${cell.heat}${cell.blind === null ? '' : ' is-blind'}`}>
      {cell.mark !== null && (
        <b class="mark">
          <span aria-hidden="true">{cell.mark.symbol}</span>
          <span class="vh">{cell.mark.word}:</span>{' '}
        </b>
      )}
      {cell.tone === 'beyond' && (
        <b class="mark">
          <span aria-hidden="true">▲</span>
          <span class="vh">beyond the limit:</span>{' '}
        </b>
      )}
      {cell.estimate}
      <small>{cell.interval}</small>
      {cell.blind !== null && <small class="blind">{cell.blind}</small>}
    </td>
  )
}
