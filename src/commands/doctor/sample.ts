// The sample: as large as the blocking rules take, and what is new from night to night.

import { count } from '../../report/format.ts'
import { type Check, doubtful, type Finding, fine } from './check.ts'

export const sample = {
  name: 'sample',
  look: async ({ session, study }) => {
    const known = await study().catch(() => null)
    if (known === null) return []
    const { size, since } = session.config.sample
    const { needed, isAll, size: proposed } = known.size
    const rules = isAll ? 'every blocking rule' : 'each blocking rule that the log tells of'
    const first =
      needed === null
        ? fine(`sample.size is ${count(size)}; the log can't tell how many the rules take, a first run will`)
        : size >= needed
          ? fine(`sample.size is ${count(size)}; ${rules} is shown to hold by about ${count(needed)}`)
          : doubtful(
              `sample.size is ${count(size)}, and ${rules} takes about ${count(needed)} to be shown to hold`,
              `sample.size: ${proposed}; shadowgate plan has it by rule`,
            )
    return [first, ...again(since)]
  },
} satisfies Check

function again(since: 'all' | 'lastRun'): Finding[] {
  if (since === 'lastRun') return []
  return [
    doubtful(
      'every night replays from all records, old and new alike',
      'sample: { since: lastRun, cohort: 200 } asks what is new',
    ),
  ]
}
