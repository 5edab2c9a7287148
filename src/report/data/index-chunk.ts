// What the page's first chunk holds: all that the explorer lists and filters by, before any text is read.

import type { PairTexts } from '../input.ts'
import type { Columns } from './columns.ts'

/** Ids of the elements that hold the data: the index, and `<id>-<n>` for each chunk of texts. */
export const dataId = 'pairs-data'

export interface PageIndex {
  readonly columns: Columns
  /** Pairs of the run; more than `columns` has where even those were too many. */
  readonly total: number
  /** Places in `columns` of the pairs whose texts are in the page, chunk by chunk. */
  readonly texts: readonly (readonly number[])[]
  /** Beginnings of requests, beside the columns; empty where the texts are not in the page. */
  readonly openings: readonly string[]
  readonly clusters: readonly { readonly id: string; readonly name: string }[]
  readonly segments: readonly string[]
}

/** A chunk of texts, in the order of the index. */
export type TextChunk = readonly PairTexts[]
