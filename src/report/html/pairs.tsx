// The worst pairs: what both arms said to one request, side by side, with the words that only one of them said marked.
/** @jsxImportSource preact */

import { type PairModel, type Passage, pairsWords, type SideModel } from '../model/pairs.ts'

const opened = 2

export function Pairs({ pairs }: { pairs: readonly PairModel[] }) {
  return (
    <section id="pairs" aria-labelledby="pairs-title">
      <h2 id="pairs-title">
        Pairs <small>{pairsWords(pairs)}</small>
      </h2>
      <p class="key">
        Words of one answer only: <del>production’s are dashed below</del>, <ins>the candidate’s are underlined</ins>.
        The prompt and both answers are shown as plain text.
      </p>
      {pairs.map((pair, index) => (
        <Pair pair={pair} number={index + 1} isOpen={index < opened} />
      ))}
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
        <Text label="Request" passage={pair.prompt} />
        <div class="sides">
          <Side side={pair.production} />
          <Side side={pair.candidate} />
        </div>
        {pair.tools.length > 0 && (
          <ul class="tools">
            {pair.tools.map((words) => (
              <li>{words}</li>
            ))}
          </ul>
        )}
        {pair.note !== null && <p class="cut">{pair.note}</p>}
        <p class="meta">
          {pair.similarity} · {pair.source} · <a href={`#${pair.anchor}`}>{pair.id}</a>
        </p>
      </div>
    </details>
  )
}

function Text({ label, passage }: { label: string; passage: Passage }) {
  return (
    <div class="request">
      <h3 class="label">{label}</h3>
      <div class="text">{passage.text}</div>
      {passage.cutNote !== null && <p class="cut">{passage.cutNote}</p>}
    </div>
  )
}

function Side({ side }: { side: SideModel }) {
  const isProduction = side.arm === 'production'
  return (
    <div class={`side is-${side.arm}`}>
      <h3>
        {isProduction ? 'Production' : 'Candidate'}{' '}
        <small>
          {side.outcome} · {side.latency} · {side.tokens}
        </small>
      </h3>
      <div class="text">
        {side.parts.length === 0 && <span class="none">no text</span>}
        {side.parts.map(({ isShared, text }) =>
          isShared ? text : isProduction ? <del>{text}</del> : <ins>{text}</ins>,
        )}
      </div>
      {side.cutNote !== null && <p class="cut">{side.cutNote}</p>}
    </div>
  )
}
