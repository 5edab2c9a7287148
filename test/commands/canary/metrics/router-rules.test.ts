// The alerts that come with the router, tried by Prometheus' own tool.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { temporaryFolder } from '../../../support/cli.ts'

const path = fileURLToPath(new URL('../../../../src/commands/canary/router.rules.yaml', import.meta.url))
const text = readFileSync(path, 'utf8')

interface Rule {
  readonly alert: string
  readonly annotations: Readonly<Record<string, string>>
}
interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}
const rules = (parse(text) as Rules).groups.flatMap((group) => group.rules)

const of = (name: string, labels = '') => `${name}{job="router",instance="a"${labels}}`

/** An alert, the series that set it off, a moment before and one at which it is on, and labels beside the two. */
const tries: readonly (readonly [string, Record<string, string>, string, string, Record<string, string>])[] = [
  [
    'ShadowgateRolledBack',
    { [of('shadowgate_ramp_phase', ',phase="rolled-back"')]: '0x20 1x20' },
    '20m',
    '21m',
    { phase: 'rolled-back' },
  ],
  [
    'ShadowgateNotEvaluated',
    {
      [of('shadowgate_ramp_phase', ',phase="open"')]: '1x60',
      [of('shadowgate_ramp_evaluation_timestamp_seconds')]: '0x60',
    },
    '14m',
    '15m',
    { phase: 'open' },
  ],
  [
    'ShadowgateNotEvaluated',
    { [of('shadowgate_ramp_phase', ',phase="open"')]: '_x10 1x60' },
    '14m',
    '15m',
    { phase: 'open' },
  ],
  ['ShadowgateHeld', { [of('shadowgate_ramp_held')]: '0x10 1x1500' }, '1450m', '1451m', {}],
  [
    'ShadowgateFallbacks',
    {
      [of('shadowgate_router_fallbacks_total')]: '0x20 1+10x20',
      [of('shadowgate_router_requests_total', ',arm="production",seen="true"')]: '0+600x60',
    },
    '24m',
    '32m',
    {},
  ],
  [
    'ShadowgateUnread',
    { [of('shadowgate_router_unread_total')]: '0x20 5x20', [of('shadowgate_router_log_failures_total')]: '0x40' },
    '20m',
    '22m',
    {},
  ],
]

it('each of them is tried', () => {
  expect([...new Set(tries.map(([name]) => name))]).toEqual(rules.map(({ alert }) => alert))
})

it.skipIf(spawnSync('promtool', ['--version']).error !== undefined)(
  'each is on when it ought to be, and not before (promtool)',
  () => {
    const folder = temporaryFolder()
    const tests = tries.map(([alertname, series, before, after, labels]) => ({
      interval: '1m',
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      alert_rule_test: [
        { eval_time: before, alertname, exp_alerts: [] },
        {
          eval_time: after,
          alertname,
          exp_alerts: [
            { exp_labels: { job: 'router', instance: 'a', ...labels }, exp_annotations: annotationsOf(alertname) },
          ],
        },
      ],
    }))
    const file = join(folder, 'tests.yaml')
    writeFileSync(file, stringify({ rule_files: [path], evaluation_interval: '1m', tests }))
    const tried = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })
    expect([tried.stderr, tried.status]).toEqual(['', 0])
  },
)

function annotationsOf(alertname: string) {
  return rules.find(({ alert }) => alert === alertname)?.annotations
}
