// A provider's prompt cache: for each key and salt the prefixes that were asked last, and what of a prompt they save.

export interface PromptCache {
  /** Whether the prefix was there. It is from now on, as the one asked last. */
  readonly ask: (scope: string, prefix: string) => boolean
}

/** Each scope keeps so many prefixes: whichever was not asked for longest makes room. */
export function promptCache(capacity: number): PromptCache {
  const scopes = new Map<string, Set<string>>()
  return {
    ask: (scope, prefix) => {
      const prefixes = scopes.get(scope) ?? new Set()
      scopes.set(scope, prefixes)
      const isThere = prefixes.delete(prefix)
      prefixes.add(prefix)
      const [oldest] = prefixes
      if (prefixes.size > capacity && oldest !== undefined) prefixes.delete(oldest)
      return isThere
    },
  }
}
