// A decision as it is said: a GO that waits for a person is said to.

import type { Decision } from './judgement.ts'

/** "NO-GO", or "GO, held". */
export function decisionWord({ decision, held }: { readonly decision: Decision; readonly held: boolean }): string {
  return held ? `${decision}, held` : decision
}
