// Nights to be told of.

import type { Night, NightNumbers } from '../../src/core/night.ts'
import type { News } from '../../src/notify/news.ts'
import { noPast, type Past } from '../../src/notify/past.ts'

type Judged = Extract<Night, { kind: 'judged' }>
type Failed = Extract<Night, { kind: 'failed' }>
type Quiet = Extract<Night, { kind: 'nothing-new' }>

const common = {
  startedAt: '2026-11-26T02:30:00.000Z',
  finishedAt: '2026-11-26T02:47:30.000Z',
  swap: 'gpt-4 → gpt-4-new',
  before: { runId: 'r1', decision: 'GO', held: false },
} as const

export const numbers: NightNumbers = {
  elapsedMs: 1_050_000,
  stages: { check: 400, replay: 1_000_000 },
  records: { added: 2000, rejected: 3 },
  arms: {
    production: {
      outcomes: { reply: 1990, rejected: 4, broken: 5, timeout: 1 },
      retries: 12,
      tokens: { input: 400_000, output: 90_000 },
      costUsd: 1.25,
      latencyMs: { p50: 812.5, p95: 2400 },
    },
    candidate: {
      outcomes: { reply: 1980, rejected: 4, broken: 5, timeout: 11 },
      retries: 0,
      tokens: { input: 410_000, output: 70_000 },
      costUsd: null,
      latencyMs: { p50: 640, p95: null },
    },
  },
}

export function judged(parts: Partial<Judged> = {}): Night {
  return {
    ...common,
    kind: 'judged',
    status: 1,
    runId: 'r2',
    decision: 'NO-GO',
    held: false,
    because: 'The candidate is shown to break latency-p95 & <!channel> more.',
    next: 'Keep production.',
    pairs: 1980,
    excluded: 20,
    costUsd: 3.25,
    reports: ['/srv/gate/reports/r2/report.html', '/srv/gate/reports/r2/comment.md'],
    numbers,
    ...parts,
  }
}

export function failed(parts: Partial<Failed> = {}): Night {
  const why = { code: 'TARGET_UNREACHABLE', because: 'the candidate is down', next: 'check baseUrl' }
  return { ...common, kind: 'failed', status: 69, runId: null, ...why, ...parts }
}

export function quiet(parts: Partial<Quiet> = {}): Night {
  return { ...common, kind: 'nothing-new', status: 4, runId: null, because: 'No record came.', next: '', ...parts }
}

export function news(night: Night, past: Partial<Past> = {}, parts: Partial<News> = {}): News {
  return { night, past: { ...noPast, ...past }, reportUrl: null, ...parts }
}
