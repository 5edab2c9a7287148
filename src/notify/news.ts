// Whether a night is worth telling, and the sentence that tells it.

import type { Night } from '../core/night.ts'

/** `change`: another decision than the night before, the first of all, or a night without one. */
export const occasions = ['change', 'always', 'never'] as const
export type Occasion = (typeof occasions)[number]

export function isNews(night: Night, on: Occasion): boolean {
  if (on !== 'change') return on === 'always'
  if (night.kind === 'failed' || night.before === null) return true
  return night.decision !== night.before.decision || night.held !== night.before.held
}

/** "NO-GO (was GO): gpt-4 → gpt-4-new". */
export function headline(night: Night): string {
  const was = night.before === null ? '' : ` (was ${decisionWord(night.before)})`
  const now = night.kind === 'failed' ? `no verdict: ${night.code}` : decisionWord(night)
  return `${now}${was}: ${night.swap}`
}

export function decisionWord({ decision, held }: { readonly decision: string; readonly held: boolean }): string {
  return held ? `${decision}, held` : decision
}
