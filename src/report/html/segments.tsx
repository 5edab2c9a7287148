// Effects by segment: one table for each key, so that what all records mask is seen.
/** @jsxImportSource preact */

import type { SegmentCell, SegmentRow, SegmentTable } from '../model/segments.ts'

export function Segments({ tables }: { tables: readonly SegmentTable[] }) {
  return (
    <section id="segments" aria-labelledby="segments-title">
      <h2 id="segments-title">Segments</h2>
      {tables.length === 0 && <p>No segment has effects of its own.</p>}
      {tables.map((table, index) => (
        <>
          <OneTable table={table} index={index} />
          {table.blind !== null && <p class="blind">{table.blind}</p>}
        </>
      ))}
      {tables.length > 0 && (
        <p class="key">
          Change from production to candidate with its interval. <b>✓ ✗ ≈ ○</b> is the outcome of a rule on that
          segment: pass, fail, inconclusive, not evaluable. <b>▲</b> marks an estimate beyond the limit where no rule
          failed: a lead, not a proof.
        </p>
      )}
    </section>
  )
}

function OneTable({ table, index }: { table: SegmentTable; index: number }) {
  const id = `segments-${index}`
  return (
    <div class="scroll" role="region" aria-labelledby={id} tabIndex={0}>
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
          {table.rows.map((row) => (
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
    <td class={`tone-${cell.tone}`}>
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
    </td>
  )
}
