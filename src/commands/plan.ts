// `shadowgate plan`: what a run would send, take and cost. Reads the logs, sends nothing.

import { usd } from '../report/format.ts'
import type { ArmForecast, Forecast } from '../sample/forecast.ts'
import type { Command } from './command.ts'
import { ingestLogs, requireLogs } from './ingest.ts'
import { isNothingNew, sayNothingNew } from './night/nothing-new.ts'
import { forecastOf } from './plan/forecast-run.ts'
import { type PowerPlan, planPower } from './plan/plan-power.ts'
import { drawRecords } from './sample.ts'
import { openSession, requireWritable, withStore } from './session/session.ts'

export const plan = {
  examples: ['shadowgate plan', 'shadowgate plan --sample-size 500 --json'],
  settings: ['store', 'logs', 'privacy.personalData', 'sample', 'targets', 'replay', 'judge', 'gate'],
  flags: [],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireWritable(session)
    const logs = session.config.logs.length > 0 ? await requireLogs(session) : []
    const planned = await withStore(session, async (store) => {
      if (logs.length > 0) await ingestLogs(session, store, logs)
      const drawn = await drawRecords(session, store)
      if (isNothingNew(drawn)) return drawn
      const { ids } = drawn
      return { ...(await forecastOf(session, store, ids)), power: await planPower(session, store, ids) }
    })
    if (isNothingNew(planned)) return sayNothingNew(session, planned)
    const { forecast, judgeUsd, warnings, power } = planned
    for (const warning of warnings) session.say(warning)
    world.stdout(
      invocation.isJson
        ? JSON.stringify({ ...toJson(forecast, power), judgeUsd })
        : `${planText(forecast, judgeUsd)}\n\n${powerText(forecast, power)}`,
    )
    return 0
  },
} satisfies Command

/** For programs: every number bare, a rule by its words. */
function toJson(forecast: Forecast, { pilot, needed, rules }: PowerPlan): object {
  const plain = rules.map(({ rule, ...rest }) => ({
    metric: rule.metric,
    margin: rule.margin,
    severity: rule.severity,
    ...rest,
  }))
  return { ...forecast, power: { pilot, needed, rules: plain } }
}

/** What the sample would show, in words. */
function powerText({ pairs, costUsd, seconds }: Forecast, { pilot, rules, needed }: PowerPlan): string {
  const width = 2 + Math.max(...rules.map(({ rule }) => rule.metric.length))
  const rows = rules.map(({ rule, needed: own, brokenFrom, scale, why }) => {
    const limit = `${Number((rule.margin * 100).toFixed(2))} ${scale === 'difference' ? 'pp' : '%'}`
    if (why !== null) return `  ${rule.metric.padEnd(width)}${''.padStart(8)}  ${why}`
    const from = brokenFrom === null ? 'nothing' : worse(brokenFrom, scale)
    return `  ${rule.metric.padEnd(width)}${limit.padStart(8)}${counted(own).padStart(14)}${from.padStart(20)}`
  })
  const source = pilot === null ? "the log's own answers, as if the arms had nothing in common" : `run ${pilot}`
  const enough =
    needed === null
      ? 'How many pairs every blocking rule takes is not known; a small run would tell: --sample-size 200.'
      : needed <= pairs
        ? `Enough for every blocking rule to be shown to hold, if the candidate equals production: that takes about ${counted(needed)} pairs.`
        : `Too few for every blocking rule to be shown to hold: that takes about ${counted(needed)} pairs${priceOf(needed / pairs, costUsd, seconds)}.`
  return [
    `What ${counted(pairs)} pairs would show, by ${source}; with 80 % power:`,
    `  ${'rule'.padEnd(width)}${'margin'.padStart(8)}${'holds from'.padStart(14)}${'shown broken from'.padStart(20)}`,
    ...rows,
    '',
    enough,
  ].join('\n')
}

function worse(amount: number, scale: 'difference' | 'ratio' | null): string {
  return scale === 'ratio' ? `+${((amount - 1) * 100).toFixed(0)} %` : `+${(amount * 100).toFixed(1)} pp`
}

function priceOf(factor: number, costUsd: number | null, seconds: number | null): string {
  const parts = [
    ...(costUsd === null ? [] : [`about ${dollars(costUsd * factor)}`]),
    ...(seconds === null ? [] : [spanWords(seconds * factor)]),
  ]
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

/** The plan in words, for people. */
function planText({ pairs, arms, costUsd, seconds, bound }: Forecast, judgeUsd: number | null): string {
  const { production, candidate } = arms
  const rows = [
    ['', 'production', 'candidate'],
    ['requests', counted(production.requests), counted(candidate.requests)],
    ['input tokens, about', counted(production.inputTokens), counted(candidate.inputTokens)],
    ['output tokens, about', counted(production.outputTokens), counted(candidate.outputTokens)],
    ['cost, about', dollars(production.costUsd), dollars(candidate.costUsd)],
  ]
  const table = rows.map(([name = '', a = '', b = '']) => `  ${name.padEnd(22)}${a.padStart(14)}${b.padStart(14)}`)
  return [
    `${counted(pairs)} pairs`,
    '',
    ...table,
    '',
    `Cost: ${costUsd === null ? `unknown; ${whyUnknown(production)}` : `about ${dollars(costUsd)}`}${judgeUsd === null ? '' : `, of which the judge takes at most ${dollars(judgeUsd)}`}`,
    `Time: ${timeWords(seconds, bound)}`,
  ].join('\n')
}

function whyUnknown({ outputTokens }: ArmForecast): string {
  return outputTokens === null
    ? 'the log does not tell how many tokens answers have'
    : 'name prices in the config: prices, or pricePerMillion of a target'
}

function counted(count: number | null): string {
  return count === null ? 'unknown' : count.toLocaleString('en-US')
}

function dollars(cost: number | null): string {
  return cost === null ? 'unknown' : usd(cost)
}

const bounds: Readonly<Record<NonNullable<Forecast['bound']>, string>> = {
  concurrency: 'at the recorded latencies and this concurrency',
  'requests-per-minute': 'by requests per minute',
  'tokens-per-minute': 'by tokens per minute',
  arrivals: 'as the log says, at this time scale',
  batch: 'when the provider has done the batch: within a day',
}

function timeWords(seconds: number | null, bound: Forecast['bound']): string {
  if (bound === 'batch') return bounds.batch
  if (seconds === null || bound === null) return 'unknown; the log tells no latencies'
  return `about ${spanWords(seconds)}, ${bounds[bound]}`
}

function spanWords(seconds: number): string {
  if (seconds < 100) return `${Math.max(1, Math.round(seconds))} s`
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
