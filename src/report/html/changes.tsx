// What changed: the first lines under the decision, and the whole list of clusters further down.
/** @jsxImportSource preact */

import type { ChangeLine, ChangesModel, DirectionRow } from '../model/changes.ts'

/** The first screen holds so many. */
const mostAtFirst = 5

export function FirstChanges({ changes }: { changes: ChangesModel }) {
  if (changes.lines.length === 0) return null
  return (
    <div class="changed">
      <h2 class="label">What changed</h2>
      <ul>
        {changes.lines.slice(0, mostAtFirst).map((line) => (
          <li>
            {line.where !== null && <span class="where">{line.where}</span>} <b>{line.what}</b> in {line.pairs}{' '}
            <small>
              ({line.against}
              <Example line={line} before=" · e.g. " />
              <AllOfThem line={line} before=" · " />)
            </small>
          </li>
        ))}
        {changes.lines.length > mostAtFirst && (
          <li>
            and <a href="#changes">{changes.lines.length - mostAtFirst} more below</a>
          </li>
        )}
      </ul>
    </div>
  )
}

function Example({ line: { example, where, what }, before }: { line: ChangeLine; before: string }) {
  if (example === null) return null
  return (
    <>
      {before}
      <a href={`#${example.anchor}`}>
        {example.name}
        <span class="vh">
          {' '}
          of {where} {what}
        </span>
      </a>
    </>
  )
}

/** What the explorer makes of it; the style shows it where there is one. */
function AllOfThem({ line: { id, where, what }, before }: { line: ChangeLine; before: string }) {
  return (
    <span class="explored">
      {before}
      <a href={`#${new URLSearchParams({ filter: `cluster=${id}` })}`}>
        see all
        <span class="vh">
          {' '}
          of {where} {what}
        </span>
      </a>
    </span>
  )
}

export function ChangesSection({ changes }: { changes: ChangesModel }) {
  const { none, more, quiet, lines, directions, opinions, judge } = changes
  return (
    <section id="changes" aria-labelledby="changes-title">
      <h2 id="changes-title">What changed</h2>
      {none !== null && <p>{none}</p>}
      {lines.length > 0 && <Clusters lines={lines} />}
      {more !== null && <p class="after">{more}</p>}
      {quiet !== null && <p class="key">{quiet}</p>}
      {directions.length > 0 && <Directions rows={directions} />}
      {judge.length > 0 && <p>{judge.join(' ')}</p>}
      {opinions.length > 0 && <p>{opinions.join(' ')}</p>}
    </section>
  )
}

function Clusters({ lines }: { lines: readonly ChangeLine[] }) {
  return (
    <div class="scroll" role="region" aria-labelledby="clusters-title" tabIndex={0}>
      <table class="clusters">
        <caption id="clusters-title">Pairs that changed alike, worst first</caption>
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col">Where</th>
            <th scope="col">Pairs</th>
            <th scope="col">Beside</th>
            <th scope="col">Example</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr>
              <th scope="row">{line.what}</th>
              <td>{line.where ?? 'all records, or what is left of them'}</td>
              <td>
                {line.pairs} <small>{line.share}</small>
              </td>
              <td>{line.against}</td>
              <td>
                {line.example === null ? <span class="none">{line.recordId}</span> : <Example line={line} before="" />}
                <AllOfThem line={line} before=" · " />
                <small>cluster {line.id}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Directions({ rows }: { rows: readonly DirectionRow[] }) {
  return (
    <div class="scroll" role="region" aria-labelledby="directions-title" tabIndex={0}>
      <table class="directions">
        <caption id="directions-title">The two directions apart, over all pairs</caption>
        <thead>
          <tr>
            <th scope="col">There</th>
            <th scope="col">Pairs</th>
            <th scope="col">Back</th>
            <th scope="col">Pairs</th>
            <th scope="col">Production against itself, there and back</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row">{row.there}</th>
              <td>{row.pairsThere}</td>
              <td>{row.back}</td>
              <td>{row.pairsBack}</td>
              <td>{row.noise}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
