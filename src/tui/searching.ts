// The search for text: request and answers of pairs, read a page at a time, so that keys are never kept waiting.

import type { PairDetail, PairRow } from '../core/pair.ts'
import { matches } from '../filter/match.ts'
import type { Term } from '../filter/parse.ts'
import type { ReviewState } from '../filter/words.ts'
import type { PairSource } from './source.ts'

export interface Search {
  /** Ordinals; it grows while the search goes on. */
  readonly found: ReadonlySet<number>
  readonly searched: () => number
  readonly of: number
  readonly isOver: () => boolean
  readonly cancel: () => void
}

export interface Searching {
  readonly source: Pick<PairSource, 'details'>
  /** In the order in which they are to be read. */
  readonly rows: readonly PairRow[]
  readonly terms: readonly Term[]
  readonly stateOf: (row: PairRow) => ReviewState
  readonly onNews: () => void
  readonly onTrouble: (error: unknown) => void
}

const pageSize = 100

export function startSearch({ source, rows, terms, stateOf, onNews, onTrouble }: Searching): Search {
  // What the other terms leave out need not be read.
  const candidates = rows.filter((row) => matches(terms, { row, review: stateOf(row), text: null }))
  const found = new Set<number>()
  let searched = 0
  let isOver = candidates.length === 0
  const read = async () => {
    for (let from = 0; from < candidates.length && !isOver; from += pageSize) {
      const page = candidates.slice(from, from + pageSize)
      const details = await source.details(page)
      if (isOver) return
      for (const row of page) {
        const detail = details.get(row.ordinal)
        if (detail && matches(terms, { row, review: stateOf(row), text: textIn(detail) })) found.add(row.ordinal)
      }
      searched += page.length
      isOver = searched >= candidates.length
      onNews()
    }
  }
  read().catch((error: unknown) => {
    isOver = true
    onTrouble(error)
  })
  return {
    found,
    searched: () => searched,
    of: candidates.length,
    isOver: () => isOver,
    cancel: () => {
      isOver = true
    },
  }
}

/** Request and answers, in lower case. */
export function textIn({ prompt, production, candidate }: PairDetail): string {
  const calls = [...production.toolCalls, ...candidate.toolCalls].map(
    ({ name, arguments: given }) => `${name} ${given}`,
  )
  return [prompt, production.text, candidate.text, ...calls].join('\n').toLowerCase()
}
