// The job's own metrics: one list, from which Prometheus' file and OpenTelemetry's message are both made.

import { decisions } from '../core/judgement.ts'
import { callOutcomes, type Night, type NightCalls } from '../core/night.ts'
import { nightStages } from '../core/night-event.ts'
import type { Arm, Instant } from '../core/types.ts'
import type { Past } from './past.ts'

/** What is measured once the night is over. */
export interface JobFacts {
  readonly night: Night
  readonly past: Past
  /** Of the store's file; null where there is none. */
  readonly storeBytes: number | null
}

/** Each describes the last night alone, so all are gauges. */
export interface JobMetric {
  /** OpenTelemetry's: words with dots between. */
  readonly name: string
  /** UCUM, as OpenTelemetry asks: `s`, `By`; what is counted stands in braces. */
  readonly unit: string
  readonly help: string
  /** None where nothing is known of it. */
  readonly points: (facts: JobFacts) => readonly JobPoint[]
}

export interface JobPoint {
  readonly value: number
  /** Few, and of closed lists: no run, no model, no reason is one. */
  readonly attributes: Readonly<Record<string, string>>
}

const arms: readonly Arm[] = ['production', 'candidate']
const kinds: readonly Night['kind'][] = ['judged', 'nothing-new', 'failed']

export const jobMetrics: readonly JobMetric[] = [
  {
    name: 'shadowgate.night.finished.timestamp',
    unit: 's',
    help: 'When the last night ended',
    points: ({ night }) => point(seconds(night.finishedAt)),
  },
  {
    name: 'shadowgate.night.success.timestamp',
    unit: 's',
    help: 'When the last night ended that did all there was to do',
    points: ({ night, past }) => {
      const at = night.kind === 'failed' ? past.lastSuccessAt : night.finishedAt
      return point(at === null ? null : seconds(at))
    },
  },
  {
    name: 'shadowgate.night.duration',
    unit: 's',
    help: 'How long the last night took',
    points: ({ night }) => {
      const byClock = Math.max(0, seconds(night.finishedAt) - seconds(night.startedAt))
      return point(night.numbers?.elapsedMs === undefined ? byClock : night.numbers.elapsedMs / 1000)
    },
  },
  {
    name: 'shadowgate.night.stage.duration',
    unit: 's',
    help: 'How long each stage of the last night took that it came to',
    points: ({ night }) =>
      nightStages.flatMap((stage) => {
        const ms = night.numbers?.stages?.[stage]
        return point(ms === undefined ? null : ms / 1000, { stage })
      }),
  },
  {
    name: 'shadowgate.night.exit_status',
    unit: '',
    help: 'What the last night exited with',
    points: ({ night }) => point(night.status),
  },
  {
    name: 'shadowgate.night.outcome',
    unit: '',
    help: '1 for what the last night came to',
    points: ({ night }) => kinds.map((kind) => ({ value: bit(kind === night.kind), attributes: { outcome: kind } })),
  },
  {
    name: 'shadowgate.night.failures',
    unit: '{night}',
    help: 'Nights in a row that failed, the last one included',
    points: ({ night, past }) => point(night.kind === 'failed' ? past.failures + 1 : 0),
  },
  {
    name: 'shadowgate.night.quiet',
    unit: '{night}',
    help: 'Nights since a record came that was new, the last one included',
    points: ({ night, past }) => point(night.kind === 'judged' ? 0 : past.quiet + bit(night.kind === 'nothing-new')),
  },
  {
    name: 'shadowgate.decision',
    unit: '',
    help: '1 for the decision that was made last',
    points: (facts) => {
      const last = decisionOf(facts)
      return last === null
        ? []
        : decisions.map((each) => ({ value: bit(each === last.decision), attributes: { decision: each } }))
    },
  },
  {
    name: 'shadowgate.decision.held',
    unit: '',
    help: '1 where that decision is a GO that waits for a person',
    points: (facts) => {
      const last = decisionOf(facts)
      return point(last === null ? null : bit(last.held))
    },
  },
  {
    name: 'shadowgate.pairs',
    unit: '{pair}',
    help: 'Pairs that were judged',
    points: ({ night }) => point(night.kind === 'judged' ? night.pairs : null),
  },
  {
    name: 'shadowgate.pairs.excluded',
    unit: '{pair}',
    help: 'Pairs that do not vote',
    points: ({ night }) => point(night.kind === 'judged' ? night.excluded : null),
  },
  {
    name: 'shadowgate.records.added',
    unit: '{record}',
    help: 'Records of the logs that were new',
    points: ({ night }) => point(night.numbers?.records?.added ?? null),
  },
  {
    name: 'shadowgate.records.rejected',
    unit: '{line}',
    help: 'Lines of the logs that could not be read',
    points: ({ night }) => point(night.numbers?.records?.rejected ?? null),
  },
  {
    name: 'shadowgate.requests',
    unit: '{request}',
    help: 'Calls of the run, by arm and by how they ended',
    points: (facts) =>
      byArm(facts, ({ outcomes }) =>
        callOutcomes.map((outcome) => ({ value: outcomes[outcome], attributes: { outcome } })),
      ),
  },
  {
    name: 'shadowgate.retries',
    unit: '{request}',
    help: 'Requests of the run that were sent again',
    points: (facts) => byArm(facts, ({ retries }) => point(retries)),
  },
  {
    name: 'shadowgate.tokens',
    unit: '{token}',
    help: 'Tokens of the run, as the providers count them',
    points: (facts) =>
      byArm(facts, ({ tokens }) => [
        { value: tokens.input, attributes: { type: 'input' } },
        { value: tokens.output, attributes: { type: 'output' } },
      ]),
  },
  {
    name: 'shadowgate.cost.usd',
    unit: '{USD}',
    help: 'What the run cost, where prices are set',
    points: (facts) => byArm(facts, ({ costUsd }) => point(costUsd)),
  },
  {
    name: 'shadowgate.request.latency',
    unit: 's',
    help: 'How long whole answers took',
    points: (facts) =>
      byArm(facts, ({ latencyMs: { p50, p95 } }) => [
        ...point(p50 === null ? null : p50 / 1000, { percentile: '50' }),
        ...point(p95 === null ? null : p95 / 1000, { percentile: '95' }),
      ]),
  },
  {
    name: 'shadowgate.store.size',
    unit: 'By',
    help: "Of the store's file",
    points: ({ storeBytes }) => point(storeBytes),
  },
]

/** A night that judged nothing leaves the decision before it standing. */
function decisionOf({ night, past }: JobFacts) {
  return night.kind === 'judged' ? night : (night.before ?? past.standing)
}

function byArm({ night }: JobFacts, points: (calls: NightCalls) => readonly JobPoint[]): readonly JobPoint[] {
  const calls = night.numbers?.arms
  if (calls === undefined) return []
  return arms.flatMap((arm) =>
    points(calls[arm]).map(({ value, attributes }) => ({ value, attributes: { arm, ...attributes } })),
  )
}

function point(value: number | null, attributes: JobPoint['attributes'] = {}): readonly JobPoint[] {
  return value === null || !Number.isFinite(value) ? [] : [{ value, attributes }]
}

function bit(is: boolean): number {
  return is ? 1 : 0
}

function seconds(at: Instant): number {
  return Date.parse(at) / 1000
}
