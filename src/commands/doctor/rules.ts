// The rules: whether answers tell at all what a blocking one asks about. One that can't be judged keeps every night from a GO.

import { count } from '../../report/format.ts'
import { uncachedAnswers } from '../ingest/uncached-answers.ts'
import { type Check, doubtful } from './check.ts'

export const rules = {
  name: 'rules',
  look: async ({ session, study }) => {
    const known = await study().catch(() => null)
    const isAsked = session.policy.rules.some(
      ({ metric, severity }) => metric === 'cache-hit-rate' && severity === 'block',
    )
    const uncached = known === null || !isAsked ? null : uncachedAnswers(known.usage)
    if (uncached === null) return []
    return [
      doubtful(
        `cache-hit-rate blocks, and none of the ${count(uncached)} answers in the log tells how many of its tokens were cached`,
        'where the API tells none either, no night can be a GO: gate: { rules: [{ metric: cache-hit-rate, severity: off }] }',
      ),
    ]
  },
} satisfies Check
