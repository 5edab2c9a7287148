// What the explorer shows as the page's address, and back: links and the browser's history are its memory.

import { anchorOf } from '../model/pairs.ts'
import { isOrder, type Order } from './choose.ts'

export interface View {
  /** As it is typed. */
  readonly filter: string
  readonly order: Order
  /** Id of the pair that is open; null: the first of the list. */
  readonly pair: string | null
}

export const firstView: View = { filter: '', order: 'worst', pair: null }

/** `#filter=regressed&pair=…`; parts that say nothing are left out. */
export function hashOf({ filter, order, pair }: View): string {
  const parts = new URLSearchParams()
  if (filter.trim() !== '') parts.set('filter', filter)
  if (order !== firstView.order) parts.set('sort', order)
  if (pair !== null) parts.set('pair', pair)
  return `#${parts.toString()}`
}

/** null where the hash is about another part of the page. `#pair-<id>` is what the page's own links say. */
export function viewOf(hash: string, ids: readonly string[]): View | null {
  if (hash.startsWith('#pair-')) {
    const anchor = decoded(hash.slice(1))
    const pair = ids.find((id) => anchorOf(id) === anchor)
    return pair === undefined ? null : { ...firstView, pair }
  }
  const parts = new URLSearchParams(hash.slice(1))
  if (!['filter', 'sort', 'pair'].some((name) => parts.has(name))) return null
  const order = parts.get('sort') ?? ''
  return {
    filter: parts.get('filter') ?? '',
    order: isOrder(order) ? order : firstView.order,
    pair: parts.get('pair'),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
