// What `/metrics` says, read by Prometheus' own tool where it is installed: by arm, and of closed lists alone.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Served } from '../../../../src/canary/served/served.ts'
import { createAnswerMetrics } from '../../../../src/commands/canary/clerk/answer-metrics.ts'
import { createRouterMetrics } from '../../../../src/commands/canary/metrics/router-metrics.ts'
import type { RolloutStatus } from '../../../../src/commands/canary/status/status.ts'
import type { Evaluation, RampEvent, RampState } from '../../../../src/core/rollout.ts'
import { idleLoad } from '../../../support/idle-load.ts'
import { replyOf } from '../../../support/nouns.ts'
import { plainServed } from '../../../support/served-request.ts'

const served: Served = { ...plainServed, headersMs: 100, totalMs: 1100 }

const at = '2026-11-26T08:00:00.000Z'
const state: RampState = {
  phase: 'open',
  mode: 'canary',
  fingerprint: 'f',
  stages: [],
  stage: 1,
  since: at,
  held: null,
  serving: 'production',
  openedAt: at,
  isByGo: false,
  restarts: 0,
}

const evaluation: Evaluation = {
  at,
  decision: 'INCONCLUSIVE',
  because: '',
  requests: { candidate: 700, control: 690 },
  users: { candidate: 70, control: 69 },
  findings: [],
  rules: [
    {
      rule: { metric: 'latency-p50', segment: null, margin: 0.1, severity: 'block', mode: 'worse', stage: 'canary' },
      outcome: 'inconclusive',
      because: '',
      effect: {
        better: 'lower',
        unit: 'ms',
        scale: 'ratio',
        production: 1,
        candidate: 1.02,
        estimate: 0.02,
        low: -0.05,
        high: null,
      },
    },
    {
      rule: {
        metric: 'answered',
        segment: { key: 'route', value: 'a client says what' },
        margin: 0.01,
        severity: 'block',
        mode: 'worse',
        stage: 'canary',
      },
      outcome: 'pass',
      because: '',
      effect: null,
    },
  ],
}

const status: RolloutStatus = {
  load: idleLoad,
  forecast: [],
  phase: 'open',
  mode: 'canary',
  serving: 'production',
  share: 0.1,
  controlShare: 0.1,
  stage: 2,
  stages: 5,
  shares: [0.05, 0.1, 0.25, 0.5, 1],
  since: at,
  held: null,
  lastChange: null,
  stageRequests: 700,
  stageMinRequests: 500,
  waitingFor: null,
  evaluation,
  traffic: {
    startedAtMs: 0,
    lastAtMs: null,
    requests: 0,
    ofUsers: { candidate: 0, control: 0, rest: 0, unmatched: 0 },
    withoutKey: 0,
    overrides: 0,
    notOfIt: 0,
    fallbacks: 0,
    answers: { production: {}, candidate: {} },
    others: {},
    keysInstead: {},
  },
  guards: { looked: 100, failed: 3, inARow: 1, errorRate: 0.2, window: 100, consecutive: 20, silentMinutes: 2 },
  unread: 4,
  unlogged: 0,
  leftOut: 5,
  models: { production: 'now', candidate: 'next' },
  journal: 'reports/canary.journal.jsonl',
}

const prices = { production: null, candidate: { input: 1, output: 10 } }

function metered() {
  const answers = createAnswerMetrics(prices)
  const router = createRouterMetrics({ shadowgate: '9.9.9', node: '24.0.0' })
  const rollout = {
    clerk: { metrics: answers.text },
    inFlight: () => ({ production: 2, candidate: 1 }),
    troubles: () => 6,
  }
  const text = (now: RolloutStatus = status) => router.text(rollout, now)
  const lines = async (now?: RolloutStatus) => (await text(now)).split('\n')
  return { answers, router, text, lines }
}

const of = '{arm="candidate",group="candidate",api="openai-chat"'

