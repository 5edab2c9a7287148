// Tokens × prices.

import type { Price, Usage } from './types.ts'

/** US dollars. Cached input costs its own price where one is given, else the full one. */
export function costUsd(usage: Pick<Usage, 'input' | 'output' | 'cachedInput'>, price: Price): number {
  const cached = usage.cachedInput ?? 0
  // More cached tokens than input: a server that counts them beside it.
  const full = cached > usage.input ? usage.input : usage.input - cached
  const input = full * price.input + cached * (price.cachedInput ?? price.input)
  return (input + usage.output * price.output) / 1e6
}
