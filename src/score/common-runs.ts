// What two sequences have in common, in their order: Myers' shortest edit path, walked in typed arrays.

/** Elements that both have: from `a` in the first and from `b` in the second on, so many. */
export interface CommonRun {
  readonly a: number
  readonly b: number
  readonly count: number
}

/** No path on this diagonal. */
const none = -2

/**
 * The common runs of two sequences by a shortest edit path (Myers 1986), in order; null where that has more than `maxEdits`
 * edits. The runs are those of `diffArrays` of the library `diff`, which makes an object for each step and takes four times
 * as long: a report compares thousands of pairs.
 */
export function commonRuns(a: readonly number[], b: readonly number[], maxEdits: number): CommonRun[] | null {
  const most = Math.min(maxEdits, a.length + b.length)
  // On diagonal k, which is a's place less b's, the last place in `a` that so many edits have come to.
  const middle = most + 1
  const reached = new Int32Array(2 * most + 3).fill(none)
  const start = follow(a, b, -1, 0)
  if (isEnd(a, b, start, 0)) return start < 0 ? [] : [{ a: 0, b: 0, count: start + 1 }]
  reached[middle] = start
  /** Of each number of edits, for each diagonal: where the path stood after its last edit, and of which kind that was. */
  const steps: Int32Array[] = []
  // Past an edge of either sequence no path gets any better.
  let [lowest, highest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let edits = 1; edits <= most; edits++) {
    const step = new Int32Array(2 * edits + 1)
    steps.push(step)
    for (let k = Math.max(lowest, -edits); k <= Math.min(highest, edits); k += 2) {
      const [below, above] = [reached[middle + k - 1] ?? none, reached[middle + k + 1] ?? none]
      reached[middle + k - 1] = none
      const canAdd = above !== none && above - k >= 0 && above - k < b.length
      const canRemove = below !== none && below + 1 < a.length
      if (!canAdd && !canRemove) {
        reached[middle + k] = none
        continue
      }
      const isRemoved = !canAdd || (canRemove && below >= above)
      const from = isRemoved ? below + 1 : above
      step[k + edits] = encoded(from, isRemoved)
      const to = follow(a, b, from, k)
      if (isEnd(a, b, to, k)) return runsAlong(steps, { k, last: to })
      reached[middle + k] = to
      if (to + 1 >= a.length) highest = Math.min(highest, k - 1)
      if (to - k + 1 >= b.length) lowest = Math.max(lowest, k + 1)
    }
  }
  return null
}

/** Along a diagonal for as long as both are the same: the last such place in `a`. */
function follow(a: readonly number[], b: readonly number[], from: number, k: number): number {
  let at = from
  while (at + 1 < a.length && at - k + 1 < b.length && a[at + 1] === b[at - k + 1]) at++
  return at
}

function isEnd(a: readonly number[], b: readonly number[], at: number, k: number): boolean {
  return at + 1 >= a.length && at - k + 1 >= b.length
}

/** Places begin at −1. */
const encoded = (place: number, isRemoved: boolean) => 2 * (place + 1) + (isRemoved ? 1 : 0)

/** The path back from its end. */
function runsAlong(steps: readonly Int32Array[], end: { readonly k: number; readonly last: number }): CommonRun[] {
  const runs: CommonRun[] = []
  let { k, last } = end
  const take = (after: number) => {
    if (last > after) runs.push({ a: after + 1, b: after + 1 - k, count: last - after })
  }
  for (let edits = steps.length; edits > 0; edits--) {
    const code = steps[edits - 1]?.[k + edits] ?? 0
    const [from, isRemoved] = [(code >> 1) - 1, code % 2 === 1]
    take(from)
    k += isRemoved ? -1 : 1
    last = isRemoved ? from - 1 : from
  }
  take(-1)
  return runs.toReversed()
}
