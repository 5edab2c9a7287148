// The page around the sections: one self-contained document that asks nobody for anything.
/** @jsxImportSource preact */

import { createHash } from 'node:crypto'
import { renderToString } from 'preact-render-to-string'
import type { ReportModel } from '../model.ts'
import { Against, AgainstLink } from './against.tsx'
import { Asked } from './asked.tsx'
import { ChangesSection } from './changes.tsx'
import { DecisionHeader } from './decision.tsx'
import { type Explorer, withExplorer } from './explorer.ts'
import { explorerStyle } from './explorer-style.ts'
import { Latency } from './latency.tsx'
import { Pairs } from './pairs.tsx'
import { ReviewsSection } from './reviews.tsx'
import { Rules } from './rules.tsx'
import { Segments } from './segments.tsx'
import { style } from './style.ts'
import { Tokens } from './tokens.tsx'

/** The whole HTML document. What model text could smuggle in, the page's policy refuses: it names one style and at most one script. */
export function toHtml(model: ReportModel, explorer: Explorer | null): string {
  const css = explorer === null ? style.trim() : `${style.trim()}\n${explorerStyle.trim()}`
  const script = explorer === null ? '' : ` script-src '${hashOf(explorer.script)}';`
  const policy = `default-src 'none'; style-src '${hashOf(css)}';${script} base-uri 'none'; form-action 'none'`
  const title = `${model.decision}: ${model.swap.production} → ${model.swap.candidate} · shadowgate`
  const head = renderToString(
    <>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={policy} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <meta name="generator" content={`shadowgate ${model.run.version}`} />
      <title>{title}</title>
    </>,
  )
  // The style stands outside the renderer, which would escape it and so change its hash.
  const page = `<!doctype html>\n<html lang="en">\n<head>${head}<style>${css}</style></head>\n${renderToString(<Body model={model} hasExplorer={explorer !== null} />)}\n</html>\n`
  return explorer === null ? page : withExplorer(page, explorer)
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
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
