// How often each request stood in a file so far, of millions of them.

import type { RecordId } from '../core/types.ts'

export interface Occurrences {
  /** How often the request was counted before; counts it. */
  readonly count: (request: RecordId) => number
}

const leastSlots = 1024
const empty = -1

/**
 * Takes 16 to 32 bytes for a request, a tenth of what a Map of texts does. Requests are told apart by 52 bits of their
 * hash: of two million, two are alike once in two thousand logs, and then the later one counts as recurring.
 */
export function createOccurrences(): Occurrences {
  let slots = new Float64Array(leastSlots).fill(empty)
  let used = 0
  /** Of those that recurred, which are few. */
  const more = new Map<number, number>()

  const place = (name: number): number => {
    let at = name % slots.length
    while (slots[at] !== empty && slots[at] !== name) at = (at + 1) % slots.length
    return at
  }
  const grow = () => {
    const before = slots
    slots = new Float64Array(before.length * 2).fill(empty)
    for (const name of before) if (name !== empty) slots[place(name)] = name
  }
  return {
    count: (request) => {
      const name = Number.parseInt(request.slice(0, 13), 16)
      const at = place(name)
      if (slots[at] === name) {
        const times = (more.get(name) ?? 0) + 1
        more.set(name, times)
        return times
      }
      slots[at] = name
      used += 1
      if (used * 2 > slots.length) grow()
      return 0
    },
  }
}
