// Tokens × prices.

import type { Price, Usage } from './types.ts'

/** US dollars. Input from the cache, and into it, costs its own price where one is given, else the full one. */
export function costUsd(usage: Pick<Usage, 'input' | 'output' | 'cachedInput' | 'cacheWrite'>, price: Price): number {
  const cached = usage.cachedInput ?? 0
  const written = usage.cacheWrite ?? 0
  // More cached tokens than input: a server that counts them beside it.
  const full = cached + written > usage.input ? usage.input : usage.input - cached - written
  const input =
    full * price.input + cached * (price.cachedInput ?? price.input) + written * (price.cacheWrite ?? price.input)
  return (input + usage.output * price.output) / 1e6
}
