// `shadowgate plan`: what a run would send, take and cost. Reads the logs, sends nothing.

import type { ArmForecast, Forecast } from '../sample/forecast.ts'
import type { Command } from './command.ts'
import { forecastOf } from './forecast-run.ts'
import { ingestLogs, requireLogs } from './ingest.ts'
import { drawRecords } from './sample.ts'
import { openSession, requireWritable, withStore } from './session.ts'

export const plan = {
  examples: ['shadowgate plan', 'shadowgate plan --sample-size 500 --json'],
  settings: ['store', 'logs', 'sample', 'targets', 'replay'],
  flags: [],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireWritable(session)
    const logs = session.config.logs.length > 0 ? await requireLogs(session) : []
    const { forecast, warnings } = await withStore(session, async (store) => {
      if (logs.length > 0) await ingestLogs(session, store, logs)
      const { ids } = await drawRecords(session, store)
      return forecastOf(session, store, ids)
    })
    for (const warning of warnings) session.say(warning)
    world.stdout(invocation.isJson ? JSON.stringify(forecast) : planText(forecast))
    return 0
  },
} satisfies Command

/** The plan in words, for people. */
function planText({ pairs, arms, costUsd, seconds, bound }: Forecast): string {
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
    `Cost: ${costUsd === null ? `unknown; ${whyUnknown(production)}` : `about ${dollars(costUsd)}`}`,
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
  return cost === null ? 'unknown' : `$${cost.toFixed(2)}`
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
