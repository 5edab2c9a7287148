// What the methods of this room refuse: every argument is checked once, before any arithmetic.

/** One number for each pair, in the order of the pairs. Never changed. */
export type Numbers = Float64Array | readonly number[]

/** Zeros and ones, one for each pair. */
export type Flags = Numbers | Uint8Array

/** The id of each pair's independent unit (the conversation); any finite numbers, equal where the unit is the same. */
export type Clusters = Int32Array | readonly number[]

/** Throws RangeError unless 0 < alpha ≤ 0.5. */
export function requireAlpha(alphaOneSided: number): void {
  if (!(alphaOneSided > 0 && alphaOneSided <= 0.5)) {
    throw new RangeError(`alphaOneSided must be above 0 and at most 0.5, got ${alphaOneSided}`)
  }
}

/** Throws RangeError unless `value` lies strictly between 0 and 1. */
export function requireFraction(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} must be between 0 and 1, exclusive, got ${value}`)
}

/** Throws RangeError unless `value` is finite and ≥ 0. */
export function requireNonNegative(name: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) throw new RangeError(`${name} must be finite and not negative, got ${value}`)
}

/** Throws RangeError unless every value is finite and above 0. */
export function requirePositive(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be finite and above 0, got ${value}`)
  }
}

/** Throws RangeError unless `value` is a whole number ≥ 0. */
export function requireCount(name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 0))
    throw new RangeError(`${name} must be a whole number ≥ 0, got ${value}`)
}

/** Throws RangeError unless all arrays hold the same number of values, and at least one. */
export function requirePaired(arrays: Readonly<Record<string, ArrayLike<number> | undefined>>): void {
  let first: { readonly name: string; readonly length: number } | null = null
  for (const [name, values] of Object.entries(arrays)) {
    if (values === undefined) continue
    if (values.length === 0) throw new RangeError(`${name} is empty: no pairs, no estimate`)
    first ??= { name, length: values.length }
    if (values.length !== first.length) {
      throw new RangeError(`${first.name} has ${first.length} values and ${name} has ${values.length}: pairs need both`)
    }
  }
}

/** Throws RangeError unless every value lies in [low, high]; NaN never does. */
export function requireWithin(
  name: string,
  values: ArrayLike<number>,
  range: readonly [low: number, high: number],
): void {
  const [low, high] = range
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN
    if (!(value >= low && value <= high)) {
      throw new RangeError(`${name}[${i}] must be within [${low}, ${high}], got ${value}`)
    }
  }
}

/** Throws RangeError unless every value is 0 or 1. */
export function requireFlags(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0 && values[i] !== 1) throw new RangeError(`${name}[${i}] must be 0 or 1, got ${values[i]}`)
  }
}

/** The largest finite range, for `requireWithin`. */
export const finite: readonly [number, number] = [-Number.MAX_VALUE, Number.MAX_VALUE]
export const finiteNonNegative: readonly [number, number] = [0, Number.MAX_VALUE]
/** Latencies: a timeout is Infinity. */
export const nonNegative: readonly [number, number] = [0, Infinity]
