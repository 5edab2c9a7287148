// The book of invariants: how often each was looked at, and every time that it did not hold.

export interface Invariant {
  readonly what: string
  readonly checked: number
  readonly violations: readonly string[]
}

export interface Checks {
  /** `where` says which night, run or file; `found` what is wrong there, asked only if it is. */
  readonly expect: (what: string, holds: boolean, where: string, found?: () => string) => void
  readonly all: () => readonly Invariant[]
}

export function createChecks(): Checks {
  const book = new Map<string, { checked: number; violations: string[] }>()
  return {
    expect: (what, holds, where, found) => {
      const entry = book.get(what) ?? { checked: 0, violations: [] }
      book.set(what, entry)
      entry.checked += 1
      if (!holds) entry.violations.push(found ? `${where}: ${found()}` : where)
    },
    all: () => [...book].map(([what, { checked, violations }]) => ({ what, checked, violations })),
  }
}