describe('metrics', () => {
  it('of exchanges: by arm, group, API and stage, with how they ended', async () => {
    const { router, answers, lines } = metered()
    const all: Served[] = [
      served,
      { ...served, status: 503, isUnseen: true, headersMs: null },
      { ...served, failure: { kind: 'timeout', detail: '' }, status: null },
    ]
    for (const each of all) {
      router.see(each, state)
      answers.pass(each)
    }
    const found = await lines()
    for (const line of [
      `shadowgate_router_requests_total${of},stage="2",reason="user",outcome="2xx",seen="true"} 1`,
      `shadowgate_router_requests_total${of},stage="2",reason="user",outcome="5xx",seen="false"} 1`,
      `shadowgate_router_requests_total${of},stage="2",reason="user",outcome="timeout",seen="true"} 1`,
      'shadowgate_router_fallbacks_total 1',
      'shadowgate_router_in_flight{arm="production"} 2',
      'shadowgate_router_unread_total 4',
      'shadowgate_router_copies_left_out_total 5',
      'shadowgate_router_log_failures_total 6',
      'shadowgate_build_info{version="9.9.9",node="24.0.0"} 1',
      `shadowgate_router_request_duration_seconds_bucket{le="1.28",arm="candidate",group="candidate",api="openai-chat"} 3`,
      `shadowgate_router_first_byte_seconds_count${of}} 2`,
    ]) {
      expect(found).toContain(line)
    }
    // Counters that are set go on from there: two looks at them do not add up.
    const again = await lines()
    expect(again).toContain('shadowgate_router_unread_total 4')
    expect(again).toContain(
      `shadowgate_router_requests_total${of},stage="2",reason="user",outcome="2xx",seen="true"} 1`,
    )
    router.see(served, state)
    expect(await lines()).toContain(
      `shadowgate_router_requests_total${of},stage="2",reason="user",outcome="2xx",seen="true"} 2`,
    )
  })

  it('of the ramp: where it stands, and each rule in figures', async () => {
    const { router, lines } = metered()
    const by = { kind: 'ramp' } as const
    const tripped = { guard: 'error-rate', because: '' } as const
    const event: RampEvent = { kind: 'rolled-back', at, by, because: '', evaluation: null, tripped }
    router.change(event)
    const found = await lines()
    for (const line of [
      'shadowgate_ramp_phase{phase="open"} 1',
      'shadowgate_ramp_phase{phase="rolled-back"} 0',
      'shadowgate_ramp_mode{mode="canary"} 1',
      'shadowgate_ramp_share{group="candidate"} 0.1',
      'shadowgate_ramp_stage 2',
      'shadowgate_ramp_held 0',
      `shadowgate_ramp_since_timestamp_seconds ${Date.parse(at) / 1000}`,
      'shadowgate_ramp_stage_requests 700',
      'shadowgate_ramp_evaluation_decision{decision="INCONCLUSIVE"} 1',
      'shadowgate_ramp_evaluation_decision{decision="GO"} 0',
      `shadowgate_ramp_evaluation_timestamp_seconds ${Date.parse(at) / 1000}`,
      'shadowgate_ramp_evaluation_users{group="control"} 69',
      'shadowgate_ramp_rule_outcome{rule="latency-p50",outcome="inconclusive"} 1',
      'shadowgate_ramp_rule_estimate{rule="latency-p50"} 0.02',
      'shadowgate_ramp_rule_limit{rule="latency-p50",side="low"} -0.05',
      'shadowgate_ramp_rule_limit{rule="latency-p50",side="high"} +Inf',
      'shadowgate_ramp_rule_margin{rule="latency-p50"} 0.1',
      'shadowgate_ramp_guard_requests{result="failed"} 3',
      'shadowgate_ramp_guard_failures_in_a_row 1',
      'shadowgate_ramp_events_total{kind="rolled-back"} 1',
      'shadowgate_ramp_guard_trips_total{guard="error-rate"} 1',
    ]) {
      expect(found).toContain(line)
    }
    expect(found.join('\n')).not.toContain('a client says what')
    const closed = await lines({ ...status, phase: 'closed', since: '', evaluation: null })
    expect(closed.filter((line) => /^shadowgate_ramp_(?:rule|evaluation|since)\w* \d/.test(line))).toEqual([])
    expect(closed).toContain('shadowgate_ramp_phase{phase="closed"} 1')
  })

  it('have as many series, whatever clients ask and servers answer', async () => {
    const { router, answers, text } = metered()
    const seriesAfter = async (round: number) => {
      for (let n = 0; n < 300; n++) {
        const id = `hostile-${round}-${n}`
        const code = 100 + ((n * 7 + round) % 900)
        const one = {
          ...served,
          api: null,
          group: null,
          path: `/${id}`,
          user: id,
          segments: { route: id },
          status: code,
        } as const
        router.see(one, state)
        answers.pass(one)
        answers.see({
          served: one,
          outcome: { kind: 'rejected', status: code, code: id, detail: id },
          firstTokenMs: null,
        })
        answers.see({ served: one, outcome: { kind: 'broken', detail: `E${id}: ${id}` }, firstTokenMs: null })
        answers.see({ served: one, outcome: replyOf({ servedModel: id }), firstTokenMs: n })
      }
      return (await text()).split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
    }
    const series = await seriesAfter(0)
    expect(await seriesAfter(1)).toBe(series)
    expect(await text()).not.toContain('hostile')
  })

  it('are those that the alerts are about', async () => {
    const names = new Set([...(await metered().text()).matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name))
    const rules = new URL('../../../../src/commands/canary/router.rules.yaml', import.meta.url)
    const meant = readFileSync(rules, 'utf8').match(/shadowgate_\w+/g) ?? []
    expect(meant.length).toBeGreaterThan(5)
    for (const name of meant) expect(names).toContain(name)
  })

  it('are read by Prometheus’ own tool without a complaint', async ({ skip }) => {
    const { router, answers, text } = metered()
    router.see(served, state)
    answers.pass(served)
    answers.see({ served, outcome: replyOf({}), firstTokenMs: 100 })
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: await text(), encoding: 'utf8' })
    if (checked.error !== undefined) skip('promtool is not installed')
    expect([checked.stdout, checked.stderr, checked.status]).toEqual(['', '', 0])
  })
})
