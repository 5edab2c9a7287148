// Retention: whether the store and the reports grow for ever.

import { minute } from '../../report/format.ts'
import { isRetentionOn } from '../gc/retention.ts'
import { type Check, doubtful, type Finding, fine } from './check.ts'

export const retention = {
  name: 'retention',
  look: async ({ session, study, world }) => {
    const { config } = session
    if (!isRetentionOn(config)) {
      return [
        doubtful(
          'off: the store and the reports grow with every night',
          'retention: { textsDays: 30, reportsDays: 365, maxStoreMb: 20000 }',
        ),
      ]
    }
    const kept = Object.entries(config.retention).flatMap(([name, value]) =>
      value === undefined ? [] : `${name} ${value}`,
    )
    const oldestAt = (await study().catch(() => null))?.oldestAt ?? null
    return [fine(kept.join(', ')), ...comingBack(oldestAt, config.retention.attemptsDays, world.clock.now())]
  },
} satisfies Check

const dayMs = 86_400_000

/** What is forgotten is new to whoever reads it again. */
function comingBack(oldestAt: string | null, attemptsDays: number | undefined, nowMs: number): Finding[] {
  if (oldestAt === null || attemptsDays === undefined || Date.parse(oldestAt) >= nowMs - attemptsDays * dayMs) return []
  const says = `the logs have calls of ${minute(oldestAt)}, older than attemptsDays: once forgotten, every night takes them for new`
  return [doubtful(says, 'move old log files away, or leave attemptsDays out')]
}
