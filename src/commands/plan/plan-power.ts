// How many pairs each rule takes: by an earlier run of the store, or, where there is none, by what the log tells.

import { unreachable } from '../../core/fault.ts'
import type { Evidence, Rule } from '../../core/judgement.ts'
import { findEvidence } from '../../gate/evidence.ts'
import { isMoot } from '../../gate/find.ts'
import { planRule, type RulePlan, type Spread, spreadIn } from '../../gate/power.ts'
import { buildScoreTable } from '../../score/columns.ts'
import { evidenceOf } from '../../score/effects.ts'
import { summaryNamed } from '../../score/metrics/index.ts'
import { minimumPairs } from '../../stats/order-statistic-ranks.ts'
import { pilotDensity } from '../../stats/sample-size-quantile.ts'
import type { Store } from '../../store/store.ts'
import { surroundingsOf } from '../gate/judgement.ts'
import type { Session } from '../session/session.ts'

export interface PowerPlan {
  /** The run that the figures come from; null where they come from the log. */
  readonly pilot: string | null
  readonly rules: readonly (RulePlan & { readonly isAsked: boolean })[]
  /** Records for every blocking rule to be decided, if the candidate equals production; null where one of them can't tell. */
  readonly needed: number | null
}

/** For a sample of these records. Sends nothing. */
export async function planPower(session: Session, store: Store, ids: readonly string[]): Promise<PowerPlan> {
  const { policy, config } = session
  const rules = policy.rules.filter(({ segment, stage }) => segment === null && stage === 'replay')
  const pilot = await store.findMeasuredRun()
  const knownOf = pilot
    ? await knownOfRun(store, pilot, session)
    : knownOfLog(await store.recordedNumbers(ids), session)
  const { lane, pace, noise } = config.replay
  const isLookedAt = policy.looks !== null && lane === 'live' && pace === 'closed'
  const plans = rules.map((rule) => {
    const { spread, share, isAsked } = knownOf(rule)
    // A text is compared with production's own noise, where both arms were asked twice.
    const counted = share * (isExcess(rule.metric) ? noise : 1)
    const sample = { pairs: ids.length * counted, policy, isLookedAt }
    const plan = planRule(rule, counted === 0 ? 'production is not asked twice (replay.noise)' : spread, sample)
    return { ...plan, needed: plan.needed === null ? null : Math.ceil(plan.needed / counted), isAsked }
  })
  const blocking = plans.filter(({ rule, isAsked }) => isAsked && rule.severity === 'block')
  const needed = blocking.map((plan) => plan.needed)
  const isKnown = needed.length > 0 && needed.every((pairs) => pairs !== null)
  return { pilot: pilot?.run.id ?? null, rules: plans, needed: isKnown ? Math.max(...needed) : null }
}

/** What is known of a rule beforehand; a sentence in place of the spread where that is nothing. */
interface Known {
  readonly spread: Spread | string
  /** Of the pairs, that it is about. */
  readonly share: number
  /** False where no request is of its kind. */
  readonly isAsked: boolean
}

type KnownOf = (rule: Rule) => Known

async function knownOfRun(
  store: Store,
  pilot: NonNullable<Awaited<ReturnType<Store['findMeasuredRun']>>>,
  { metrics, policy }: Session,
): Promise<KnownOf> {
  const { records, sentAt } = await surroundingsOf(store, pilot)
  const table = buildScoreTable(records, await store.measuresOf(pilot.run.id), sentAt)
  const evidence = evidenceOf(table, { metrics, segments: [], level: policy.level })
  return (rule) => {
    const own = findEvidence(evidence, rule.metric, null)
    const isAsked = !isMoot(own)
    return {
      spread: isAsked ? spreadIn(own, rule, policy.level) : 'no request asks for it',
      share: shareOf(own),
      isAsked,
    }
  }
}

function shareOf(evidence: Evidence | null): number {
  if (!evidence?.effect) return 1
  const { pairs, absent } = evidence.effect
  return pairs / (pairs + (absent['not-asked'] ?? 0) + (absent['too-short'] ?? 0) + (absent['not-judged'] ?? 0))
}

/** Fewer answers than this in the log say little about the tail of another. */
const minRecorded = 30

/** The arms of a replay have more in common than this supposes, which is nothing: it takes fewer pairs than are said. */
function knownOfLog(numbers: Awaited<ReturnType<Store['recordedNumbers']>>, session: Session): KnownOf {
  const spreadOf = spreadsOfLog(numbers, session)
  return (rule) => ({ spread: spreadOf(rule), share: 1, isAsked: true })
}

function spreadsOfLog(
  { latencyMs, outputTokens }: Awaited<ReturnType<Store['recordedNumbers']>>,
  { policy: { level }, metrics }: Session,
): (rule: Rule) => Spread | string {
  return ({ metric }) => {
    const found = summaryNamed(metric, metrics)
    if (found === null) return 'there is no such metric'
    const { method, minPairs } = found.summary
    switch (method.kind) {
      case 'quantile-ratio': {
        if (found.metric.name !== 'latency') return 'the log does not tell; an earlier run would'
        const density = latencyMs.length < minRecorded ? null : densityAt(latencyMs, method.p)
        if (density === null) return 'the log tells too few latencies; an earlier run would'
        const variance = (2 * method.p * (1 - method.p)) / density ** 2
        return {
          scale: 'ratio',
          of: { variance },
          minPairs: Math.max(minPairs, minimumPairs({ p: method.p, alphaOneSided: 1 - level })),
        }
      }
      case 'mean-ratio': {
        const variation = outputTokens.length < minRecorded ? null : variationOf(outputTokens)
        if (variation === null) return 'the log tells too few answers; an earlier run would'
        return { scale: 'ratio', of: { variance: 2 * variation ** 2 }, minPairs }
      }
      case 'share-difference':
        return { scale: 'difference', of: { discordant: 0 }, minPairs }
      case 'rate-difference':
      case 'repeat-share':
      case 'excess-mean':
      case 'excess-share':
      case 'users-only':
        return 'the log does not tell; an earlier run would'
      default:
        return unreachable(method)
    }
  }
}

function densityAt(latencies: Float64Array, p: number): number | null {
  try {
    return pilotDensity({ latencies, p })
  } catch (error) {
    // Latencies that are all the same have no density.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Standard deviation over mean. */
function variationOf(values: Float64Array): number | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return mean > 0 ? Math.sqrt(variance) / mean : null
}

function isExcess(metric: string): boolean {
  const kind = summaryNamed(metric)?.summary.method.kind
  return kind === 'excess-mean' || kind === 'excess-share'
}
