// The reference of the verdict bench: a paired bootstrap of the same figures, as it is written where nobody looks for more.

import { randomFrom } from './words.ts'

/** ms for so many resamples. The pairs that a resample draws are drawn once for all of its figures. */
export interface BootstrapCost {
  readonly resamples: number
  readonly draw: number
  /** p50 and p95 of both arms. */
  readonly quantiles: number
  /** Means of both arms. */
  readonly means: number
}

interface Arms {
  readonly production: Float64Array
  readonly candidate: Float64Array
}

export function bootstrap(args: {
  readonly latency: Arms
  readonly tokens: Arms
  readonly resamples: number
}): BootstrapCost {
  const { latency, tokens, resamples } = args
  const random = randomFrom(1)
  const cost = { draw: 0, quantiles: 0, means: 0 }
  const [p50, p95, mean] = [new Float64Array(resamples), new Float64Array(resamples), new Float64Array(resamples)]
  const drawn = new Int32Array(latency.production.length)
  const arm = new Float64Array(drawn.length)
  for (let resample = 0; resample < resamples; resample++) {
    const begin = performance.now()
    for (let place = 0; place < drawn.length; place++) drawn[place] = Math.floor(random() * drawn.length)
    const afterDraw = performance.now()
    const [productionP50, productionP95] = quantilesOf(latency.production, drawn, arm)
    const [candidateP50, candidateP95] = quantilesOf(latency.candidate, drawn, arm)
    p50[resample] = candidateP50 / productionP50
    p95[resample] = candidateP95 / productionP95
    const afterQuantiles = performance.now()
    mean[resample] = sumOf(tokens.candidate, drawn) / sumOf(tokens.production, drawn)
    cost.draw += afterDraw - begin
    cost.quantiles += afterQuantiles - afterDraw
    cost.means += performance.now() - afterQuantiles
  }
  // The percentile limits: next to nothing beside the resamples.
  for (const ratios of [p50, p95, mean]) ratios.sort()
  return { resamples, ...cost }
}

/** By selection, not by sorting: the quicker of the two. */
function quantilesOf(values: Float64Array, drawn: Int32Array, into: Float64Array): [p50: number, p95: number] {
  for (let place = 0; place < drawn.length; place++) into[place] = values[drawn[place] ?? 0] ?? 0
  const last = into.length - 1
  const [middle, high] = [last * 0.5, last * 0.95]
  const p95 = between(into, high, select(into, Math.floor(high), 0, last))
  const p50 = between(into, middle, select(into, Math.floor(middle), 0, Math.floor(high)))
  return [p50, p95]
}

/** Type 7, once everything after the whole part of `position` is known to be no smaller. */
function between(values: Float64Array, position: number, low: number): number {
  const weight = position - Math.floor(position)
  if (weight === 0) return low
  let next = Infinity
  for (let place = Math.floor(position) + 1; place < values.length; place++) {
    const value = values[place] ?? Infinity
    if (value < next) next = value
  }
  return low + weight * (next - low)
}

/** Hoare's selection: puts the value of that rank in its place, smaller ones before it, larger ones after. */
function select(values: Float64Array, rank: number, from: number, to: number): number {
  let [left, right] = [from, to]
  while (left < right) {
    const pivot = values[(left + right) >> 1] ?? 0
    let [low, high] = [left, right]
    while (low <= high) {
      while ((values[low] ?? 0) < pivot) low++
      while ((values[high] ?? 0) > pivot) high--
      if (low > high) break
      const swapped = values[low] ?? 0
      values[low++] = values[high] ?? 0
      values[high--] = swapped
    }
    if (rank <= high) right = high
    else if (rank >= low) left = low
    else break
  }
  return values[rank] ?? Infinity
}

function sumOf(values: Float64Array, drawn: Int32Array): number {
  let sum = 0
  for (let place = 0; place < drawn.length; place++) sum += values[drawn[place] ?? 0] ?? 0
  return sum
}
