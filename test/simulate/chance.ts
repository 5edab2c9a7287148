// What the simulated pairs are drawn from: the house's seeded chance, and the distributions made of it.

import { type Random, seededBy } from '../../src/core/random.ts'

export interface Chance extends Random {
  /** Standard normal. */
  readonly normal: () => number
  /** Whether something of this probability happens. */
  readonly happens: (probability: number) => boolean
}

/** The generator starts from 32 bits of a hash: its first few numbers still know them. */
const warmUp = 32

export function chanceOf(seed: number, ...words: readonly string[]): Chance {
  const random = seededBy(seed, ...words)
  for (let drawn = 0; drawn < warmUp; drawn++) random.unit()
  let spare: number | null = null
  return {
    ...random,
    happens: (probability) => random.unit() < probability,
    // Box and Muller; 1 − unit keeps ln away from 0.
    normal: () => {
      if (spare !== null) {
        const held = spare
        spare = null
        return held
      }
      const radius = Math.sqrt(-2 * Math.log(1 - random.unit()))
      const angle = 2 * Math.PI * random.unit()
      spare = radius * Math.sin(angle)
      return radius * Math.cos(angle)
    },
  }
}

/** Two standard normals with this correlation. */
export function normalPair(chance: Chance, correlation: number): readonly [number, number] {
  const shared = Math.sqrt(correlation) * chance.normal()
  const own = Math.sqrt(1 - correlation)
  return [shared + own * chance.normal(), shared + own * chance.normal()]
}

/** Pareto: 1 at least, and above x with probability x^−shape. */
export function pareto(chance: Chance, shape: number): number {
  return (1 - chance.unit()) ** (-1 / shape)
}
