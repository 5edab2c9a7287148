// Tokens × prices.

import type { Price, Usage } from '../core/types.ts'

/** US dollars. Cached input costs its own price where one is given, else the full one. */
export function costUsd(usage: Pick<Usage, 'input' | 'output' | 'cachedInput'>, price: Price): number {
  const cached = usage.cachedInput ?? 0
  const input = (usage.input - cached) * price.input + cached * (price.cachedInput ?? price.input)
  return (input + usage.output * price.output) / 1e6
}
