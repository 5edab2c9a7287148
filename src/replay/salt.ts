// A prompt cache for each arm and trial: a line of constant length at the start of the system prompt, which no other shares.

import { createHash } from 'node:crypto'
import type { Arm } from '../core/types.ts'

/**
 * The line for one arm and trial of a run. Caches compare prompts from their start, so two that begin otherwise share nothing: the
 * second trial does not find what the first has warmed, nor this night's run what last night's has. The same length for all,
 * so that no arm has a token more.
 */
export function saltOf(runId: string, arm: Arm, trial: number): string {
  const digest = createHash('sha256').update(`${runId} ${arm} ${trial}`).digest('hex').slice(0, 12)
  return `[replay ${digest}]\n`
}
