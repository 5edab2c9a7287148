// The first screen: the decision in one word, why, what decided it, what to do next, and what else to look into.
/** @jsxImportSource preact */

import type { JSX } from 'preact'
import type { FindingRow } from '../model/findings.ts'
import type { FlagLine } from '../model/flags.ts'
import type { ReportModel } from '../model.ts'
import { AgainstLine } from './against.tsx'
import { FirstChanges } from './changes.tsx'

const maxDeciding = 4
const maxLines = 6

export function DecisionHeader({ model }: { model: ReportModel }) {
  return (
    <header class={`verdict tone-${model.tone}`}>
      <div class="wrap">
        <p class="eyebrow">shadowgate report</p>
        <h1>
          <span class="word">
            <span aria-hidden="true">{model.mark.symbol}</span> {model.mark.word}
          </span>
          <span class="swap">
            <span class="vh">for </span>
            <b class="is-production">{model.swap.production}</b> <span aria-hidden="true">→</span>
            <span class="vh">replaced by</span> <b class="is-candidate">{model.swap.candidate}</b>
          </span>
        </h1>
        <Why model={model} />
        <AgainstLine against={model.against} />
        <p class="next">
          <b class="label">Next</b> {model.next}
        </p>
        <Glance model={model} />
        <Deciding rows={model.findings.filter((row) => row.isDeciding)} />
        <FirstChanges changes={model.changes} />
        {model.flags.length > 0 && <Flags flags={model.flags} />}
      </div>
    </header>
  )
}

/** The foremost finding in words; without one, the gate's own sentence. */
function Why({ model: { lead, because, invalid } }: { model: ReportModel }) {
  return (
    <>
      <p class="lead">{lead === null ? because : lead.what}</p>
      {lead !== null && (
        <p class="sure">
          {lead.sure} {lead.more}
        </p>
      )}
      {invalid.length > 0 && <Folded lines={invalid.map((line) => <>{line}</>)} />}
    </>
  )
}

/** The first screen holds so many; the rest is one click away. */
function Folded({ lines }: { lines: readonly JSX.Element[] }) {
  const rest = lines.slice(maxLines)
  return (
    <>
      <List lines={lines.slice(0, maxLines)} />
      {rest.length > 0 && (
        <details class="more">
          <summary>{rest.length} more</summary>
          <List lines={rest} />
        </details>
      )}
    </>
  )
}

function List({ lines }: { lines: readonly JSX.Element[] }) {
  return (
    <ul class="lines">
      {lines.map((line) => (
        <li>{line}</li>
      ))}
    </ul>
  )
}

function Deciding({ rows }: { rows: readonly FindingRow[] }) {
  if (rows.length === 0) return null
  return (
    <div class="scroll" role="region" aria-labelledby="deciding-title" tabIndex={0}>
      <table class="deciding" role="table">
        <caption class="label" id="deciding-title">
          Decided by
        </caption>
        <thead class="vh" role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              Rule
            </th>
            <th scope="col" role="columnheader">
              Change
            </th>
            <th scope="col" role="columnheader">
              Production to candidate
            </th>
            <th scope="col" role="columnheader">
              Interval
            </th>
            <th scope="col" role="columnheader">
              Limit
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.slice(0, maxDeciding).map((row) => (
            <DecidingRow row={row} />
          ))}
        </tbody>
      </table>
      {rows.length > maxDeciding && (
        <p>
          and <a href="#rules">{rows.length - maxDeciding} more in the table of rules</a>
        </p>
      )}
    </div>
  )
}

function DecidingRow({ row }: { row: FindingRow }) {
  return (
    <tr role="row">
      <th scope="row" role="rowheader">
        <span aria-hidden="true">{row.mark.symbol}</span> {row.title}
        {row.segment !== null && <span class="segment">{row.segment}</span>}
      </th>
      {row.estimate === null ? (
        <td role="cell" colSpan={4}>
          {row.because}
        </td>
      ) : (
        <>
          <td role="cell">
            <b class="figure">{row.estimate}</b>
          </td>
          <td role="cell">
            {row.production} → {row.candidate}
          </td>
          <td role="cell">
            {row.interval} <small>{row.intervalName}</small>
          </td>
          <td role="cell">
            <small>allowed: </small>
            {row.limit}
          </td>
        </>
      )}
    </tr>
  )
}

function Glance({ model }: { model: ReportModel }) {
  const facts = [
    ['Rules', model.tally],
    ['Pairs', model.pairs],
    ['Excluded', model.asked.excludedShort],
    ['Cost', model.asked.cost ?? 'no price given'],
    ['Run', model.run.id],
  ]
  return (
    <dl class="glance">
      {facts.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {model.asked.notes.length > 0 && (
        <div>
          <dt>Read with</dt>
          <dd>
            <a href="#notes">notes on this run</a>
          </dd>
        </div>
      )}
    </dl>
  )
}

function Flags({ flags }: { flags: readonly FlagLine[] }) {
  return (
    <div class="flags">
      <h2 class="label">
        <span aria-hidden="true">⚑</span> To investigate, whatever the decision
      </h2>
      <Folded
        lines={flags.map(({ title, words }) => (
          <>
            {title !== null && <b>{title}</b>} {words}
          </>
        ))}
      />
    </div>
  )
}
