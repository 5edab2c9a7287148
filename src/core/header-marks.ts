// A target's extra headers as they are compared and shown: names, and what may be known of values.

import type { Target } from './types.ts'

/** Lower-case name → hash of the value, null where it may be a secret; in the order of names. */
export function headerMarks({
  headerNames,
  headerHashes = {},
}: Pick<Target, 'headerNames' | 'headerHashes'>): Record<string, string | null> {
  const names = headerNames.map((name) => name.toLowerCase()).toSorted()
  return Object.fromEntries(names.map((name) => [name, headerHashes[name] ?? null]))
}
