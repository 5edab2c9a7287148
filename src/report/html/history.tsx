// The index of nights, its first sections: the newest decision, decisions over time, and each rule's trend.
/** @jsxImportSource preact */

import type { HistoryModel, NightRow, SwapHistory } from '../history/history-model.ts'
import { type HasReport, reportOf, Served } from './history-lists.tsx'
import { Trend } from './trend.tsx'

/** Nights in the strip: half a year. */
const mostCells = 180

export function HistoryHeader({ model: { head, facts }, hasReport }: { model: HistoryModel; hasReport: HasReport }) {
  return (
    <header class={`verdict tone-${head?.tone ?? 'invalid'}`}>
      <div class="wrap">
        <p class="eyebrow">shadowgate, night after night</p>
        {head === null ? (
          <h1>
            <span class="word">No verdict yet</span>
          </h1>
        ) : (
          <>
            <h1>
              <span class="word">
                <span aria-hidden="true">{head.mark.symbol}</span> {head.mark.word}
              </span>
              <span class="swap">
                <span class="vh">for </span>
                <b class="is-production">{head.models.production}</b> <span aria-hidden="true">→</span>
                <span class="vh">replaced by</span> <b class="is-candidate">{head.models.candidate}</b>
              </span>
            </h1>
            <p class="lead">{head.since}</p>
            <p class="sure">{head.because}</p>
            {head.runId !== null && hasReport(head.runId) && (
              <p class="next">
                <a href={reportOf(head.runId)}>The report of that night</a>
              </p>
            )}
          </>
        )}
        {head?.trouble != null && (
          <p class="trouble">
            <b class="label">Since then</b> {head.trouble}
          </p>
        )}
        {head?.drift?.hasDrifted === true && (
          <div class="flags">
            <p class="label">Production is not what it was</p>
            <p>{head.drift.because}</p>
          </div>
        )}
        <dl class="glance">
          {facts.map(({ name, value }) => (
            <div>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </header>
  )
}

export function Decisions({ nights, hasReport }: { nights: readonly NightRow[]; hasReport: HasReport }) {
  const shown = nights.slice(0, mostCells).toReversed()
  const left = nights.length - shown.length
  const marks = new Map(shown.map(({ mark, tone }) => [mark.word, { mark, tone }]))
  return (
    <section id="decisions" aria-labelledby="decisions-title">
      <h2 id="decisions-title">
        Decisions over time <small>the oldest first, each a link to its report where that is still there</small>
      </h2>
      <ol class="strip">
        {shown.map((night, place) => (
          <>
            {monthOf(night) !== monthOf(shown[place - 1]) && <li class="month">{monthOf(night)}</li>}
            <Cell night={night} hasReport={hasReport} />
          </>
        ))}
      </ol>
      <ul class="strip-key" aria-hidden="true">
        {[...marks.values()].map(({ mark, tone }) => (
          <li class={`tone-${tone}`}>
            <b>{mark.symbol}</b> {mark.word}
          </li>
        ))}
        <li>framed twice: something changed since the night before</li>
      </ul>
      {left > 0 && <p class="after">{left} older nights are not shown; shadowgate history --limit lists them.</p>}
    </section>
  )
}

function monthOf(night: NightRow | undefined): string {
  return night?.at.slice(0, 7) ?? ''
}

function Cell({
  night: { when, mark, tone, runId, changes, isJudged },
  hasReport,
}: {
  night: NightRow
  hasReport: HasReport
}) {
  const told = `${when}: ${mark.word}${changes.length > 0 ? `. ${changes.join(' ')}` : ''}`
  const look = changes.length > 0 ? 'is-turn' : ''
  const inside = (
    <>
      <span aria-hidden="true">{mark.symbol}</span>
      <span class="vh">{told}</span>
    </>
  )
  return (
    <li class={`tone-${tone}`} title={told}>
      {isJudged && runId !== null && hasReport(runId) ? (
        <a class={look} href={reportOf(runId)}>
          {inside}
        </a>
      ) : (
        <span class={`cell ${look}`}>{inside}</span>
      )}
    </li>
  )
}

export function Trends({ swaps: [newest, ...others] }: { swaps: readonly SwapHistory[] }) {
  if (newest === undefined) return null
  return (
    <section id="trends" aria-labelledby="trends-title">
      <h2 id="trends-title">
        Rules over the nights <small>{newest.tally}</small>
      </h2>
      <TrendGrid swap={newest} id="trend-0" />
      <p class="key">
        <b>●</b> passed, <b>○</b> open, <b>✕</b> failed; the line through a mark is its interval, drawn to the edge
        where it goes further. All pictures share one axis that counts in limits, on which up is always worse; each
        night stands against the limit that it was judged by. The limits of a night are for that night alone: what many
        nights may say together stands under <a href="#bounds">alarms and their bounds</a>.
      </p>
      {others.map((swap, place) => (
        <details class="more">
          <summary>
            {swap.models.production} → {swap.models.candidate}: {swap.tally}
          </summary>
          <TrendGrid swap={swap} id={`trend-${place + 1}`} />
          <Served swap={swap} id={`served-${place + 1}`} />
        </details>
      ))}
    </section>
  )
}

function TrendGrid({ swap, id }: { swap: SwapHistory; id: string }) {
  return (
    <>
      <h3 class="vh">
        {swap.models.production} → {swap.models.candidate}
      </h3>
      <div class="trends">
        {swap.trends.map((trend, place) => (
          <Trend trend={trend} reach={swap.reach} id={`${id}-${place}`} />
        ))}
      </div>
      {swap.trends.length === 0 && <p class="none">Nothing was measured yet.</p>}
    </>
  )
}
