// What the screen shows at a moment: the part of each list and text that fits, and nothing that does not.

import type { PairRow } from '../core/pair.ts'
import type { Review, ReviewDecision } from '../core/review.ts'
import { needsText } from '../filter/match.ts'
import { parseFilter } from '../filter/parse.ts'
import type { ReviewState } from '../filter/words.ts'
import { wrap } from './cells.ts'
import type { ReviewDesk } from './desk.ts'
import type { Details } from './details.ts'
import { type Chip, listing } from './listing.ts'
import type { Listed } from './lists.ts'
import type { Layout } from './pane/differences.ts'
import { clusterHead, paneLines } from './pane/pane.ts'
import { written } from './prompt.ts'
import type { ClusterLine, PairSource, RunTitle } from './source.ts'
import { type Line, line, type Span } from './spans.ts'
import { bodyRows, isSideBySide, paneColumns, paneRows, type ViewState } from './view-state.ts'

export interface Frame {
  readonly state: ViewState
  readonly title: RunTitle
  readonly counts: Readonly<Record<Chip | 'same', string>>
  /** Those on the screen. */
  readonly pairs: readonly ListedPair[]
  readonly clusters: readonly ListedCluster[]
  /** "12 of 2,000". */
  readonly place: string
  /** The lines of the pane that are on the screen. */
  readonly lines: readonly Line[]
  /** Which part of the text they are: "1–19 of 240"; null where it is all. */
  readonly part: string | null
  /** Beneath the lists: what is typed, searched or was done. */
  readonly told: Span
  readonly hasColour: boolean
}

export interface ListedPair {
  readonly row: PairRow
  readonly isChosen: boolean
  readonly review: ReviewState
  readonly reason: string
  /** What the order goes by, where that is no reason yet. */
  readonly number: string | null
}

export interface ListedCluster {
  readonly cluster: ClusterLine
  readonly isChosen: boolean
  /** "12 left", or what was decided: "accepted". */
  readonly open: string
  readonly isDecided: boolean
  /** About the cluster as a whole. */
  readonly decision: ReviewDecision | null
}

export interface Framed extends Listed {
  readonly state: ViewState
  /** The pair that is looked at. */
  readonly row: PairRow | null
  readonly cluster: ClusterLine | null
}

export interface FramingOptions {
  readonly source: PairSource
  readonly desk: ReviewDesk
  readonly details: Details
  readonly hasColour: boolean
}

export interface Framing {
  readonly of: (framed: Framed) => Frame
  /** How many lines the pane's text has. */
  readonly lines: (state: ViewState, row: PairRow | null, cluster: ClusterLine | null) => number
}

