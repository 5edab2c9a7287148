// Nights for tests of the history: months of them, with a slow drift, another model behind a name, another margin, failures and a gap.

import type { Across } from '../../src/core/across.ts'
import type { FindingOutcome, Rule } from '../../src/core/judgement.ts'
import type { KeptFinding, KeptNight } from '../../src/core/kept-night.ts'
import type { Night } from '../../src/core/night.ts'
import type { JournalNight } from '../../src/core/nights.ts'
import type { Instant } from '../../src/core/types.ts'
import { acrossNights } from '../../src/gate/across/across.ts'
import { summaryOf } from '../../src/gate/across/night-summary.ts'
import type { History } from '../../src/report/history/history.ts'
import { type HistoryInput, historyOf } from '../../src/report/history/history-of.ts'
import { runOf } from '../support/nouns.ts'
import { everything } from './hostile.ts'

const firstMs = Date.UTC(2026, 8, 1, 2, 30)
const dayMs = 86_400_000

export function nightAt(day: number): Instant {
  return new Date(firstMs + day * dayMs).toISOString()
}

/** −1 … 1, the same for the same place. */
function wobble(place: number, salt: number): number {
  return Math.sin(place * 12.9898 + salt * 78.233)
}

interface Sketch {
  readonly metric: string
  readonly severity?: Rule['severity']
  readonly margin: number
  readonly kind: Pick<NonNullable<KeptFinding['effect']>, 'better' | 'unit' | 'scale'>
  /** Estimate of a night, and half of the interval's width. */
  readonly of: (day: number) => readonly [estimate: number, half: number]
  readonly production: number
}

/** One of them holds all that a page must not run. */
function because(day: number): string {
  return day === 50 ? `Latency decides this night. ${everything}` : 'Latency decides this night.'
}

const ratio = { better: 'lower', unit: 'ms', scale: 'ratio' } as const
const share = { better: 'higher', unit: 'share', scale: 'difference' } as const

const sketches: readonly Sketch[] = [
  { metric: 'answered', margin: 0.01, kind: share, of: (day) => [0.001 * wobble(day, 1), 0.004], production: 0.995 },
  {
    metric: 'latency-p50',
    margin: 0.2,
    kind: ratio,
    of: (day) => [0.9 + 0.03 * wobble(day, 2), 0.05],
    production: 800,
  },
  {
    metric: 'latency-p95',
    margin: 0.2,
    kind: ratio,
    of: (day) => [0.95 + 0.005 * (day % 100) + 0.04 * wobble(day, 3), 0.08],
    production: 2300,
  },
  {
    metric: 'refused',
    severity: 'investigate',
    margin: 0.02,
    kind: { ...share, better: 'lower' },
    of: (day) => [0.004 + 0.004 * wobble(day, 4), 0.008],
    production: 0.03,
  },
  {
    metric: 'output-tokens',
    severity: 'warn',
    margin: 0.1,
    kind: { ...ratio, unit: 'tokens' },
    of: (day) => [1.3 + 0.02 * wobble(day, 5), 0.03],
    production: 210,
  },
]

/** On this day the margin of latency-p95 becomes 30 %, and another model answers for the candidate. */
export const policyDay = 40
export const servedDay = 25

function findingOf({ metric, severity = 'block', margin, kind, of, production }: Sketch, day: number): KeptFinding {
  const own = metric === 'latency-p95' && day >= policyDay ? 0.3 : margin
  const [estimate, half] = of(day)
  const interval = { low: estimate - half, high: estimate + half, level: 0.9 }
  const limit = kind.scale === 'ratio' ? 1 + own : own
  const [worst, best] = kind.better === 'lower' ? [interval.high, interval.low] : [-interval.low, -interval.high]
  const outcome: FindingOutcome = worst < limit ? 'pass' : best > limit ? 'fail' : 'inconclusive'
  return {
    rule: { metric, segment: null, margin: own, severity, mode: 'worse', stage: 'replay' },
    outcome,
    effect: {
      ...kind,
      pairs: 1950 + (day % 7),
      clusters: 1400,
      production,
      candidate: kind.scale === 'ratio' ? production * estimate : production + estimate,
      estimate,
      interval,
      noise: null,
    },
  }
}

