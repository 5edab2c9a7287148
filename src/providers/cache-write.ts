// Input that a provider wrote to its prompt cache.

import type { Json, Usage } from '../core/types.ts'
import { countAt } from './shape.ts'

/** The part of a usage that says so; empty where nothing was written. */
export function cacheWriteAt(holder: Json | undefined, field: string): Pick<Usage, 'cacheWrite'> {
  const written = countAt(holder, field) ?? 0
  return written > 0 ? { cacheWrite: written } : {}
}
