// The page around the sections of a report.
/** @jsxImportSource preact */

import type { ReportModel } from '../model.ts'
import { Against, AgainstLink } from './against.tsx'
import { Asked } from './asked.tsx'
import { ChangesSection } from './changes.tsx'
import { DecisionHeader } from './decision.tsx'
import { documentOf } from './document.tsx'
import { type Explorer, withExplorer } from './explorer.ts'
import { explorerStyle } from './explorer-style.ts'
import { Latency } from './latency.tsx'
import { Pairs } from './pairs.tsx'
import { ReviewsSection } from './reviews.tsx'
import { Rules } from './rules.tsx'
import { Segments } from './segments.tsx'
import { style } from './style.ts'
import { Tokens } from './tokens.tsx'

/** The whole HTML document. */
export function toHtml(model: ReportModel, explorer: Explorer | null): string {
  const page = documentOf({
    title: `${model.decision}: ${model.swap.production} → ${model.swap.candidate} · shadowgate`,
    version: model.run.version,
    css: explorer === null ? style.trim() : `${style.trim()}\n${explorerStyle.trim()}`,
    script: explorer === null ? null : explorer.script,
    body: <Body model={model} hasExplorer={explorer !== null} />,
  })
  return explorer === null ? page : withExplorer(page, explorer)
}

function Body({ model, hasExplorer }: { model: ReportModel; hasExplorer: boolean }) {
  return (
    <body>
      <DecisionHeader model={model} />
      <nav aria-label="Sections">
        <div class="wrap">
          <a href="#rules">Rules</a>
          <AgainstLink against={model.against} />
          <a href="#asked">What was asked</a>
          <a href="#latency">Latency</a>
          <a href="#tokens">Tokens and cost</a>
          <a href="#segments">Segments</a>
          <a href="#changes">What changed</a>
          {model.reviews.length > 0 && <a href="#reviews">Reviews</a>}
          <a href="#pairs">Pairs</a>
        </div>
      </nav>
      <main class="wrap">
        <Rules model={model} />
        <Against against={model.against} />
        <Asked asked={model.asked} />
        <Latency latency={model.latency} />
        <Tokens tokens={model.tokens} />
        <Segments tables={model.segments} />
        <ChangesSection changes={model.changes} />
        <ReviewsSection reviews={model.reviews} />
        <Pairs pairs={model.examples} hasExplorer={hasExplorer} />
      </main>
      <footer class="wrap">
        <p>
          shadowgate {model.run.version} · run {model.run.id} · seed {model.run.seed}
        </p>
      </footer>
    </body>
  )
}
