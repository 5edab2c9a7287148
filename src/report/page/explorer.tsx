// The explorer of pairs: what is asked for on top, the list beside the pair that is open.
/** @jsxImportSource preact */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { needsText } from '../../filter/match.ts'
import { parseFilter, type Term } from '../../filter/parse.ts'
import { listedOf } from '../data/columns.ts'
import type { PageIndex } from '../data/index-chunk.ts'
import { count, counted } from '../format.ts'
import { type Choice, choose } from './choose.ts'
import { Controls } from './controls.tsx'
import { Help } from './help.tsx'
import { actOf, type KeyAct } from './keys.ts'
import { type Layout, Opened } from './opened.tsx'
import type { Texts } from './packed.ts'
import { withCluster } from './query.ts'
import { Rows } from './rows.tsx'
import { useSearch } from './use-search.ts'
import { useView } from './use-view.ts'

const noTerms: readonly Term[] = []

export function Explorer({ index, texts, root }: { index: PageIndex; texts: Texts; root: HTMLElement }) {
  const all = useMemo(
    () =>
      listedOf(index.columns).map(
        (pair, place): Choice => ({ listed: pair, place, opening: index.openings[place] ?? '' }),
      ),
    [index],
  )
  const listed = useMemo(() => all.map((choice) => choice.listed), [all])
  const { view, show, arrival } = useView(index.columns.recordId)
  const [layout, setLayout] = useState<Layout>(matchMedia('(max-width: 899px)').matches ? 'inline' : 'sides')
  const [notice, setNotice] = useState<string | null>(null)
  const [searchBox, help, pane] = [
    useRef<HTMLInputElement>(null),
    useRef<HTMLDialogElement>(null),
    useRef<HTMLElement>(null),
  ]

  const parsed = useMemo(() => parseFilter(view.filter, index.segments), [view.filter, index])
  // While a mistake is being typed the list stays as it was.
  const last = useRef(noTerms)
  if (parsed.kind === 'filter') last.current = parsed.terms
  const terms = last.current
  const search = useSearch(texts, needsText(terms))
  const { choices, unread } = useMemo(
    () => choose(all, { terms, order: view.order, textOf: (place) => texts.searched(place) }),
    // `search.read` stands for what `texts` has read by now.
    [all, terms, view.order, search.read, texts],
  )
  const wanted = view.pair === null ? 0 : choices.findIndex(({ listed: { row } }) => row.recordId === view.pair)
  const opened = choices[wanted]

  // A link to a pair shows that pair, whatever else it says.
  useEffect(() => {
    if (arrival === 0 || view.pair === null || search.isReading) return
    if (wanted !== -1) return
    const isThere = index.columns.recordId.includes(view.pair)
    const isHidden = isThere && view.filter !== ''
    setNotice(
      isHidden ? 'The filter hid the pair of the link, and was cleared.' : `This page has no pair ${view.pair}.`,
    )
    show({ ...view, filter: isThere ? '' : view.filter, pair: isThere ? view.pair : null }, 'replace')
  }, [arrival, search.isReading])
  useEffect(() => {
    if (arrival === 0 || (view.pair === null && view.filter === '') || isInSight(root)) return
    root.scrollIntoView({ block: 'start', behavior: 'instant' })
    if (view.pair === null) list()?.focus({ preventScroll: true })
    else pane.current?.focus({ preventScroll: true })
  }, [arrival])

  const select = (at: number, how: 'push' | 'replace') => {
    const choice = choices[at]
    if (!choice) return
    setNotice(null)
    show({ ...view, pair: choice.listed.row.recordId }, how)
    toTop(pane.current)
  }
  const ask = (filter: string, isTyped = false) => {
    setNotice(null)
    show({ ...view, filter, pair: null }, isTyped ? 'replace' : 'push')
  }
  const list = () => root.querySelector<HTMLElement>('[role="listbox"]')
  const nextOpen = (step: 1 | -1) => {
    for (let at = wanted + step; at >= 0 && at < choices.length; at += step) {
      const choice = choices[at]
      if (choice && isOpenCase(choice)) return select(at, 'replace')
    }
    setNotice(step === 1 ? 'There is no further one in this list.' : 'There is no earlier one in this list.')
  }
  const acts: Readonly<Record<KeyAct, () => void>> = {
    next: () => select(Math.min(wanted + 1, choices.length - 1), 'replace'),
    previous: () => select(Math.max(wanted - 1, 0), 'replace'),
    first: () => select(0, 'replace'),
    last: () => select(choices.length - 1, 'replace'),
    nextOpen: () => nextOpen(1),
    previousOpen: () => nextOpen(-1),
    search: () => searchBox.current?.focus(),
    view: () => setLayout(layout === 'inline' ? 'sides' : 'inline'),
    list: () => list()?.focus({ preventScroll: true }),
    help: () => help.current?.showModal(),
  }
  const onKey = (event: KeyboardEvent) => {
    const act = actOf(event, root)
    if (act === null) return
    event.preventDefault()
    acts[act]()
    if (act !== 'help' && !isInSight(root)) root.scrollIntoView({ block: 'start', behavior: 'instant' })
  }
  // Before the next key can come: a listener of an earlier list would move in that one.
  useLayoutEffect(() => {
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })

  const copy = () => {
    if (!opened) return
    show({ ...view, pair: opened.listed.row.recordId }, 'replace')
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject(new Error('no clipboard'))
    copied.then(
      () => setNotice('The link to this pair is copied.'),
      () => setNotice('The browser lets no page copy here: the address bar has the link.'),
    )
  }
  return (
    <>
      <Controls
        index={index}
        all={listed}
        view={view}
        mistake={parsed.kind === 'mistake' ? parsed.because : null}
        searchBox={searchBox}
        onFilter={ask}
        onOrder={(order) => show({ ...view, order }, 'push')}
        onHelp={acts.help}
      />
      <p class="count" role="status">
        {count(choices.length)} of {counted(index.total, 'pair')}
        {index.total > all.length && `; the worst ${count(all.length)} are in this page`}
        {search.isReading && `; reading texts, ${count(search.read)} of ${count(texts.chunks)} parts`}
        {!search.isReading && unread > 0 && `; ${count(unread)} without texts in this page were not searched`}
      </p>
      {notice !== null && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      <div class="panes">
        {choices.length === 0 ? (
          <p class="nothing">
            {search.isReading
              ? 'Reading …'
              : all.length === 0
                ? 'This run has no pairs.'
                : 'No pair matches this filter.'}
          </p>
        ) : (
          <Rows
            choices={choices}
            selected={wanted}
            onSelect={(at) => select(at, 'push')}
            onOpen={() => pane.current?.focus()}
          />
        )}
        {opened ? (
          <Opened
            choice={opened}
            texts={texts}
            clusterName={(id) => index.clusters.find((each) => each.id === id)?.name ?? `cluster ${id}`}
            layout={layout}
            pane={pane}
            onLayout={setLayout}
            onCluster={(id) => ask(withCluster('', id))}
            onCopy={copy}
          />
        ) : (
          <p class="nothing">No pair is open.</p>
        )}
      </div>
      <Help dialog={help} segments={index.segments} />
    </>
  )
}

/** Of the next pair the beginning is read first, whether the pane scrolls or, on a narrow page, all of it. */
function toTop(pane: HTMLElement | null): void {
  if (pane === null) return
  pane.scrollTop = 0
  if (pane.getBoundingClientRect().top < 0) pane.scrollIntoView({ block: 'start', behavior: 'instant' })
}

function isInSight(root: HTMLElement): boolean {
  const { top, bottom } = root.getBoundingClientRect()
  return top < innerHeight / 2 && bottom > innerHeight / 2
}

/** What a reviewer still has to look at. */
function isOpenCase({ listed: { row, review } }: Choice): boolean {
  return row.standing === 'regressed' || (row.standing !== 'same' && review === 'unreviewed')
}
