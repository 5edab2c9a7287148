// How a rollout stands and what its journal tells, as people read it.

import { describe, expect, it } from 'vitest'
import { historyText } from '../../../../src/commands/canary/status/history-text.ts'
import type { RolloutStatus } from '../../../../src/commands/canary/status/status.ts'
import { statusLine, statusText } from '../../../../src/commands/canary/status/status-text.ts'
import { type Evaluation, type Group, groups, type RampEvent, type Standing } from '../../../../src/core/rollout.ts'
import { goldenText } from '../../../support/golden.ts'
import { idleLoad } from '../../../support/idle-load.ts'

const at = '2026-11-26T21:50:00.000Z'
const nowMs = Date.parse('2026-11-26T22:02:30.000Z')

const rule = {
  metric: 'latency-p50',
  segment: null,
  margin: 0.2,
  severity: 'block',
  mode: 'worse',
  stage: 'replay',
} as const

const slower: Standing = {
  rule,
  outcome: 'inconclusive',
  because: 'latency-p50: it may be.',
  effect: {
    better: 'lower',
    unit: 'ms',
    scale: 'ratio',
    production: 812,
    candidate: 902,
    estimate: 1.111,
    low: 0.98,
    high: 1.26,
  },
}

const answered: Standing = {
  rule: { ...rule, metric: 'answered', margin: 0.01 },
  outcome: 'pass',
  because: 'answered: it is.',
  effect: {
    better: 'higher',
    unit: 'share',
    scale: 'difference',
    production: 0.998,
    candidate: 0.999,
    estimate: 0.001,
    low: -0.0061,
    high: null,
  },
}

const unmeasured: Standing = {
  rule: { ...rule, metric: 'feedback', margin: 0.03 },
  outcome: 'not-evaluable',
  because: 'feedback: nobody said anything.',
  effect: null,
}

const evaluation: Evaluation = {
  at: '2026-11-26T22:02:00.000Z',
  decision: 'INCONCLUSIVE',
  because: 'latency-p50 is not shown to hold.',
  requests: { candidate: 1801, control: 1790 },
  users: { candidate: 612, control: 598 },
  findings: [],
  rules: [slower, { ...answered, rule: { ...answered.rule, severity: 'warn' } }, unmeasured],
}

const nobody = Object.fromEntries(groups.map((group) => [group, 0])) as Record<Group, number>

const open: RolloutStatus = {
  forecast: [],
  load: idleLoad,
  phase: 'open',
  mode: 'canary',
  serving: 'production',
  share: 0.1,
  controlShare: 0.1,
  stage: 2,
  stages: 3,
  shares: [0.05, 0.1, 1],
  since: at,
  held: null,
  lastChange: { at, words: 'advanced to stage 2 of 3, 10 % of users: so it is. (GO, 612 against 598 users)' },
  stageRequests: 312,
  stageMinRequests: 500,
  waitingFor: '188 more requests',
  evaluation,
  traffic: {
    startedAtMs: Date.parse('2026-11-26T21:00:00.000Z'),
    lastAtMs: nowMs - 2000,
    requests: 20_000,
    ofUsers: { ...nobody, candidate: 1801, control: 1790, rest: 16_300 },
    withoutKey: 100,
    overrides: 0,
    notOfIt: 9,
    fallbacks: 3,
    answers: { production: {}, candidate: {} },
    others: {},
    keysInstead: {},
  },
  guards: { looked: 100, failed: 2, inARow: 0, errorRate: 0.2, window: 100, consecutive: 20, silentMinutes: 2 },
  unread: 0,
  unlogged: 0,
  leftOut: 0,
  models: { production: 'now', candidate: 'next' },
  journal: '/project/reports/canary.journal.jsonl',
}

const ada = { kind: 'person', name: 'ada' } as const
const self = { kind: 'ramp' } as const

