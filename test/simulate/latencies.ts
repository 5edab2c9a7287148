// Latencies of both arms, in the shapes of the design, the candidate's quantile a given number of times production's.

import { type Chance, normalPair, pareto } from './chance.ts'
import type { Sides } from './measured.ts'

/** Draws the pairs of a run. */
export type DrawLatencies = (chance: Chance, pairs: number, ratio: number) => Sides

/** Spread of ln latency and the correlation of the arms that the design gives for its lognormal case. */
const spread = 0.7
const correlation = 0.7
/** ms, of production. */
const median = 800

function drawn(pairs: number, pair: () => readonly [production: number, candidate: number]): Sides {
  const production = new Float64Array(pairs)
  const candidate = new Float64Array(pairs)
  for (let place = 0; place < pairs; place++) [production[place], candidate[place]] = pair() as [number, number]
  return { production, candidate }
}

export const lognormal: DrawLatencies = (chance, pairs, ratio) =>
  drawn(pairs, () => {
    const [left, right] = normalPair(chance, correlation)
    return [median * Math.exp(spread * left), median * ratio * Math.exp(spread * right)]
  })

/**
 * "8 % Pareto(1.5) tail": each arm's call by itself with probability 0.08, its latency multiplied by twice a Pareto. The design
 * leaves the body open: with a spread of 0.5 the p95 ratio has a standard error of .053 at 4000 pairs, which is what its power
 * in the table of the whole gate (.502 at × 1.1, .969 at × 1) implies, and the p50 needs its 95 pairs.
 */
export const paretoTail: DrawLatencies = (chance, pairs, ratio) => {
  const tail = (): number => (chance.happens(0.08) ? 2 * pareto(chance, 1.5) : 1)
  return drawn(pairs, () => {
    const [left, right] = normalPair(chance, correlation)
    return [median * Math.exp(0.5 * left) * tail(), median * ratio * Math.exp(0.5 * right) * tail()]
  })
}

/**
 * "bimodal (cache hit/miss)": 55 % hits, misses four times slower, each with a spread of 0.35, what hits correlated as the
 * rest. The median then lies where there is little, and needs about the 800 pairs of the design's planning table.
 */
export const bimodal: DrawLatencies = (chance, pairs, ratio) => {
  const belowIsHit = 0.12566134685507402
  const latency = (isHit: boolean, normal: number): number => (isHit ? 1 : 4) * 300 * Math.exp(0.35 * normal)
  return drawn(pairs, () => {
    const [leftState, rightState] = normalPair(chance, correlation)
    const [left, right] = normalPair(chance, correlation)
    return [latency(leftState < belowIsHit, left), ratio * latency(rightState < belowIsHit, right)]
  })
}

/** "shape .5 vs .9, r = .9": the candidate spreads more, and is `ratio` times as slow at p95 alone. */
export const otherShape: DrawLatencies = (chance, pairs, ratio) => {
  const z95 = 1.6448536269514722
  const shift = ratio * Math.exp((0.5 - 0.9) * z95)
  return drawn(pairs, () => {
    const [left, right] = normalPair(chance, 0.9)
    return [median * Math.exp(0.5 * left), median * shift * Math.exp(0.9 * right)]
  })
}

/** Some calls of either arm, each by itself, never end. */
export function withTimeouts(draw: DrawLatencies, share: { production: number; candidate: number }): DrawLatencies {
  return (chance, pairs, ratio) => {
    const { production, candidate } = draw(chance, pairs, ratio)
    const cut = (latencies: Float64Array, probability: number) =>
      probability === 0 ? latencies : latencies.map((latency) => (chance.happens(probability) ? Infinity : latency))
    return { production: cut(production, share.production), candidate: cut(candidate, share.candidate) }
  }
}

/** Recorded to so many ms. Quantiles that lie on the grid, or round to it in the same ratio, keep the ratio exact. */
export function onGrid(draw: DrawLatencies, step: number): DrawLatencies {
  const round = (latencies: Float64Array) => latencies.map((latency) => Math.round(latency / step) * step)
  return (chance, pairs, ratio) => {
    const { production, candidate } = draw(chance, pairs, ratio)
    return { production: round(production), candidate: round(candidate) }
  }
}

/**
 * Load on the candidate's fleet alone, which comes and goes: an AR(1) in ln latency, from its stationary state. A spread of 0.6
 * makes the limits over pairs err as often as the design measured (.29).
 */
export function withPrivateLoad(load: { readonly memory: number; readonly spread: number }): DrawLatencies {
  const kept = Math.exp(-1 / load.memory)
  const fresh = load.spread * Math.sqrt(1 - kept ** 2)
  return (chance, pairs, ratio) => {
    let now = load.spread * chance.normal()
    return drawn(pairs, () => {
      const [left, right] = normalPair(chance, correlation)
      const pair = [median * Math.exp(0.6 * left), median * ratio * Math.exp(0.6 * right + now)] as const
      now = kept * now + fresh * chance.normal()
      return pair
    })
  }
}