export function keptNight(day: number, changes: Partial<KeptNight> = {}): KeptNight {
  const findings = sketches.map((sketch) => findingOf(sketch, day))
  const blocking = findings.filter(({ rule }) => rule.severity === 'block').map(({ outcome }) => outcome)
  const decision = blocking.includes('fail')
    ? 'NO-GO'
    : blocking.every((each) => each === 'pass')
      ? 'GO'
      : 'INCONCLUSIVE'
  const { targets } = runOf('run')
  const price = { input: 30, output: 60 }
  const target = (arm: 'production' | 'candidate', model: string) => ({
    ...targets[arm],
    model,
    pricePerMillion: price,
  })
  const sum = { calls: 2200, usage: { input: 400_000, output: 90_000, cachedInput: 0, cacheWrite: 0 } }
  return {
    run: {
      id: `run-${String(day).padStart(4, '0')}`,
      startedAt: nightAt(day),
      targets: { production: target('production', 'gpt-4'), candidate: target('candidate', 'gpt-4-new') },
    },
    decidedAt: nightAt(day + 0.01),
    policy: {
      level: 0.95,
      rules: findings.map(({ rule }) => rule),
      segments: [],
      maxExcluded: 0.02,
      validityAlpha: 0.01,
      hold: true,
      looks: null,
    },
    verdict: { decision, held: false, because: because(day), findings },
    records: 2000,
    repeated: day === 0 ? 0 : 200,
    calls: { production: sum, candidate: sum },
    servedModels: {
      production: ['gpt-4-0613'],
      candidate: [day >= servedDay ? 'gpt-4-1106' : 'gpt-4-0914'],
    },
    ...changes,
  }
}

const process = { pid: 4711, host: 'nightly-1', born: null, space: null }

/** As the journal tells of a night: judged unless told otherwise. */
export function journalNight(
  day: number,
  came: Partial<Night> | null = {},
  changes: Partial<JournalNight> = {},
): JournalNight {
  const { verdict, run } = keptNight(day)
  const judged = {
    startedAt: nightAt(day),
    finishedAt: nightAt(day + 0.012),
    status: verdict.decision === 'GO' ? 0 : verdict.decision === 'NO-GO' ? 1 : 2,
    swap: 'gpt-4 → gpt-4-new',
    before: null,
    kind: 'judged',
    runId: run.id,
    decision: verdict.decision,
    held: false,
    because: verdict.because,
    next: '',
    pairs: 1969,
    excluded: 31,
    costUsd: 34.8,
    reports: [],
  }
  return {
    id: `night-${day}`,
    begunAt: nightAt(day),
    process,
    version: '0.1.0',
    command: 'run',
    dueAt: null,
    stage: 'report',
    runId: run.id,
    lastSeenAt: nightAt(day + 0.012),
    state: 'ended',
    came: came === null ? null : ({ ...judged, ...came } as Night),
    closed: null,
    ...changes,
  }
}

const failed = {
  kind: 'failed',
  runId: null,
  status: 69,
  code: 'TARGET_UNREACHABLE',
  because: "the candidate can't be reached: connection refused",
  next: '',
} as Partial<Night>

const closed = {
  by: 'night-19',
  lastSeenAt: nightAt(18.1),
  resumedRunId: null,
  because: 'The night of 2026-09-19 02:30 was cut off at the stage replay: process 4711 on nightly-1 is gone.',
}

/** Days 12 and 30 fail, 18 is cut off, 21 brings nothing new, on 33 and 34 nobody began. */
export function historyInput(days = 58, parts: Partial<HistoryInput> = {}): HistoryInput {
  const without = new Set([12, 18, 21, 30, 33, 34])
  const judged = Array.from({ length: days }, (_, day) => day).filter((day) => !without.has(day))
  const kept = judged.map((day) => keptNight(day))
  const others = [
    journalNight(12, failed),
    journalNight(18, null, { state: 'cut-off', stage: 'replay', runId: null, closed }),
    journalNight(21, {
      kind: 'nothing-new',
      runId: null,
      status: 4,
      because: 'No record came since run run-0020.',
    }),
    journalNight(30, failed),
  ]
  const journal = [
    ...judged.map((day) => journalNight(day)),
    ...others.filter(({ begunAt }) => begunAt < nightAt(days)),
  ].toSorted((a, b) => (a.begunAt < b.begunAt ? -1 : 1))
  return {
    kept,
    left: 0,
    journal,
    across: parts.across ?? across(kept),
    storeBytes: 812_000_000,
    version: '0.1.0',
    now: nightAt(days - 1 + 0.4),
    ...parts,
  }
}

/** As above, without what no example should hold. */
export function exampleHistory(): History {
  const input = historyInput()
  const plain = <T extends { readonly because: string }>(part: T): T => ({ ...part, because: because(0) })
  return historyOf({
    ...input,
    kept: input.kept.map((night) => ({ ...night, verdict: plain(night.verdict) })),
    journal: input.journal.map((night) =>
      night.came?.kind === 'judged' ? { ...night, came: plain(night.came) } : night,
    ),
  })
}

export function across(kept: readonly KeptNight[]): Across {
  return acrossNights(kept.map(summaryOf))
}

export function historyOfDays(days = 58, parts: Partial<HistoryInput> = {}): History {
  return historyOf(historyInput(days, parts))
}
