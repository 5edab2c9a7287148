// index.html: all nights on one page, which opens anywhere, has no script and stays small however many there are.
/** @jsxImportSource preact */

import type { HistoryModel } from '../history/history-model.ts'
import { documentOf } from './document.tsx'
import { Decisions, HistoryHeader, Trends } from './history.tsx'
import { Bounds, Changes, Nights, Troubles } from './history-lists.tsx'
import { historyStyle } from './history-style.ts'
import { style } from './style.ts'

/** `hasReport`: whether `<run id>/report.html` is there beside the page. */
export function historyHtml(model: HistoryModel, hasReport: (runId: string) => boolean): string {
  const { head, version } = model
  const swap = head === null ? '' : `: ${head.models.production} → ${head.models.candidate}`
  return documentOf({
    title: `${head?.mark.word ?? 'No verdict yet'}${swap} · nights · shadowgate`,
    version,
    css: `${style.trim()}\n${historyStyle.trim()}`,
    script: null,
    body: <Body model={model} hasReport={hasReport} />,
  })
}

function Body({ model, hasReport }: { model: HistoryModel; hasReport: (runId: string) => boolean }) {
  const { nights, swaps, generatedAt, version } = model
  return (
    <body>
      <HistoryHeader model={model} hasReport={hasReport} />
      <nav aria-label="Sections">
        <div class="wrap">
          <a href="#decisions">Decisions</a>
          {swaps.length > 0 && <a href="#trends">Rules</a>}
          <a href="#changes">What changed</a>
          <a href="#bounds">Alarms</a>
          <a href="#troubles">Without a verdict</a>
          <a href="#nights">Night by night</a>
        </div>
      </nav>
      <main class="wrap">
        <Decisions nights={nights} hasReport={hasReport} />
        <Trends swaps={swaps} />
        <Changes model={model} />
        <Bounds model={model} />
        <Troubles model={model} />
        <Nights nights={nights} hasReport={hasReport} />
      </main>
      <footer class="wrap">
        <p>
          shadowgate {version} · written {generatedAt}
        </p>
      </footer>
    </body>
  )
}
