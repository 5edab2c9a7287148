// What the fields of the reference cases are made of, and the reasons for which some are not read.

import { z } from 'zod'

// Infinities are words in JSON.
export const num = z.union([z.number(), z.enum(['Infinity', '-Infinity', '0'])]).transform(Number)
export const nums = z.array(num)
export const pair = z.tuple([num, num])
export const sameAsFirst = z.literal('same as first case of this kind')
export const note = z.string().optional()
/** A number that this room does not compute, and why not. */
export const leftOut = (why: string) => z.unknown().optional().describe(why)

export const rejected = 'the design measured it and rejects it'
export const notOurs = 'another method of the same family, which the design does not call for'
export const repeated = 'follows from the fields beside it'

/** A section: where its numbers are from, and within what they hold (relative 1e-6 unless it says otherwise). */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ source: note, note, sign: note, definition: note, formula: note, ...shape })
