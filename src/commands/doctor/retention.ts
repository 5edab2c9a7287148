// Retention: whether the store and the reports grow for ever.

import { isRetentionOn } from '../retention.ts'
import { type Check, doubtful, fine } from './check.ts'

export const retention = {
  name: 'retention',
  look: async ({ session }) => {
    const { config } = session
    if (!isRetentionOn(config)) {
      return [
        doubtful(
          'off: the store and the reports grow with every night',
          'retention: { textsDays: 30, attemptsDays: 180, reportsDays: 365 }',
        ),
      ]
    }
    const kept = Object.entries(config.retention).flatMap(([name, value]) =>
      value === undefined ? [] : `${name} ${value}`,
    )
    return [fine(kept.join(', '))]
  },
} satisfies Check
