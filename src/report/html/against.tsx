// What changed since another run: one line under the decision, and a section of its own after the rules.
/** @jsxImportSource preact */

import type { AgainstModel, AgainstRule, AgainstSide, SinceModel } from '../model/against.ts'
import type { AgainstChange } from '../model/against-changes.ts'

/** What differs comes first; the rest is in verdict.json. */
const mostChanges = 20

interface Props {
  readonly against: AgainstModel | null
}

export function AgainstLine({ against }: Props) {
  if (against === null) return null
  return (
    <p class="since">
      {against.line}
      {against.since !== null && (
        <>
          {' '}
          <a href="#since">Then and now</a>
        </>
      )}
    </p>
  )
}

export function AgainstLink({ against }: Props) {
  if (against === null || against.since === null) return null
  return <a href="#since">Since then</a>
}

export function Against({ against }: Props) {
  if (against === null || against.since === null) return null
  const { since } = against
  return (
    <section id="since" aria-labelledby="since-title">
      <h2 id="since-title">
        Since {since.when}{' '}
        <small>
          {since.mark.word}, run {since.runId}
        </small>
      </h2>
      {since.unlike.length > 0 && <Unlike lines={since.unlike} />}
      <p class="lead-in">{since.decision}</p>
      <p>{since.requests}</p>
      <RulesSince since={since} />
      <ChangesSince since={since} />
      <Figures since={since} />
    </section>
  )
}

function Unlike({ lines }: { lines: readonly string[] }) {
  return (
    <div class="notes">
      <h3 class="label">Not like for like</h3>
      {lines.map((line) => (
        <p>{line}</p>
      ))}
    </div>
  )
}

function RulesSince({ since: { rules, shiftName, sureness } }: { since: SinceModel }) {
  const inFront = rules.filter((rule) => rule.isInFront)
  const rest = rules.filter((rule) => !rule.isInFront)
  return (
    <>
      <RuleTable id="since-rules" rows={inFront} shiftName={shiftName} caption="Rules, then and now" />
      {rest.length > 0 && (
        <details class="more">
          <summary>
            {rest.length} more {rest.length === 1 ? 'rule' : 'rules'} by segment
          </summary>
          <RuleTable id="since-more-rules" rows={rest} shiftName={shiftName} caption="Rules by segment, then and now" />
        </details>
      )}
      <p class="key">{sureness}</p>
    </>
  )
}

interface TableProps {
  readonly id: string
  readonly rows: readonly AgainstRule[]
  readonly shiftName: string
  readonly caption: string
}

function RuleTable({ id, rows, shiftName, caption }: TableProps) {
  return (
    <div class="scroll" role="region" aria-labelledby={id} tabIndex={0}>
      <table class="since-table">
        <caption id={id}>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Then</th>
            <th scope="col">Now</th>
            <th scope="col">Change of the effect, {shiftName}</th>
            <th scope="col">The two runs</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row">
                {row.title}
                {row.segment !== null && <span class="segment">{row.segment}</span>}
              </th>
              <Side side={row.earlier} />
              <Side side={row.now} />
              <td>
                {row.shift === null ? <span class="none">not known</span> : row.shift}
                {row.shiftInterval !== null && <small>{row.shiftInterval}</small>}
              </td>
              <td class={`told-${row.told}`}>
                <b>{row.words}</b>
                {row.notes.map((note) => (
                  <small>{note}</small>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Side({ side }: { side: AgainstSide | null }) {
  if (side === null) {
    return (
      <td>
        <span class="none">not asked</span>
      </td>
    )
  }
  const { mark, outcome, estimate, interval } = side
  return (
    <td>
      <span class={`outcome tone-${outcome}`}>
        <span aria-hidden="true">{mark.symbol}</span> {mark.word}
      </span>{' '}
      {estimate}
      {interval !== null && <small>{interval}</small>}
    </td>
  )
}

function ChangesSince({ since: { changes, noChanges } }: { since: SinceModel }) {
  if (noChanges !== null) return <p class="after">{noChanges}</p>
  const left = changes.length - mostChanges
  return (
    <>
      <div class="scroll" role="region" aria-labelledby="since-changes" tabIndex={0}>
        <table class="since-table">
          <caption id="since-changes">Pairs that changed alike, then and now</caption>
          <thead>
            <tr>
              <th scope="col">Change</th>
              <th scope="col">Where</th>
              <th scope="col">Then</th>
              <th scope="col">Now</th>
              <th scope="col">The two runs</th>
            </tr>
          </thead>
          <tbody>
            {changes.slice(0, mostChanges).map((change) => (
              <ChangeRow change={change} />
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && <p class="after">and {left} more in verdict.json</p>}
    </>
  )
}

function ChangeRow({ change: { id, what, where, words, told, earlier, now } }: { change: AgainstChange }) {
  return (
    <tr>
      <th scope="row">
        {what} <small>cluster {id}</small>
      </th>
      <td>{where ?? 'all records, or what is left of them'}</td>
      <td>{earlier}</td>
      <td>{now}</td>
      <td class={`told-${told}`}>
        <b>{words}</b>
      </td>
    </tr>
  )
}

function Figures({ since: { figures } }: { since: SinceModel }) {
  return (
    <div class="scroll" role="region" aria-labelledby="since-figures" tabIndex={0}>
      <table class="since-table since-figures">
        <caption id="since-figures">Figures that no test speaks of</caption>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">Then</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          {figures.map(({ name, earlier, now }) => (
            <tr>
              <th scope="row">{name}</th>
              <td>{earlier}</td>
              <td>{now}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
