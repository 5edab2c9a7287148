// The report's vocabulary: titles of metrics, and a symbol with a word for everything that colour alone must not say.

import type { Decision, FindingOutcome, Segment, Severity } from '../core/judgement.ts'
import { titleOfMetric } from '../core/metric-title.ts'
import { segmentWords } from '../core/segment-words.ts'
import { oneLine } from './text.ts'

export interface Mark {
  readonly symbol: string
  readonly word: string
}

export const outcomeMarks: Readonly<Record<FindingOutcome, Mark>> = {
  pass: { symbol: '✓', word: 'pass' },
  fail: { symbol: '✗', word: 'fail' },
  inconclusive: { symbol: '≈', word: 'inconclusive' },
  'not-evaluable': { symbol: '○', word: 'not evaluable' },
}

export const decisionMarks: Readonly<Record<Decision, Mark>> = {
  GO: { symbol: '✓', word: 'GO' },
  INCONCLUSIVE: { symbol: '≈', word: 'INCONCLUSIVE' },
  'NO-GO': { symbol: '✗', word: 'NO-GO' },
  INVALID: { symbol: '○', word: 'INVALID' },
}

/** A GO that waits for a person. */
export const heldMark: Mark = { symbol: '≈', word: 'GO, held' }

export function decisionMark({ decision, held }: { readonly decision: Decision; readonly held: boolean }): Mark {
  return held ? heldMark : decisionMarks[decision]
}

/** Nights that came to no verdict. */
export const nightMarks = {
  'nothing-new': { symbol: '·', word: 'nothing new' },
  failed: { symbol: '!', word: 'no verdict' },
  'cut-off': { symbol: '⊘', word: 'cut off' },
  running: { symbol: '…', word: 'running' },
} as const satisfies Readonly<Record<string, Mark>>

/** What a rule of this severity does. */
export const severityWords: Readonly<Record<Severity, { readonly does: string; readonly group: string }>> = {
  block: { does: 'blocks', group: 'Blocking rules' },
  investigate: { does: 'investigate', group: 'Rules to investigate' },
  warn: { does: 'warns', group: 'Warnings' },
}

/** A metric's name in words, on one line: `ttft-p95` is "Time to first token p95". */
export function metricTitle(name: string): string {
  return titleOfMetric(oneLine(name))
}

/** null for all records. */
export function segmentTitle(segment: Segment | null): string | null {
  return segment === null ? null : segmentWords(segment)
}

/** A machine's word as people write it: `replay-429` is "replay 429". */
export function plainWord(name: string): string {
  return oneLine(name).replace(/[-_]/g, ' ')
}
