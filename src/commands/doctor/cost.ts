// What a night costs and takes, and whether it would be refused for that with nobody there to ask.

import { exitStatus } from '../../core/fault.ts'
import { span, usd } from '../../report/format.ts'
import { type Check, doubtful, type Finding, fine, wrong } from './check.ts'

/** A night that takes longer meets the day. */
const longNightSeconds = 6 * 3600

export const cost = {
  name: 'cost',
  look: async ({ session, study }) => {
    const known = await study().catch(() => null)
    if (known === null) return []
    const { forecast, warnings } = known.foreseen
    const { costUsd, seconds } = forecast
    return [
      money(costUsd, session.config.replay),
      ...time(seconds),
      ...warnings.map((warning) =>
        wrong(`${warning}: unattended, the night is refused`, 'mend targets, or call run with --yes', exitStatus.usage),
      ),
    ]
  },
} satisfies Check

function money(
  costUsd: number | null,
  { maxCost, confirmAbove }: { maxCost?: number | undefined; confirmAbove: number },
): Finding {
  if (costUsd === null) {
    return doubtful('nobody can say what a night costs, so no limit is kept', 'pricePerMillion of both targets')
  }
  const says = `a night costs about ${usd(costUsd)}`
  if (maxCost === undefined && costUsd > confirmAbove) {
    return wrong(
      `${says}, above replay.confirmAbove (${usd(confirmAbove)}): unattended, it is refused`,
      `replay: { maxCost: ${Math.ceil(costUsd * 1.5)} } is a limit, and an answer`,
      exitStatus.usage,
    )
  }
  if (maxCost !== undefined && costUsd > maxCost) {
    return doubtful(`${says}, and is stopped at ${usd(maxCost)}`, 'raise replay.maxCost, or take a smaller sample')
  }
  return maxCost === undefined
    ? doubtful(`${says}; no limit is set`, 'replay.maxCost stops a night that goes wrong')
    : fine(`${says}, at most ${usd(maxCost)}`)
}

function time(seconds: number | null): Finding[] {
  if (seconds === null) return [fine('how long it takes the log does not tell')]
  const says = `it takes about ${span(seconds * 1000)} at the recorded latencies`
  return [seconds > longNightSeconds ? doubtful(says, 'more concurrency, or a smaller sample') : fine(says)]
}
