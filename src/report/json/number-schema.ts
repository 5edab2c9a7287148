// The shapes of numbers in verdict.json.

import { z } from 'zod'

// Not an enum: its declared type has the key -Infinity, at which a consumer's compiler stops.
export const number = z
  .union([z.number(), z.literal(['Infinity', '-Infinity'])])
  .describe('A number; JSON has no infinity, so the strings "Infinity" and "-Infinity" stand for it. Never NaN.')
export const whole = z.int().min(0)

export const interval = z
  .object({ low: number, high: number, level: z.number().gt(0).lt(1) })
  .describe('Two-sided at `level`; each bound is a one-sided limit at confidence (1 + level) / 2.')