describe('a status in words', () => {
  it('tells state, reason and evidence', () => {
    const held = { since: '2026-11-26T22:00:00.000Z', by: ada, because: 'freeze' }
    const states: readonly (readonly [string, RolloutStatus])[] = [
      ['under way', open],
      ['held', { ...open, held }],
      ['rolled back', { ...open, phase: 'rolled-back', share: 0, controlShare: 0 }],
      ['complete', { ...open, phase: 'complete', share: 1, controlShare: 0, stage: 3 }],
      [
        'blue-green, after a flip',
        { ...open, mode: 'blue-green', serving: 'candidate', share: 1, stage: 0, waitingFor: null },
      ],
      [
        'just begun, in shadow',
        {
          ...open,
          mode: 'shadow',
          share: 0,
          controlShare: 0,
          stage: 0,
          evaluation: null,
          waitingFor: null,
          leftOut: 12,
          traffic: { ...open.traffic, lastAtMs: null, requests: 0 },
        },
      ],
    ]
    const text = states.map(([name, status]) => `── ${name}\n${statusText(status, nowMs)}\n`).join('\n')
    expect(text).toBe(goldenText(new URL('../../golden/ramp-status.txt', import.meta.url), text))
  })

  it('does not take what no number holds for none', () => {
    // Of a quantile among whose requests too many had no answer, as it comes by JSON.
    const endless = {
      ...slower,
      effect: slower.effect && { ...slower.effect, candidate: null, estimate: null, high: null },
    }
    const text = statusText({ ...open, evaluation: { ...evaluation, rules: [endless] } }, nowMs)
    expect(text.replaceAll('\u00a0', ' ')).toContain('812 ms → ∞')
  })

  it('says where an evaluation lacks what was served', () => {
    const text = statusText({ ...open, evaluation: { ...evaluation, isBehind: true } }, nowMs)
    expect(text).toContain('more was served and is not read yet: this may roll back, and raises nothing')
  })

  it('counts what runs as people do', () => {
    const leaving = { arm: 'candidate', since: at, emptyAt: null } as const
    const told = (active: number, underWay: number) => {
      const load = { ...idleLoad, isDraining: true, active, leaving, underWay: { production: 0, candidate: underWay } }
      return statusText({ ...open, load }, nowMs).replaceAll('\u00a0', ' ')
    }
    expect(told(1, 1)).toMatch(/drains {3}1 request is waited for\nleft {5}candidate: 1 request is still there/)
    expect(told(1200, 2)).toMatch(
      /drains {3}1,200 requests are waited for\nleft {5}candidate: 2 requests are still there/,
    )
  })

  it('is one line in a log', () => {
    expect(statusLine(open, nowMs).replaceAll('\u00a0', ' ')).toBe(
      'canary  10 % of users on the candidate, stage 2 of 3, since 2026-11-26 21:50 UTC (12 min 30 s); INCONCLUSIVE; waits for 188 more requests; 20,000 requests',
    )
  })
})

describe('a history in words', () => {
  it('has a line for each event', () => {
    const shares = [0.05, 0.1, 1]
    const opened = {
      kind: 'opened',
      at,
      by: ada,
      mode: 'canary',
      fingerprint: 'f',
      stages: shares.map((share) => ({ share, minMinutes: 0, minRequests: 0 })),
      permit: { kind: 'verdict', runId: 'run-1', sha256: '0123456789abcdef', decidedAt: at },
    } as const
    const because = 'so it is.'
    const events: readonly RampEvent[] = [
      opened,
      { kind: 'advanced', at, by: self, stage: 1, because, evaluation: { ...evaluation, unread: 7 } },
      { kind: 'forgotten', at, by: self, because },
      { kind: 'held', at, by: ada, because, evaluation },
      { kind: 'released', at, by: ada, because },
      { kind: 'advanced', at, by: ada, stage: 2, because, evaluation: null },
      { kind: 'completed', at, by: self, because, evaluation },
      { kind: 'rolled-back', at, by: self, because, evaluation, tripped: null },
      { ...opened, mode: 'blue-green', permit: { kind: 'override', because: 'by hand' } },
      { kind: 'flipped', at, by: ada, to: 'candidate', because },
    ]
    const text = `${historyText(events, [4], 'canary.journal.jsonl')}\n`
    expect(text).toBe(goldenText(new URL('../../golden/ramp-history.txt', import.meta.url), text))
  })

  it('names the journal in which there is nothing: it may be the wrong one', () => {
    const path = 'reports/canary.journal.jsonl'
    expect(historyText([], [], path)).toBe(`Nothing was rolled out yet: ${path} has no line, or is not there.`)
  })
})
