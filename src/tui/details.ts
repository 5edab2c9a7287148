// The texts of the pairs that are looked at: read a page at a time, kept while there is room, and those nearby read ahead.

import { LRUCache } from 'lru-cache'
import type { PairDetail, PairRow } from '../core/pair.ts'
import type { MetricLine, PairSource } from './source.ts'

/** A detail, or that nothing is stored of the pair any more. */
export type Known = PairDetail | 'gone'

export interface Details {
  /** undefined while it is read. */
  readonly of: (row: PairRow) => Known | undefined
  readonly metricsOf: (row: PairRow) => readonly MetricLine[] | null
  /** The first of them is waited for, the others are read ahead. What was wanted before and is not read yet no longer matters. */
  readonly want: (rows: readonly PairRow[]) => void
  readonly wantMetrics: (row: PairRow) => void
}

/** Characters of answers and requests that are kept. */
const mostKept = 30_000_000
const pageSize = 16

export function createDetails(
  source: Pick<PairSource, 'details' | 'metricsOf'>,
  { onNews, onTrouble }: { readonly onNews: () => void; readonly onTrouble: (error: unknown) => void },
): Details {
  const kept = new LRUCache<number, { readonly known: Known }>({
    maxSize: mostKept,
    sizeCalculation: ({ known }) => sizeOf(known),
  })
  const metrics = new LRUCache<number, readonly MetricLine[]>({ max: 100 })
  let queue: readonly PairRow[] = []
  let isReading = false

  const next = async () => {
    if (isReading) return
    isReading = true
    try {
      while (queue.length > 0) {
        // The one that a person waits for is not kept waiting by its neighbours.
        const page = queue.slice(0, isFirst ? 1 : pageSize)
        queue = queue.slice(page.length)
        isFirst = false
        const found = await source.details(page)
        for (const { ordinal } of page) kept.set(ordinal, { known: found.get(ordinal) ?? 'gone' })
        onNews()
      }
    } catch (error) {
      queue = []
      onTrouble(error)
    } finally {
      isReading = false
    }
  }
  let isFirst = true
  return {
    of: ({ ordinal }) => kept.get(ordinal)?.known,
    metricsOf: ({ ordinal }) => metrics.get(ordinal) ?? null,
    want: (rows) => {
      const [first, ...others] = rows
      isFirst = first !== undefined && !kept.has(first.ordinal)
      queue = [...(isFirst && first ? [first] : []), ...others.filter(({ ordinal }) => !kept.has(ordinal))]
      void next()
    },
    wantMetrics: (row) => {
      if (metrics.has(row.ordinal)) return
      const read = async () => {
        metrics.set(row.ordinal, await source.metricsOf(row))
        onNews()
      }
      read().catch(onTrouble)
    },
  }
}

/** Most of what is kept is text; 1 where there is none, as the cache wants a size. */
function sizeOf(known: Known): number {
  if (known === 'gone') return 1
  const { production, candidate, again, prompt } = known
  // The body holds the prompt once more.
  const size = 500 + 2 * prompt.length + production.text.length + candidate.text.length + (again?.text.length ?? 0)
  // What is larger than the cache would never be kept, and so never shown.
  return Math.min(size, mostKept / 2)
}
