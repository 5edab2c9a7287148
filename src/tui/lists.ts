// The lists of the browser: which pairs and clusters there are to move over, after filters, searches and decisions.

import type { PairRow } from '../core/pair.ts'
import { needsText } from '../filter/match.ts'
import type { Term } from '../filter/parse.ts'
import type { ReviewDesk } from './desk.ts'
import { type Chip, type ClusterCount, chipCounts, clusterCounts, listing } from './listing.ts'
import { type Search, startSearch } from './searching.ts'
import type { ClusterLine, PairSource } from './source.ts'
import type { ViewState } from './view-state.ts'

/** What is listed now. */
export interface Listed {
  readonly list: readonly PairRow[]
  /** Those of which some pair is listed. */
  readonly clusters: readonly ClusterLine[]
  /** Of the whole run. */
  readonly counts: Readonly<Record<Chip | 'same', number>>
  readonly inClusters: ReadonlyMap<string, ClusterCount>
  readonly search: Search | null
}

export interface Lists {
  readonly now: () => Listed
  /** Lists anew, as the state asks. */
  readonly make: (state: Pick<ViewState, 'chip' | 'sort' | 'terms'>) => void
  /** After a decision. */
  readonly count: () => void
  /** Ends the search that is going on, and begins another where the terms look for text. */
  readonly seek: (terms: readonly Term[]) => void
  readonly cluster: (state: ViewState) => ClusterLine | null
  /** The pair that is looked at: of a cluster, its example. */
  readonly selected: (state: ViewState) => PairRow | null
}

export interface ListsOptions {
  readonly source: PairSource
  readonly desk: ReviewDesk
  /** Something was found, or read that the order goes by: the lists are to be made anew. */
  readonly onNews: () => void
  readonly onTrouble: (error: unknown) => void
}

export function createLists({ source, desk, onNews, onTrouble }: ListsOptions): Lists {
  const { rows } = source
  const { stateOf } = desk
  let capturedMs: Float64Array | null = null
  let isAsked = false
  let listed: Listed = {
    list: [],
    clusters: [],
    counts: chipCounts(rows, stateOf),
    inClusters: new Map(),
    search: null,
  }
  let places: ReadonlyMap<number, PairRow> | null = null
  const rowAt = (ordinal: number) => {
    places ??= new Map(rows.map((row) => [row.ordinal, row]))
    return places.get(ordinal) ?? null
  }
  const readCaptured = async () => {
    capturedMs = await source.capturedMs()
    onNews()
  }
  const cluster = ({ mode, at }: ViewState) =>
    mode === 'clusters' ? (listed.clusters[at.clusters.cursor] ?? null) : null
  return {
    now: () => listed,
    make: ({ chip, sort, terms }) => {
      if (sort === 'captured' && !isAsked) {
        isAsked = true
        readCaptured().catch(onTrouble)
      }
      const found = listed.search?.found ?? null
      const list = listing({ rows, chip, sort, terms, stateOf, found, capturedMs })
      const inClusters = clusterCounts(list, stateOf)
      listed = { ...listed, list, inClusters, clusters: source.clusters.filter(({ id }) => inClusters.has(id)) }
    },
    count: () => {
      listed = { ...listed, counts: chipCounts(rows, stateOf) }
    },
    seek: (terms) => {
      listed.search?.cancel()
      const search = needsText(terms) ? startSearch({ source, rows, terms, stateOf, onNews, onTrouble }) : null
      listed = { ...listed, search }
    },
    cluster,
    selected: (state) => {
      if (state.mode === 'pairs') return listed.list[state.at.pairs.cursor] ?? null
      const shown = cluster(state)
      return shown === null ? null : rowAt(shown.example)
    },
  }
}
