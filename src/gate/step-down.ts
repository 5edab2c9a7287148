// Which of several tests stand beside each other: Holm's procedure, at whatever level a look allows.

/**
 * Holm's step-down (1979): the smallest p-value is held against the level for m tests, the next against that for m − 1, until
 * one does not stand. `alphaFor(m)` is α / m where the tests are made once, and a look's boundary for α / m where they are made
 * along the way (Ye et al. 2013, group sequential Holm). One answer for each p-value, in their order.
 */
export function stepDown(ps: readonly number[], alphaFor: (tests: number) => number): boolean[] {
  const stands = ps.map(() => false)
  const order = [...ps.keys()].toSorted((a, b) => (ps[a] ?? 1) - (ps[b] ?? 1))
  for (const [rank, index] of order.entries()) {
    if (!((ps[index] ?? 1) < alphaFor(ps.length - rank))) break
    stands[index] = true
  }
  return stands
}
