// Rows of one call, glued: the pieces of a log that writes a call over several.

import type { Json } from '../core/types.ts'
import type { LineStart } from './prepare.ts'

/** What waits at most, in bytes of log: pieces of a call stand near each other. */
const defaultMaxBytes = 64 * 1024 * 1024

/** Calls whose last piece may come so much later are forgotten at most: a late piece is told from a new call. */
const maxRemembered = 100_000

/** All rows of a call that came, in their order. */
export interface Glued<Origin> {
  readonly rows: readonly Json[]
  /** Where the first row stands. */
  readonly start: LineStart
  readonly origin: Origin
}

interface Pile<Origin> {
  readonly rows: { readonly order: number; readonly row: Json }[]
  readonly start: LineStart
  readonly origin: Origin
  bytes: number
}

export interface GlueRow<Origin> {
  readonly key: string
  readonly order: number
  readonly row: Json
  readonly start: LineStart
  readonly origin: Origin
}

/** Holds rows by their key until no more of them fit, or until the end; the pile that waits longest goes first. */
export function createGlue<Origin>(maxBytes: number = defaultMaxBytes) {
  const piles = new Map<string, Pile<Origin>>()
  const gone = new Set<string>()
  let held = 0

  const glued = (key: string, { rows, start, origin, bytes }: Pile<Origin>): Glued<Origin> => {
    piles.delete(key)
    held -= bytes
    gone.add(key)
    if (gone.size > maxRemembered) for (const oldest of gone) if (gone.delete(oldest)) break
    const inOrder = rows.toSorted((left, right) => left.order - right.order).map(({ row }) => row)
    return { rows: inOrder, start, origin }
  }

  return {
    /** The calls that had to go to make room; null for a row whose call has gone. */
    add: ({ key, order, row, start, origin }: GlueRow<Origin>): readonly Glued<Origin>[] | null => {
      if (gone.has(key)) return null
      const pile = piles.get(key) ?? { start, origin, rows: [], bytes: 0 }
      piles.set(key, pile)
      pile.rows.push({ order, row })
      pile.bytes += start.share
      held += start.share
      const full: Glued<Origin>[] = []
      for (const [oldest, each] of piles) {
        if (held <= maxBytes) break
        if (oldest !== key) full.push(glued(oldest, each))
      }
      return full
    },
    *rest(): Generator<Glued<Origin>, void, void> {
      for (const [key, pile] of piles) yield glued(key, pile)
    },
  }
}
