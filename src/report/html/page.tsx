// The page around the sections: one self-contained document that asks nobody for anything.
/** @jsxImportSource preact */

import { createHash } from 'node:crypto'
import { renderToString } from 'preact-render-to-string'
import type { ReportModel } from '../model.ts'
import { Asked } from './asked.tsx'
import { ChangesSection } from './changes.tsx'
import { DecisionHeader } from './decision.tsx'
import { Latency } from './latency.tsx'
import { Pairs } from './pairs.tsx'
import { ReviewsSection } from './reviews.tsx'
import { Rules } from './rules.tsx'
import { Segments } from './segments.tsx'
import { style } from './style.ts'

/** The whole HTML document. No script at all: what model text could smuggle in would be refused by the page's policy. */
export function toHtml(model: ReportModel): string {
  const css = style.trim()
  const hash = createHash('sha256').update(css).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
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
  return `<!doctype html>\n<html lang="en">\n<head>${head}<style>${css}</style></head>\n${renderToString(<Body model={model} />)}\n</html>\n`
}

function Body({ model }: { model: ReportModel }) {
  return (
    <body>
      <DecisionHeader model={model} />
      <nav aria-label="Sections">
        <div class="wrap">
          <a href="#rules">Rules</a>
          <a href="#changes">What changed</a>
          {model.reviews.length > 0 && <a href="#reviews">Reviews</a>}
          <a href="#asked">What was asked</a>
          <a href="#latency">Latency</a>
          <a href="#segments">Segments</a>
          <a href="#pairs">Pairs</a>
        </div>
      </nav>
      <main class="wrap">
        <Rules model={model} />
        <ChangesSection changes={model.changes} />
        <ReviewsSection reviews={model.reviews} />
        <Asked asked={model.asked} />
        <Latency latency={model.latency} />
        <Segments tables={model.segments} />
        <Pairs pairs={model.examples} />
      </main>
      <footer class="wrap">
        <p>
          shadowgate {model.run.version} · run {model.run.id} · seed {model.run.seed}
        </p>
      </footer>
    </body>
  )
}
