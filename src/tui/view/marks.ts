// The marks of the list: one for how a pair stands, and one for what was decided about it.

import type { Standing } from '../../core/pair.ts'
import type { ReviewState } from '../../filter/words.ts'
import type { Span } from '../spans.ts'

export const standingMarks: Readonly<Record<Standing, Span>> = {
  regressed: { text: '✗', tone: 'bad' },
  improved: { text: '↑', tone: 'good' },
  changed: { text: '~', tone: 'doubt' },
  same: { text: '=', tone: 'quiet' },
}

export const reviewMarks: Readonly<Record<ReviewState, Span>> = {
  unreviewed: { text: ' ', tone: 'plain' },
  accepted: { text: '✓', tone: 'good' },
  regression: { text: 'R', tone: 'bad' },
  unsure: { text: '?', tone: 'doubt' },
}
