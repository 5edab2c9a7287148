// The bill that Langfuse keeps, whose keys differ by SDK → the house's count.

import type { JsonObject, Usage } from '../../core/types.ts'
import { countAt } from '../../providers/shape.ts'

const isInput = (key: string) => /^(?:input|prompt|cache)/.test(key)
const isOutput = (key: string) => /^(?:output|completion)/.test(key)

/**
 * Some SDKs count cached tokens and reasoning inside `input` and `output`, others beside them; the total tells the two
 * apart. null where it fits neither way.
 */
export function usageOf(details: JsonObject | null): Usage | null {
  const input = countAt(details ?? undefined, 'input')
  const output = countAt(details ?? undefined, 'output')
  if (details === null || input === null || output === null) return null
  const keys = Object.keys(details).filter((key) => (countAt(details, key) ?? 0) > 0)
  const sum = (ofSide: (key: string) => boolean) =>
    keys.filter(ofSide).reduce((before, key) => before + (countAt(details, key) ?? 0), 0)
  const all = { prompt: sum(isInput), completion: sum(isOutput) }
  const total = countAt(details, 'total')
  const isInside = total === null ? all.prompt === input && all.completion === output : total === input + output
  if (!isInside && total !== all.prompt + all.completion) return null
  const isCached = (key: string) => isInput(key) && /cached_tokens$|cache_read/.test(key)
  const isReasoning = (key: string) => isOutput(key) && /reasoning/.test(key)
  // None, where the log says none; unknown, where it says nothing.
  const told = (is: (key: string) => boolean) =>
    Object.keys(details).some((key) => is(key) && countAt(details, key) !== null) ? sum(is) : null
  const written = sum((key) => isInput(key) && /cache_(?:creation|write)/.test(key))
  return {
    input: isInside ? input : all.prompt,
    output: isInside ? output : all.completion,
    cachedInput: told(isCached),
    reasoning: told(isReasoning),
    ...(written > 0 ? { cacheWrite: written } : {}),
  }
}
