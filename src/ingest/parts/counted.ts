// Tokens as a log counted them itself → usage.

import type { Json, Usage } from '../../core/types.ts'

/** A whole number from 0; exports write some as text. null where it is anything else. */
export function countOf(value: Json | undefined): number | null {
  const count = typeof value === 'string' && /^\d{1,15}(?:\.0)?$/.test(value.trim()) ? Number(value) : value
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null
}

interface Counts {
  /** Must include what was read from a cache. */
  readonly input: Json | undefined
  /** Must include reasoning. */
  readonly output: Json | undefined
  readonly cachedInput?: Json | undefined
  readonly reasoning?: Json | undefined
  readonly cacheWrite?: Json | undefined
}

/** null where input or output is not known, and where both are 0: so logs write that nothing was counted. */
export function countedUsage(counts: Counts): Usage | null {
  const input = countOf(counts.input)
  const output = countOf(counts.output)
  if (input === null || output === null || input + output === 0) return null
  const cacheWrite = countOf(counts.cacheWrite) ?? 0
  return {
    input,
    output,
    cachedInput: countOf(counts.cachedInput),
    reasoning: countOf(counts.reasoning),
    ...(cacheWrite > 0 ? { cacheWrite } : {}),
  }
}

/** The same as tracers count: where the cache's part is more than the input, it stands beside it. */
export function tracedUsage(counts: Counts): Usage | null {
  const input = countOf(counts.input)
  const ofCache = (countOf(counts.cachedInput) ?? 0) + (countOf(counts.cacheWrite) ?? 0)
  return countedUsage({ ...counts, input: input !== null && ofCache > input ? input + ofCache : input })
}
