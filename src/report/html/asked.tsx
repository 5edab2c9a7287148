// What was asked: both arms side by side, the data, what was excluded and why, and the notes of the run's author.
/** @jsxImportSource preact */

import type { AskedModel, FactGroup } from '../model/asked.ts'

export function Asked({ asked }: { asked: AskedModel }) {
  return (
    <section id="asked" aria-labelledby="asked-title">
      <h2 id="asked-title">What was asked</h2>
      {asked.notes.length > 0 && (
        <div class="notes" id="notes">
          <h3 class="label">Notes on this run</h3>
          {asked.notes.map((note) => (
            <p>{note}</p>
          ))}
        </div>
      )}
      <div class="columns">
        <div>
          <Arms asked={asked} />
          <Excluded asked={asked} />
          <LeftOut asked={asked} />
        </div>
        <div>
          {asked.groups.map((group) => (
            <Facts group={group} />
          ))}
        </div>
      </div>
    </section>
  )
}

function Arms({ asked }: { asked: AskedModel }) {
  return (
    <table class="arms">
      <caption>The two arms</caption>
      <thead>
        <tr>
          <td />
          <th scope="col" class="is-production">
            Production
          </th>
          <th scope="col" class="is-candidate">
            Candidate
          </th>
        </tr>
      </thead>
      <tbody>
        {asked.arms.map(({ name, production, candidate }) => (
          <tr>
            <th scope="row">{name}</th>
            <td>{production}</td>
            <td>{candidate}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Facts({ group: { title, facts } }: { group: FactGroup }) {
  return (
    <>
      <h3 class="facts-title">{title}</h3>
      <dl class="facts">
        {facts.map(({ name, value }) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function LeftOut({ asked }: { asked: AskedModel }) {
  if (asked.leftOut.length === 0) return null
  return (
    <table class="excluded">
      <caption>What of the log could not be used</caption>
      <thead>
        <tr>
          <th scope="col">Reason</th>
          <th scope="col">Of it</th>
        </tr>
      </thead>
      <tbody>
        {asked.leftOut.map(({ reason, what }) => (
          <tr>
            <th scope="row">{reason}</th>
            <td>{what}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Excluded({ asked }: { asked: AskedModel }) {
  return (
    <>
      <p class="after">{asked.excludedTotal}</p>
      {asked.excluded.length > 0 && (
        <table class="excluded">
          <caption>Pairs that do not vote</caption>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Pairs</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            {asked.excluded.map(({ reason, pairs, share }) => (
              <tr>
                <th scope="row">{reason}</th>
                <td>{pairs}</td>
                <td>{share}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