export function framing({ source, desk, details, hasColour }: FramingOptions): Framing {
  const { words } = source
  // One text is asked for many times: each key that scrolls it does.
  let last: { readonly key: readonly unknown[]; readonly lines: readonly Line[] } = { key: [], lines: [] }
  const linesOf = (state: ViewState, row: PairRow | null, cluster: ClusterLine | null): readonly Line[] => {
    if (row === null) return [line(source.rows.length === 0 ? 'This run has no pairs.' : 'No pair is listed.', 'quiet')]
    const [detail, metrics] = [details.of(row), details.metricsOf(row)]
    const layout: Layout = { width: paneColumns(state), isSideBySide: isSideBySide(state), hasColour }
    const review = cluster && desk.reviewOf({ kind: 'cluster', id: cluster.id })
    const key = [row, cluster, review, state.tab, layout.width, layout.isSideBySide, detail, metrics]
    if (key.every((each, place) => each === last.key[place])) return last.lines
    const head = cluster === null ? [] : clusterHead(clusterWords(cluster, review), layout)
    const lines =
      detail === undefined
        ? [line('reading …', 'quiet')]
        : detail === 'gone'
          ? wrap(line(source.textsGone ?? 'The store holds no answers of this pair any more.', 'quiet'), layout.width)
          : paneLines(state.tab, { row, reasons: source.reasonsOf(row), detail, metrics }, layout, words)
    last = { key, lines: [...head, ...lines] }
    return last.lines
  }
  const place = (cursor: number, length: number) =>
    length === 0 ? 'none' : `${words.count(cursor + 1)} of ${words.count(length)}`

  const pairsOf = ({ state, list }: Framed): ListedPair[] => {
    const { cursor, top } = state.at.pairs
    return list.slice(top, top + bodyRows(state)).map((row, index) => ({
      row,
      isChosen: top + index === cursor,
      review: desk.stateOf(row),
      reason: source.reasonsOf(row)[0] ?? (row.standing === 'same' ? 'the same answer' : 'another answer'),
      number: numberOf(row, state),
    }))
  }
  const numberOf = (row: PairRow, { sort }: ViewState): string | null => {
    const ratio = ({ production, candidate }: PairRow['latencyMs']) =>
      production === null || candidate === null || production === 0 ? null : words.factor(candidate / production)
    if (sort === 'latency') return ratio(row.latencyMs)
    if (sort === 'tokens') return ratio(row.outputTokens)
    return sort === 'similarity' && row.similarity !== null ? words.percent(row.similarity) : null
  }
  const clustersOf = ({ state, clusters, inClusters }: Framed): ListedCluster[] => {
    const { cursor, top } = state.at.clusters
    return clusters.slice(top, top + bodyRows(state)).map((cluster, index) => {
      const open = inClusters.get(cluster.id)?.open ?? 0
      const decision = desk.reviewOf({ kind: 'cluster', id: cluster.id })?.decision ?? null
      return {
        cluster,
        isChosen: top + index === cursor,
        open: open > 0 ? `${words.count(open)} left` : decision === null ? 'decided' : decidedWords[decision],
        isDecided: open === 0,
        decision,
      }
    })
  }
  const toldOf = (framed: Framed): Span => {
    const { state, search } = framed
    if (state.prompt?.kind === 'filter') return hintOf(framed, written(state.prompt))
    if (state.prompt !== null) return { text: 'Enter keeps it, Esc does not', tone: 'quiet' }
    if (state.message !== null) return state.message
    if (search !== null && !search.isOver()) {
      const text = `reading texts: ${words.count(search.searched())} of ${words.count(search.of)}, found ${words.count(search.found.size)} · Esc ends it`
      return { text, tone: 'doubt' }
    }
    return state.reason === null ? { text: '', tone: 'plain' } : { text: `why: ${state.reason}`, tone: 'doubt' }
  }
  const hintOf = ({ state }: Framed, text: string): Span => {
    const parsed = parseFilter(text, source.segments)
    if (parsed.kind === 'mistake') return { text: parsed.because, tone: 'bad' }
    const { terms } = parsed
    const { chip } = state
    const found = listing({
      rows: source.rows,
      chip,
      sort: 'worst',
      terms,
      stateOf: desk.stateOf,
      found: null,
      capturedMs: null,
    })
    const pairs = `${words.count(found.length)} ${found.length === 1 ? 'pair' : 'pairs'}`
    return { text: needsText(terms) ? `${pairs} to read for the text` : pairs, tone: 'quiet' }
  }
  return {
    of: (framed) => {
      const { state, row, cluster, counts } = framed
      const lines = linesOf(state, row, cluster)
      const room = paneRows(state)
      const from = Math.min(state.scroll, Math.max(0, lines.length - room))
      const { cursor } = state.at[state.mode]
      return {
        state,
        title: source.title,
        counts: Object.fromEntries(
          Object.entries(counts).map(([key, count]) => [key, words.count(count)]),
        ) as Frame['counts'],
        pairs: state.mode === 'pairs' ? pairsOf(framed) : [],
        clusters: state.mode === 'clusters' ? clustersOf(framed) : [],
        place: place(cursor, state.mode === 'pairs' ? framed.list.length : framed.clusters.length),
        lines: lines.slice(from, from + room),
        part:
          lines.length <= room
            ? null
            : `${from + 1}–${Math.min(lines.length, from + room)} of ${words.count(lines.length)}`,
        told: toldOf(framed),
        hasColour,
      }
    },
    lines: (state, row, cluster) => linesOf(state, row, cluster).length,
  }
}

const decidedWords: Readonly<Record<ReviewDecision, string>> = {
  accept: 'accepted',
  regression: 'regression',
  unsure: 'unsure',
}

function clusterWords({ where, what, pairs, against }: ClusterLine, review: Review | null): readonly string[] {
  const head = [`${where === null ? '' : `${where} · `}${what}`, `${pairs}; ${against}`]
  if (review === null) return head
  const { decision, reviewer, reason } = review
  return [...head, `${decidedWords[decision]}, by ${reviewer}${reason === null ? '' : `: ${reason}`}`]
}
