// Seeded chance: the same words give the same numbers on every machine and in every order of calls.

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export interface Random {
  /** Uniform in [0, 1). */
  readonly unit: () => number
  /** Uniform integer in [0, below). */
  readonly below: (below: number) => number
}

/**
 * A generator of its own for each use: `seededBy(seed, 'order', recordId)` does not depend on what was drawn elsewhere,
 * so that a resumed run draws what the first one would have drawn.
 */
export function seededBy(seed: number, ...words: readonly string[]): Random {
  const rng = xoroshiro128plus(spread(`${seed}\u0000${words.join('\u0000')}`))
  return { unit: () => uniformFloat64(rng), below: (below) => uniformInt(rng, 0, below - 1) }
}

/** A shuffled copy (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items]
  for (let last = copy.length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const held = copy[last] as T
    copy[last] = copy[other] as T
    copy[other] = held
  }
  return copy
}

/**
 * FNV-1a over UTF-16 units, finished by murmur3's mixer: without it the lowest bit is but a parity of the characters, and two
 * seeds would order all arms alike or all the other way round. Spreads words over seeds; not for ids.
 */
function spread(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
