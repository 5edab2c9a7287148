// What is foreseen of a run, and what is asked before it is paid for.

import { estimateTokenCount } from 'tokenx'
import { Fault } from '../../core/fault.ts'
import { usd } from '../../report/format.ts'
import { type Forecast, forecast, type Known } from '../../sample/forecast.ts'
import type { RequestFacts } from '../../store/request-facts.ts'
import type { Store } from '../../store/store.ts'
import { targetFrom } from '../config/resolve.ts'
import type { Session } from '../session/session.ts'

export interface Foreseen {
  /** Its cost is the judge's too. */
  readonly forecast: Forecast
  /** US dollars; null where no judge is asked, or nobody can know. */
  readonly judgeUsd: number | null
  /** What looks like a mistake: sentences. */
  readonly warnings: readonly string[]
}

/** Of the requests of these records. */
export async function forecastOf(session: Session, store: Store, ids: readonly string[]): Promise<Foreseen> {
  const { noise, warmUp, pace, timeScale, lane, keepFree } = session.config.replay
  const facts = await store.factsOfRequests(ids)
  const options = { targets: session.targets, noise, warmUp, pace, timeScale, lane, keepFree }
  const known = knownOf(facts)
  const foreseen = forecast(known, options)
  const judgeUsd = judgeCost(session, known)
  const costUsd = foreseen.costUsd === null ? judgeUsd : foreseen.costUsd + (judgeUsd ?? 0)
  return {
    forecast: { ...foreseen, costUsd },
    judgeUsd,
    warnings: likelyMistakes(session, facts.models),
  }
}

/** What it costs to ask the candidate these once; US dollars, null where nobody can know. */
export async function costOfAsking(session: Session, store: Store, ids: readonly string[]): Promise<number | null> {
  const { pace, timeScale, keepFree } = session.config.replay
  const options = { targets: session.targets, noise: 0, warmUp: 0, pace, timeScale, lane: 'live' as const, keepFree }
  return forecast(knownOf(await store.factsOfRequests(ids)), options).arms.candidate.costUsd
}

function knownOf(facts: RequestFacts): Known {
  const { records, usage, timing, firstAt, lastAt } = facts
  // A part of the answers that tells its tokens speaks for all; too small a part does not.
  const isTold = usage.records >= records / 4 && usage.records > 0
  return {
    records,
    inputTokens: {
      mean: isTold ? usage.input / usage.records : tokensIn(facts.bodyChars / Math.max(1, records)),
      isRecorded: isTold,
    },
    outputTokens: isTold ? usage.output / usage.records : null,
    latencyMs: timing.records >= records / 4 && timing.records > 0 ? timing.meanMs : null,
    spanMs: firstAt !== null && lastAt !== null ? Date.parse(lastAt) - Date.parse(firstAt) : null,
  }
}

/** What stands around the answers, and the one line that comes back. */
const [questionTokens, verdictTokens] = [250, 20]

/** Both orders, each with the request and both answers. At most: equal answers are not asked about. */
function judgeCost({ config }: Session, { records, inputTokens, outputTokens }: Known): number | null {
  const { judge, prices } = config
  if (judge === undefined || outputTokens === null) return null
  const price = targetFrom('candidate', judge.target, prices).pricePerMillion
  if (price === null) return null
  const input = inputTokens.mean + 2 * outputTokens + questionTokens
  return (2 * records * judge.share * (input * price.input + verdictTokens * price.output)) / 1e6
}

/** Tokens of so much plain English. */
function tokensIn(chars: number): number {
  const prose = 'How do I return this item, and will the refund be paid in full once you have it back? '
  return (chars * estimateTokenCount(prose)) / prose.length
}

/** Arms that can't be what they are called. */
function likelyMistakes({ targets, config }: Session, models: readonly string[]): string[] {
  const { production, candidate } = targets
  const isSame =
    production.baseUrl === candidate.baseUrl &&
    production.model === candidate.model &&
    JSON.stringify(production.overrides) === JSON.stringify(candidate.overrides) &&
    JSON.stringify(production.rename) === JSON.stringify(candidate.rename) &&
    // A gateway is told by a header whom to ask.
    JSON.stringify(config.targets.production.headers) === JSON.stringify(config.targets.candidate.headers)
  if (isSame) return [`both arms are the same: ${production.model ?? 'the captured model'} at ${production.baseUrl}`]
  const [logged] = models
  if (logged !== undefined && candidate.model === logged && production.model !== null && production.model !== logged) {
    return [`the log was answered by ${logged}, which is the candidate here: are the arms in each other's place?`]
  }
  return []
}

/**
 * Asks, before the first request, about what looks like a mistake and about a cost above `replay.confirmAbove`, unless `--yes` or a
 * cost limit has answered. Fault: UNCONFIRMED where the answer is no, or nobody is there to be asked.
 */
export async function confirmRun(session: Session, { forecast: { costUsd }, warnings }: Foreseen): Promise<void> {
  const { world, invocation, config } = session
  if (invocation.own['yes']) return
  const questions = warnings.map((warning) => ({ text: warning, place: `${session.file} targets` }))
  for (const { text, place } of questions) {
    if (await world.confirm?.(`${text}\nGo on?`)) continue
    throw new Fault('UNCONFIRMED', text, { place, hint: '--yes goes on all the same; nothing was sent' })
  }
  if (config.replay.maxCost !== undefined) return
  await confirmCost(session, costUsd, 'this replay', '--max-cost 50 stops at a limit')
}

/** Asks about a cost above `replay.confirmAbove`, unless `--yes` has answered. Fault: UNCONFIRMED. */
export async function confirmCost(
  { world, invocation, config, file }: Session,
  costUsd: number | null,
  what: string,
  way: string | null = null,
): Promise<void> {
  const { confirmAbove } = config.replay
  if (invocation.own['yes'] || costUsd === null || costUsd <= confirmAbove) return
  const text = `${what} will cost about ${usd(costUsd)}, which is more than replay.confirmAbove (${usd(confirmAbove)})`
  if (await world.confirm?.(`${text}\nGo on?`)) return
  const hint = `--yes goes on all the same${way === null ? '' : `, ${way}`}; nothing was sent`
  throw new Fault('UNCONFIRMED', text, { place: `${file} replay.confirmAbove`, hint })
}
