// The index of nights, its lists: what changed, alarms and their bounds, nights without a verdict, and every night in a table.
/** @jsxImportSource preact */

import type { HistoryModel, NightRow, SwapHistory } from '../history/history-model.ts'

/** So many of each: a page of a year is read, not searched. */
const most = { table: 30, troubles: 20, events: 30, alarms: 20, gaps: 10, served: 10 } as const

/** Whether a night's report is there to be linked to. */
export type HasReport = (runId: string) => boolean

/** Relative to the index: `<run id>/report.html`. */
export function reportOf(runId: string): string {
  return `${encodeURIComponent(runId)}/report.html`
}

export function Changes({ model: { nights, head, swaps } }: { model: HistoryModel }) {
  const [swap] = swaps
  const changed = nights.filter(({ changes }) => changes.length > 0)
  const shown = changed.slice(0, most.events)
  return (
    <section id="changes" aria-labelledby="changes-title">
      <h2 id="changes-title">
        What changed <small>decisions, rules, models and what is asked of them</small>
      </h2>
      {changed.length === 0 && (
        <p>
          Neither decisions nor rules nor models did from one night to the next; effects that moved are among the
          alarms.
        </p>
      )}
      <ul class="events">
        {shown.map(({ when, changes }) => (
          <li>
            <b>{when}</b> {changes.join(' ')}
          </li>
        ))}
      </ul>
      {changed.length > shown.length && <p class="after">and {changed.length - shown.length} older ones</p>}
      {head?.drift != null && (
        <p class="after">
          <b>Production against its log, last night:</b> {head.drift.because}
        </p>
      )}
      {swap !== undefined && <Served swap={swap} id="served-0" />}
    </section>
  )
}

export function Served({ swap: { served }, id }: { swap: SwapHistory; id: string }) {
  const shown = served.filter(
    (row, place) => served.slice(0, place).filter(({ arm }) => arm === row.arm).length < most.served,
  )
  return (
    <div class="scroll" role="region" aria-labelledby={id} tabIndex={0}>
      <table>
        <caption id={id}>Which models answered</caption>
        <thead>
          <tr>
            <th scope="col">Arm</th>
            <th scope="col">As the API named it</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Nights</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ arm, served: name, from, to, nights }) => (
            <tr>
              <th scope="row" class={`is-${arm}`}>
                {arm}
              </th>
              <td>{name}</td>
              <td>{from}</td>
              <td>{to}</td>
              <td>{nights}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {served.length > shown.length && <p class="after">and {served.length - shown.length} older spells</p>}
    </div>
  )
}

export function Bounds({ model: { alarms, bounds } }: { model: HistoryModel }) {
  return (
    <section id="bounds" aria-labelledby="bounds-title">
      <h2 id="bounds-title">Alarms and their bounds</h2>
      {alarms.length === 0 && <p>No alarm so far.</p>}
      <ul class="events">
        {alarms.slice(0, most.alarms).map(({ at, because }) => (
          <li>
            <b>{at}</b> {because}
          </li>
        ))}
      </ul>
      {alarms.length > most.alarms && <p class="after">and {alarms.length - most.alarms} older ones</p>}
      {bounds.map((each) => (
        <p class="key">{each}</p>
      ))}
    </section>
  )
}

export function Troubles({ model: { nights, gaps } }: { model: HistoryModel }) {
  const troubles = nights.filter(({ isTrouble }) => isTrouble)
  const shown = troubles.slice(0, most.troubles)
  return (
    <section id="troubles" aria-labelledby="troubles-title">
      <h2 id="troubles-title">Nights without a verdict</h2>
      {troubles.length === 0 && gaps.length === 0 && <p>None: every night that was due came to its end.</p>}
      <ul class="events">
        {shown.map(({ when, mark, code, because, status }) => (
          <li>
            <b>
              {when}, {mark.word}
            </b>
            {code !== null && ` (${code}${status === null ? '' : `, exit status ${status}`})`}: {because}
          </li>
        ))}
      </ul>
      {troubles.length > shown.length && <p class="after">and {troubles.length - shown.length} older ones</p>}
      {gaps.length > 0 && (
        <ul class="events">
          {gaps.slice(0, most.gaps).map((gap) => (
            <li>{gap}</li>
          ))}
        </ul>
      )}
      {gaps.length > most.gaps && <p class="after">and {gaps.length - most.gaps} older gaps</p>}
    </section>
  )
}

export function Nights({ nights, hasReport }: { nights: readonly NightRow[]; hasReport: HasReport }) {
  const shown = nights.slice(0, most.table)
  return (
    <section id="nights" aria-labelledby="nights-title">
      <h2 id="nights-title">
        Night by night{' '}
        <small>{nights.length > shown.length ? `the newest ${shown.length} of ${nights.length}` : ''}</small>
      </h2>
      <div class="scroll" role="region" aria-labelledby="nights-table" tabIndex={0}>
        <table class="nights">
          <caption class="vh" id="nights-table">
            Nights, the newest first
          </caption>
          <thead>
            <tr>
              <th scope="col">Night</th>
              <th scope="col">Came to</th>
              <th scope="col">Pairs</th>
              <th scope="col">Cost</th>
              <th scope="col">Took</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((night) => (
              <tr>
                <th scope="row">
                  {night.isJudged && night.runId !== null && hasReport(night.runId) ? (
                    <a href={reportOf(night.runId)}>{night.when}</a>
                  ) : (
                    night.when
                  )}
                </th>
                <td class={`tone-${night.tone}`}>
                  <b>
                    <span aria-hidden="true">{night.mark.symbol}</span> {night.mark.word}
                  </b>
                </td>
                <td>{night.pairs ?? <span class="none">—</span>}</td>
                <td>{night.cost ?? <span class="none">—</span>}</td>
                <td>{night.took ?? <span class="none">—</span>}</td>
                <td class="why">{night.because}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
