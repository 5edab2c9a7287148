// The pair that is open: why it is worth a look, what was asked, and both answers as the reader wants to see them.
/** @jsxImportSource preact */

import type { Ref } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { duration, instant } from '../format.ts'
import { Calls, Cut, Heads, InlineText, JsonTree, type Names, Request, Sides } from '../html/pair-body.tsx'
import type { PairTexts } from '../input.ts'
import { againModel, type ComparisonModel, maxAlone, pairModel, similarityWords } from '../model/pairs.ts'
import { oneLine } from '../text.ts'
import type { Choice } from './choose.ts'
import type { Texts } from './packed.ts'

export type Layout = 'inline' | 'sides'

interface OpenedProps {
  readonly choice: Choice
  readonly texts: Texts
  readonly clusterName: (id: string) => string
  readonly layout: Layout
  readonly pane: Ref<HTMLElement>
  readonly onLayout: (layout: Layout) => void
  readonly onCluster: (id: string) => void
  readonly onCopy: () => void
}

export function Opened(props: OpenedProps) {
  const { choice, texts, clusterName, pane, onCluster, onCopy } = props
  const { row, reasons } = choice.listed
  const read = useTexts(choice, texts)
  const [isText, setText] = useState(false)
  return (
    <article class="opened" ref={pane} tabIndex={0} aria-labelledby="opened-title">
      <h3 id="opened-title">
        {reasons.map(oneLine).join(' · ') || (row.standing === 'same' ? 'The same answer' : row.standing)}
      </h3>
      <p class="meta">
        {Object.entries(row.segments).map(([key, value]) => (
          <>
            {oneLine(key)}={oneLine(value)} ·{' '}
          </>
        ))}
        {row.cluster !== null && (
          <>
            <button type="button" onClick={() => onCluster(row.cluster ?? '')}>
              {oneLine(clusterName(row.cluster))}
            </button>{' '}
            ·{' '}
          </>
        )}
        {similarityWords(row)} · {oneLine(row.recordId)}{' '}
        <button type="button" onClick={onCopy}>
          Copy link
        </button>
      </p>
      {read === 'reading' && <p class="nothing">Reading …</p>}
      {read === 'absent' && <Absent choice={choice} />}
      {typeof read === 'object' && <Whole {...props} detail={read} isText={isText} onText={setText} />}
    </article>
  )
}

/** The texts of the pair that is open now: what comes late, for another, is dropped. */
function useTexts({ place }: Choice, texts: Texts): PairTexts | 'reading' | 'absent' {
  const [latest, setRead] = useState<{ place: number; texts: PairTexts | 'absent' } | null>(null)
  useEffect(() => {
    if (texts.known(place) !== undefined) return undefined
    let isCurrent = true
    const read = async () => {
      const found = await texts.of(place)
      if (isCurrent) setRead({ place, texts: found ?? 'absent' })
    }
    void read()
    return () => {
      isCurrent = false
    }
  }, [place, texts])
  const known = texts.known(place)
  if (known !== undefined) return known ?? 'absent'
  return latest?.place === place ? latest.texts : 'reading'
}

function latencyWords(ms: number | null): string {
  return ms === null ? 'no latency' : Number.isFinite(ms) ? duration(ms) : 'no answer'
}

function Absent({ choice }: { choice: Choice }) {
  const { production, candidate } = choice.listed.row.latencyMs
  return (
    <>
      <p>
        Production: {latencyWords(production)}. Candidate: {latencyWords(candidate)}.
      </p>
      <p class="nothing">
        The texts of this pair are not in this page. The store holds them: <code>shadowgate browse</code> shows them,
        and a larger <code>report.maxMegabytes</code> or <code>report.pairs</code> puts them in.
      </p>
    </>
  )
}

interface WholeProps extends OpenedProps {
  readonly detail: PairTexts
  /** Whether documents are shown as texts too. */
  readonly isText: boolean
  readonly onText: (isText: boolean) => void
}

function Whole({ choice, detail, layout, isText, onLayout, onText }: WholeProps) {
  const { row, reasons } = choice.listed
  const pair = useMemo(
    () => pairModel({ row, reasons, detail }, { max: maxAlone, maxPrompt: maxAlone }),
    [row, reasons, detail],
  )
  const [isAgain, setAgain] = useState(false)
  const again = useMemo(() => (isAgain ? againModel(detail) : null), [isAgain, detail])
  useEffect(() => setAgain(false), [detail])
  const shown = { layout, isText }
  const isTree = pair.json !== null && !isText
  const lay = (next: Layout) => {
    onText(true)
    onLayout(next)
  }
  return (
    <>
      <p class="meta">
        from {pair.source}
        {detail.capturedAt !== null && `, ${oneLine(instant(detail.capturedAt))}`}
      </p>
      <Request passage={pair.prompt} scrolls />
      <div class="views" role="group" aria-label="How both answers are shown">
        <Toggle isOn={!isTree && layout === 'inline'} onClick={() => lay('inline')} label="One text" />
        <Toggle isOn={!isTree && layout === 'sides'} onClick={() => lay('sides')} label="Side by side" />
        {pair.json !== null && <Toggle isOn={isTree} onClick={() => onText(isTree)} label="As JSON" />}
        {detail.again !== null && (
          <Toggle isOn={isAgain} onClick={() => setAgain(!isAgain)} label="Production’s second answer" />
        )}
      </div>
      <Comparison pair={pair} {...shown} />
      {pair.tools.length > 0 && (
        <ul class="tools">
          {pair.tools.map((words) => (
            <li>{words}</li>
          ))}
        </ul>
      )}
      {again !== null && (
        <section class="again" aria-label="Production against itself">
          <p class="key">What differs here is production’s own noise.</p>
          <Comparison pair={again} {...shown} names={againNames} />
        </section>
      )}
    </>
  )
}

const againNames: Names = { production: 'Production, first', candidate: 'Production, again' }

interface ComparisonProps {
  readonly pair: ComparisonModel
  readonly layout: Layout
  readonly isText: boolean
  readonly names?: Names
}

function Comparison({ pair, layout, isText, names }: ComparisonProps) {
  const named = names === undefined ? { pair } : { pair, names }
  const tree = isText ? null : pair.json
  return (
    <>
      {tree !== null ? (
        <>
          <Heads {...named} />
          <JsonTree lines={tree.lines} />
          <Cut words={tree.note} />
        </>
      ) : layout === 'inline' && pair.inline !== null ? (
        <>
          <Heads {...named} />
          <InlineText inline={pair.inline} />
        </>
      ) : (
        <Sides {...named} />
      )}
      {tree === null && <Cut words={pair.note} />}
      <Calls calls={pair.calls} />
    </>
  )
}

function Toggle({ isOn, onClick, label }: { isOn: boolean; onClick: () => void; label: string }) {
  return (
    <button type="button" aria-pressed={isOn} onClick={onClick}>
      {label}
    </button>
  )
}
