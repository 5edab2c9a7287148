// The journal of a rollout in words: each change with its time, who made it, and why.

import { after, closedRamp } from '../../../canary/ramp/ramp.ts'
import { instant } from '../../../core/instant-words.ts'
import type { RampEvent } from '../../../core/rollout.ts'
import { eventWords } from './event-words.ts'

/** A line for each event of the journal at `path`, oldest first; `torn` are the lines that are none. */
export function historyText(events: readonly RampEvent[], torn: readonly number[], path: string): string {
  let state = closedRamp
  const lines = events.map((event) => {
    state = after(state, event)
    return `${instant(event.at)}  ${eventWords(event, state)}`
  })
  if (torn.length > 0) lines.push(`Line ${torn.join(', ')} was cut off or is no event: it did not happen.`)
  return lines.length === 0 ? `Nothing was rolled out yet: ${path} has no line, or is not there.` : lines.join('\n')
}
