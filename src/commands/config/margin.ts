// A margin as people write it.

import { z } from 'zod'

const marginWords = 'a margin is a share such as 0.2, or "20%"; one above 1 is written as "150%"'

/** `20%` or `0.2`. A bare 20 is refused: it would be 2000 %, and such a rule never fails. `${VAR}` brings text. */
export const margin = z
  .union(
    [
      z.number(marginWords).min(0, marginWords).max(1, marginWords),
      z.string().regex(/^(?:\d+(?:\.\d+)?\s*%|0?\.\d+|[01](?:\.0+)?)$/, marginWords),
    ],
    marginWords,
  )
  .transform(shareOf)

function shareOf(value: number | string): number {
  if (typeof value === 'number') return value
  return value.endsWith('%') ? Number.parseFloat(value) / 100 : Number(value)
}
