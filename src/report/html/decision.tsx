// The first screen: the decision in one word, why, what decided it, what to do next, and what else to look into.
/** @jsxImportSource preact */

import type { FindingRow } from '../model/findings.ts'
import type { ReportModel } from '../model.ts'
import { AgainstLine } from './against.tsx'
import { FirstChanges } from './changes.tsx'

const maxDeciding = 4
const maxLines = 6

export function DecisionHeader({ model }: { model: ReportModel }) {
  return (
    <header class={`verdict tone-${model.tone}`}>
      <div class="wrap verdict-grid">
        <div>
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
          <p class="lead">{model.because}</p>
          <AgainstLine against={model.against} />
          {model.invalid.length > 0 && <Lines lines={model.invalid} />}
          <Deciding rows={model.findings.filter((row) => row.isDeciding)} />
          <FirstChanges changes={model.changes} />
          <p class="next">
            <b class="label">Next</b> {model.next}
          </p>
        </div>
        <Glance model={model} />
      </div>
      {model.flags.length > 0 && <Flags flags={model.flags} />}
    </header>
  )
}

/** The first screen holds so many; the rest is one click away. */
function Lines({ lines }: { lines: readonly string[] }) {
  const rest = lines.slice(maxLines)
  return (
    <>
      <ul class="lines">
        {lines.slice(0, maxLines).map((line) => (
          <li>{line}</li>
        ))}
      </ul>
      {rest.length > 0 && (
        <details class="more">
          <summary>{rest.length} more</summary>
          <ul class="lines">
            {rest.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function Deciding({ rows }: { rows: readonly FindingRow[] }) {
  if (rows.length === 0) return null
  return (
    <div class="deciding">
      <h2 class="label">Decided by</h2>
      <ul>
        {rows.slice(0, maxDeciding).map((row) => (
          <li>
            <b>
              <span aria-hidden="true">{row.mark.symbol}</span> {row.title}
              {row.segment !== null && ` [${row.segment}]`}
            </b>
            {row.estimate === null ? (
              <span>{row.forestText}</span>
            ) : (
              <span>
                <b class="figure">{row.estimate}</b>, from {row.production} to {row.candidate} ({row.intervalName}{' '}
                {row.interval}; the rule allows {row.limit})
              </span>
            )}
          </li>
        ))}
        {rows.length > maxDeciding && <li>and {rows.length - maxDeciding} more in the table of rules</li>}
      </ul>
    </div>
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

function Flags({ flags }: { flags: readonly string[] }) {
  return (
    <div class="wrap">
      <div class="flags">
        <h2 class="label">
          <span aria-hidden="true">⚑</span> To investigate, whatever the decision
        </h2>
        <Lines lines={flags} />
      </div>
    </div>
  )
}
