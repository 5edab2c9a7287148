// Numbers as verdict.json has them: JSON knows no infinity.

import type { Interval } from '../../core/judgement.ts'

export type JsonNumber = number | 'Infinity' | '-Infinity'

export function jsonNumber(value: number): JsonNumber {
  if (value === Infinity) return 'Infinity'
  return value === -Infinity ? '-Infinity' : value
}

export function intervalPart({ low, high, level }: Interval): { low: JsonNumber; high: JsonNumber; level: number } {
  return { low: jsonNumber(low), high: jsonNumber(high), level }
}
