// Nights to be told of.

import type { Night } from '../../src/core/night.ts'

type Judged = Extract<Night, { kind: 'judged' }>
type Failed = Extract<Night, { kind: 'failed' }>

const common = {
  startedAt: '2026-11-26T02:30:00.000Z',
  finishedAt: '2026-11-26T02:47:30.000Z',
  swap: 'gpt-4 → gpt-4-new',
  before: { runId: 'r1', decision: 'GO', held: false },
} as const

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
    reports: ['/srv/gate/reports/r2/report.html'],
    ...parts,
  }
}

export function failed(parts: Partial<Failed> = {}): Night {
  const why = { code: 'TARGET_UNREACHABLE', because: 'the candidate is down', next: 'check baseUrl' }
  return { ...common, kind: 'failed', status: 69, runId: null, ...why, ...parts }
}
