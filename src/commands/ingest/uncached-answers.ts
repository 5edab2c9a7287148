// Whether the log's answers tell cached tokens: where no API does, a rule about them can't be judged.

import type { RecordedUsage } from '../../store/recorded.ts'

/** Fewer answers say nothing of an API. */
const fewest = 20

/** How many answers tell their tokens, where none of them tells cached ones and they are enough to wonder at it; else null. */
export function uncachedAnswers({ tokens, cached }: RecordedUsage): number | null {
  return cached === 0 && tokens >= fewest ? tokens : null
}
