// The rules as a table: outcome, what was asked, what was seen, and a forest plot against the limit.
/** @jsxImportSource preact */

import type { FindingRow } from '../model/findings.ts'
import type { ReportModel } from '../model.ts'
import { Forest, ForestAxis } from './forest.tsx'

/** Rows of segments beside the rules for all records; further ones are folded. */
const maxSegments = 20

export function Rules({ model }: { model: ReportModel }) {
  const inFront = model.findings.filter(isInFront)
  const shown = new Set([
    ...inFront.filter((row) => !isOfSegment(row)),
    ...inFront.filter(isOfSegment).slice(0, maxSegments),
  ])
  const main = model.findings.filter((row) => shown.has(row))
  const rest = model.findings.filter((row) => !shown.has(row))
  return (
    <section id="rules" aria-labelledby="rules-title">
      <h2 id="rules-title">
        Rules <small>{model.tally}</small>
      </h2>
      <RuleTable rows={main} caption="Rules for all records, and segments that failed" />
      {rest.length > 0 && (
        <details class="more">
          <summary>
            {rest.length} more {rest.length === 1 ? 'finding' : 'findings'} by segment
          </summary>
          <RuleTable rows={rest} caption="More rules by segment" />
        </details>
      )}
      <p class="key">
        <b>●</b> estimate, <b>├─┤</b> interval, <b>▸</b> beyond the axis, <b class="key-limit">┆</b> limit,{' '}
        <b class="key-noise">▒</b> noise floor: production against itself. All rows share one axis that counts in
        limits: on it every rule’s limit stands at the same place, 2× and 5× are twice and five times that far from “no
        change”, and right is always worse. Ratios are taken on the log scale. {model.sureness} pp: percentage points.
      </p>
    </section>
  )
}

function isInFront(row: FindingRow): boolean {
  return row.segment === null || row.isDeciding || row.outcome === 'fail'
}

function isOfSegment(row: FindingRow): boolean {
  return row.segment !== null
}

// Explicit roles: the narrow layout takes rows and cells out of the table's display, and some browsers their meaning.
function RuleTable({ rows, caption }: { rows: readonly FindingRow[]; caption: string }) {
  const names = new Set(rows.flatMap((row) => row.intervalName ?? []))
  // One level for all rows is said once, in the column's head.
  const shared = names.size === 1 ? [...names].join('') : null
  return (
    <table class={shared === null ? 'rules' : 'rules has-level'} role="table">
      <caption class="vh">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            Outcome
          </th>
          <th scope="col" role="columnheader">
            Rule
          </th>
          <th scope="col" role="columnheader">
            Production → candidate
          </th>
          <th scope="col" role="columnheader">
            Change{shared !== null && `, ${shared}`}
          </th>
          <th scope="col" role="columnheader">
            <span class="vh">Effect against its limit</span>
            <ForestAxis />
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <RuleRow row={row} />
        ))}
      </tbody>
    </table>
  )
}

function RuleRow({ row }: { row: FindingRow }) {
  return (
    <tr role="row" class={row.isDeciding ? 'is-deciding' : ''}>
      <td role="cell" class={`outcome tone-${row.outcome}`}>
        <b>
          <span aria-hidden="true">{row.mark.symbol}</span> {row.mark.word}
        </b>
        <small>{row.isDeciding ? 'decides' : row.does}</small>
      </td>
      <th scope="row" role="rowheader">
        {row.title}
        {row.segment !== null && <span class="segment">{row.segment}</span>} <span class="asks">{row.limit}</span>
        <p class="because">{row.gist}</p>
      </th>
      <td role="cell" class="figures">
        {row.production === null ? (
          <span class="none">{row.forestText}</span>
        ) : (
          <>
            <span class="is-production">{row.production}</span> <span aria-hidden="true">→</span>{' '}
            <span class="is-candidate">{row.candidate}</span>
          </>
        )}
        {row.evidence !== null && <small>{row.evidence}</small>}
      </td>
      <td role="cell" class="figures">
        {row.estimate !== null && <b class="figure">{row.estimate}</b>}
        {row.interval !== null && (
          <small>
            <span class="level">{row.intervalName} </span>
            {row.interval}
          </small>
        )}
        {row.noise !== null && <small class="floor">noise floor {row.noise}</small>}
      </td>
      <td role="cell" class="plot">
        {row.forest !== null && <Forest row={row.forest} told={row.forestText} />}
      </td>
    </tr>
  )
}
