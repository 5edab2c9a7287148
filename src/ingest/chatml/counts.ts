// Tokens as tracers count them, each number by itself → the house's usage.

import type { Usage } from '../../core/types.ts'

export interface Counts {
  readonly input: number | null
  readonly output: number | null
  readonly cachedInput: number | null
  readonly cacheWrite: number | null
  readonly reasoning: number | null
}

/** null where one side is missing. Input counts what the cache gave and took; who leaves it out is seen by the sum. */
export function usageOfCounts({ input, output, cachedInput, cacheWrite, reasoning }: Counts): Usage | null {
  if (input === null || output === null) return null
  const ofCache = (cachedInput ?? 0) + (cacheWrite ?? 0)
  return {
    input: ofCache > input ? input + ofCache : input,
    output,
    cachedInput,
    reasoning,
    ...(cacheWrite !== null && cacheWrite > 0 ? { cacheWrite } : {}),
  }
}
