// Whether a night is worth telling, and the sentence that tells it.

import type { Night } from '../core/night.ts'

/** `change`: another decision than the night before, the first of all, or a night that failed. */
export const occasions = ['change', 'always', 'never'] as const
export type Occasion = (typeof occasions)[number]

export function isNews(night: Night, on: Occasion): boolean {
  if (on !== 'change') return on === 'always'
  if (night.kind === 'nothing-new') return false
  if (night.kind === 'failed' || night.before === null) return true
  return night.decision !== night.before.decision || night.held !== night.before.held
}

/** "NO-GO (was GO): gpt-4 → gpt-4-new". */
export function headline(night: Night): string {
  const was = night.before === null ? '' : ` (was ${decisionWord(night.before)})`
  return `${cameTo(night)}${was}: ${night.swap}`
}

function cameTo(night: Night): string {
  switch (night.kind) {
    case 'judged':
      return decisionWord(night)
    case 'nothing-new':
      return 'nothing new to judge'
    case 'failed':
      return `no verdict: ${night.code}`
    default:
      return night satisfies never
  }
}

export function decisionWord({ decision, held }: { readonly decision: string; readonly held: boolean }): string {
  return held ? `${decision}, held` : decision
}
