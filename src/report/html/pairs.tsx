// The worst pairs, for readers without a script and for paper; where the page has one, the explorer stands before them.
/** @jsxImportSource preact */

import { type PairModel, pairsWords } from '../model/pairs.ts'
import { Cut, Heads, JsonTree, Request, Sides } from './pair-body.tsx'

const opened = 2

/** Where the explorer goes. */
export const explorerId = 'explorer'

export function Pairs({ pairs, hasExplorer }: { pairs: readonly PairModel[]; hasExplorer: boolean }) {
  return (
    <section id="pairs" aria-labelledby="pairs-title">
      <h2 id="pairs-title">
        Pairs <small class="listed">{pairsWords(pairs)}</small>
      </h2>
      <p class="key">
        Words of one answer only: <del>production’s are dashed below</del>, <ins>the candidate’s are underlined</ins>.
        The prompt and both answers are shown as plain text.
      </p>
      {hasExplorer && <div id={explorerId} />}
      <div class="listed">
        {pairs.map((pair, index) => (
          <Pair pair={pair} number={index + 1} isOpen={index < opened} />
        ))}
      </div>
    </section>
  )
}

function Pair({ pair, number, isOpen }: { pair: PairModel; number: number; isOpen: boolean }) {
  return (
    <details class="pair" open={isOpen}>
      <summary>
        <span class="number">Pair {number}</span>
        <b>{pair.reasons.join(' · ') || 'worth a look'}</b>
        <span class="segments-of">{pair.segments.join(', ')}</span>
        <span class="opening">{pair.opening}</span>
      </summary>
      {/* Inside the details, so that a link to it opens them without any script. */}
      <div class="pair-body" id={pair.anchor}>
        <Request passage={pair.prompt} />
        {pair.json === null ? (
          <Sides pair={pair} />
        ) : (
          <>
            <Heads pair={pair} />
            <JsonTree lines={pair.json.lines} />
            <Cut words={pair.json.note} />
          </>
        )}
        {pair.tools.length > 0 && (
          <ul class="tools">
            {pair.tools.map((words) => (
              <li>{words}</li>
            ))}
          </ul>
        )}
        <Cut words={pair.json === null ? pair.note : null} />
        <p class="meta">
          {pair.similarity} · {pair.source} · <a href={`#${pair.anchor}`}>{pair.id}</a>
        </p>
      </div>
    </details>
  )
}
