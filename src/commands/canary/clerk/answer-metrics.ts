// Metrics of what answers hold: kept by the thread that reads them, so that no request waits for their counting.

import { Counter, Histogram, Registry } from 'prom-client'
import type { Served } from '../../../canary/served/served.ts'
import { errorOf } from '../../../canary/tracing/gen-ai-attributes.ts'
import { costUsd } from '../../../core/price.ts'
import type { Arm, Outcome, Price, Reply } from '../../../core/types.ts'
import { refusalIn } from '../../../score/facts.ts'

export interface AnswerFacts {
  readonly served: Pick<Served, 'servedBy' | 'group' | 'api' | 'totalMs'>
  readonly outcome: Outcome
  readonly firstTokenMs: number | null
}

export interface AnswerMetrics {
  /** Of every exchange that is handed over, read or not. */
  readonly pass: (served: Pick<Served, 'servedBy' | 'group' | 'api' | 'headersMs' | 'totalMs'>) => void
  readonly see: (facts: AnswerFacts) => void
  /** `arm`: who gave the answer that the user speaks of; null where that is not known any more. */
  readonly hear: (score: number, arm: Arm | null) => void
  readonly spans: (counts: { readonly sent: number; readonly lost: number }) => void
  readonly text: () => Promise<string>
}

/** Seconds, as the GenAI conventions advise them, and some more: of a whole call, of a first token, and of each token after it. */
const callBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84]
const firstTokenBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40]
const perTokenBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5]

const byArm = ['arm', 'group', 'api']

export function createAnswerMetrics(prices: Readonly<Record<Arm, Price | null>>): AnswerMetrics {
  const registry = new Registry()
  const registers = [registry]
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `shadowgate_router_${name}`, help, labelNames: byArm, buckets, registers })
  const counter = (name: string, help: string, ...labels: readonly string[]) =>
    new Counter({ name: `shadowgate_router_${name}`, help, labelNames: labels, registers })
  const durations = histogram('request_duration_seconds', "From the request to the answer's last byte", callBuckets)
  const heads = histogram('first_byte_seconds', "From the request to the answer's head", callBuckets)
  const firstToken = histogram(
    'time_to_first_token_seconds',
    'From the request to the first token of a streamed answer',
    firstTokenBuckets,
  )
  const perToken = histogram(
    'time_per_output_token_seconds',
    'Of a streamed answer: from its first token to its end, by its tokens after the first',
    perTokenBuckets,
  )
  const tokens = counter(
    'tokens_total',
    'Tokens as the provider counts them; cached ones are part of the input, reasoning is part of the output',
    ...byArm,
    'type',
  )
  const errors = counter('errors_total', 'Exchanges without an answer that could be read, by why', ...byArm, 'error')
  const refusals = counter('refusals_total', 'Answers that refuse, wholly or in part', ...byArm)
  const read = counter('answers_read_total', 'Answers that were read', ...byArm)
  const cost = counter('cost_usd_total', 'What answers cost, where prices are set', ...byArm)
  const opinions = counter('feedback_total', 'What users said of answers, by who gave them', 'arm', 'opinion')
  const sent = counter('spans_exported_total', 'Spans that the collector took')
  const lost = counter('spans_lost_total', 'Spans that it did not take, or that were too many to wait for it')
  return {
    pass: ({ servedBy, group, api, headersMs, totalMs }) => {
      const of = { arm: servedBy, group: group ?? 'none', api: api ?? 'other' }
      durations.observe(of, totalMs / 1000)
      if (headersMs !== null) heads.observe(of, headersMs / 1000)
    },
    see: ({ served, outcome, firstTokenMs }) => {
      const of = { arm: served.servedBy, group: served.group ?? 'none', api: served.api ?? 'other' }
      if (outcome.kind === 'cancelled') return
      if (outcome.kind !== 'reply') {
        errors.inc({ ...of, error: wordOf(outcome) })
        return
      }
      const { reply } = outcome
      read.inc(of)
      if (isRefusal(reply)) refusals.inc(of)
      if (firstTokenMs !== null && Number.isFinite(firstTokenMs)) {
        firstToken.observe(of, firstTokenMs / 1000)
        const after = (reply.usage?.output ?? 0) - 1
        if (after > 0) perToken.observe(of, Math.max(0, served.totalMs - firstTokenMs) / 1000 / after)
      }
      if (reply.usage === null) return
      const { input, output, cachedInput, reasoning } = reply.usage
      tokens.inc({ ...of, type: 'input' }, input)
      tokens.inc({ ...of, type: 'output' }, output)
      if (cachedInput !== null) tokens.inc({ ...of, type: 'cached_input' }, cachedInput)
      if (reasoning !== null) tokens.inc({ ...of, type: 'reasoning_output' }, reasoning)
      const price = prices[served.servedBy]
      if (price !== null) cost.inc(of, Math.max(0, costUsd(reply.usage, price)))
    },
    hear: (score, arm) => opinions.inc({ arm: arm ?? 'unknown', opinion: score >= 0.5 ? 'good' : 'bad' }),
    spans: (counts) => {
      for (const [each, value] of [
        [sent, counts.sent],
        [lost, counts.lost],
      ] as const) {
        each.reset()
        each.inc(value)
      }
    },
    text: () => registry.metrics(),
  }
}

function isRefusal(reply: Reply): boolean {
  return reply.stop === 'refused' || refusalIn(reply).kind !== null
}

/** A closed list: a server may send any status, and a connection break in many ways. */
function wordOf(outcome: Outcome): string {
  if (outcome.kind === 'rejected') {
    if (outcome.status === 429) return 'rate_limited'
    return outcome.status >= 500 ? 'server' : 'rejected'
  }
  if (outcome.kind === 'timeout') return 'timeout'
  return errorOf(outcome) === 'malformed_answer' ? 'malformed_answer' : 'connection'
}
