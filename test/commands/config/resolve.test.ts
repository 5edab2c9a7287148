// Config → targets, keys and policy: what only the whole can tell.

import { describe, expect, it } from 'vitest'
import { keysOf, policyOf, targetsOf } from '../../../src/commands/config/resolve.ts'
import { driftMargins, rolloutRules } from '../../../src/gate/policy.ts'
import { faultOf, load, targets } from './config-file.ts'

const config = (text = '', from = targets) => load(`${from}${text}`).config
const both = (text: string) => targets.replaceAll('{ b', `{ ${text}, b`)
const candidate = (text: string) => targets.replace('{ baseUrl: http://c', `{ ${text}, baseUrl: http://c`)

describe('targets', () => {
  it('name the variable of the key and the headers, and hold neither', () => {
    const from = candidate('model: m, keyFrom: { env: CAND_KEY }, headers: { x-secret: sesame }, timeoutMs: 120000')
    const resolved = targetsOf(config('', from), 'shadowgate.yaml')
    expect(resolved.candidate).toEqual({
      arm: 'candidate',
      api: 'openai-chat',
      vendor: null,
      baseUrl: 'http://candidate.example/v1',
      model: 'm',
      keyFrom: { env: 'CAND_KEY' },
      headerNames: ['x-secret'],
      overrides: {},
      concurrency: 8,
      limits: { requestsPerMinute: null, tokensPerMinute: null },
      timeouts: { connectMs: 10_000, firstTokenMs: 120_000, idleMs: 120_000, totalMs: 120_000 },
      retries: 2,
      pricePerMillion: null,
    })
    expect(resolved.production).toMatchObject({ arm: 'production', model: null, keyFrom: null, headerNames: [] })
    expect(JSON.stringify(resolved)).not.toContain('sesame')
  })
  it('wait for no part of an answer longer than for the whole', () => {
    const { production } = targetsOf(config('', both('timeoutMs: 2000')), 'shadowgate.yaml')
    expect(production.timeouts).toEqual({ connectMs: 10_000, firstTokenMs: 2000, idleMs: 2000, totalMs: 2000 })
  })
  it.each([
    ['an API', candidate('api: openai-caht'), '', 'targets.candidate.api', 'did you mean "openai-chat"?'],
    ['an API like no other', candidate('api: telepathy'), '', 'targets.candidate.api', 'called "telepathy". There is '],
    [
      'a log format',
      targets,
      'logs: [{ path: a }, { path: b, format: opnai-batch }]',
      'logs[1].format',
      '"openai-batch"',
    ],
  ])('%s that is not there is named, with the nearest or all', (_, from, text, place, message) => {
    const fault = faultOf(() => targetsOf(config(text, from), 'shadowgate.yaml'))
    expect([fault.code, fault.place]).toEqual(['BAD_CONFIG', `shadowgate.yaml ${place}`])
    expect(fault.message).toContain(message)
  })
  it.each(['timeoutMs', 'connectTimeoutMs', 'firstTokenTimeoutMs', 'idleTimeoutMs', 'retries'])(
    'need the same %s on both sides',
    (name) => {
      expect(() => targetsOf(config('', both(`${name}: 5`)), 'shadowgate.yaml')).not.toThrow()
      const fault = faultOf(() => targetsOf(config('', candidate(`${name}: 5`)), 'shadowgate.yaml'))
      expect([fault.code, fault.place]).toEqual(['BAD_CONFIG', `shadowgate.yaml targets.candidate.${name}`])
      expect(fault.message).toContain('candidate 5')
    },
  )
  it.each(['http://me:hush@candidate.example/v1', 'http://candidate.example/v1?api_key=3f9a2c7b1d5e8f60a4'])(
    'have no credential in their address: %s',
    (url) => {
      const from = targets.replace('http://candidate.example/v1', url)
      expect(from).toContain(url)
      const fault = faultOf(() => targetsOf(config('', from), 'shadowgate.yaml'))
      expect([fault.code, fault.place]).toEqual(['BAD_CONFIG', 'shadowgate.yaml targets.candidate.baseUrl'])
      expect(fault.message + fault.hint).not.toMatch(/hush|3f9a/)
    },
  )
  it('may differ in pace', () => {
    expect(() => targetsOf(config('', candidate('concurrency: 1')), 'shadowgate.yaml')).not.toThrow()
  })
})

describe('keys', () => {
  const keys = (env: Readonly<Record<string, string>>) =>
    keysOf(targetsOf(config('', candidate('keyFrom: { env: CAND_KEY }')), 'shadowgate.yaml'), env)
  it('come from the variables that are named, and from nowhere else', () => {
    expect(keys({ CAND_KEY: 'k', PRODUCTION_KEY: 'no' })).toEqual({ production: null, candidate: 'k' })
  })
  it.each([
    ['not set', {}],
    ['empty', { CAND_KEY: '' }],
  ])('that are %s are a fault', (_, env) => {
    const fault = faultOf(() => keys(env))
    expect([fault.code, fault.place]).toEqual(['KEY_MISSING', 'targets.candidate.keyFrom.env'])
    expect(fault.message).toContain('CAND_KEY')
    expect(fault.status).toBe(69)
  })
})

describe('the policy', () => {
  const policy = (gate = '') => policyOf(config(`gate: { ${gate} }\n`), 'shadowgate.yaml')
  const ruleOf = (gate: string, metric: string) => policy(gate).rules.find((rule) => rule.metric === metric)

  it('is the default where the config says nothing', () => {
    expect(policy()).toEqual({
      level: 0.95,
      rules: rolloutRules,
      segments: [],
      maxExcluded: 0.02,
      validityAlpha: 0.01,
      hold: true,
      looks: { rates: [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1], failFast: true, minMinutes: 5 },
      drift: { severity: 'warn', margins: driftMargins },
    })
  })
  it('asks of drift by its own margin, or not at all, and spreads a GO over nights where it is told to', () => {
    expect(policy('drift: { severity: investigate, margin: 10% }, nights: 7')).toMatchObject({
      drift: { severity: 'investigate', margins: { 'text-similarity': 0.1, refused: 0.02 } },
      nights: 7,
    })
    expect(policy('drift: { severity: off }')).not.toHaveProperty('drift')
    expect(policy('nights: 1')).not.toHaveProperty('nights')
  })
  it('is judged once where nothing may end it early', () => {
    expect(policy('earlyStop: false').looks).toBeNull()
    expect(policy('failFast: false, minMinutes: 0').looks).toMatchObject({ failFast: false, minMinutes: 0 })
  })
  it('takes level, excluded share and segments', () => {
    expect(policy('level: 0.99, maxExcluded: 0.1, segments: [task, task]')).toMatchObject({
      level: 0.99,
      maxExcluded: 0.1,
      segments: ['task'],
    })
  })
  it('changes what a rule names, and leaves the rest of it', () => {
    const inherited = rolloutRules.find(({ metric }) => metric === 'cache-hit-rate')
    expect(ruleOf('rules: [{ metric: cache-hit-rate, margin: 10% }]', 'cache-hit-rate')).toEqual({
      ...inherited,
      margin: 0.1,
    })
    expect(ruleOf('rules: [{ metric: cost, severity: block }]', 'cost')).toMatchObject({
      margin: 0.5,
      severity: 'block',
    })
    expect(policy('rules: [{ metric: cost, severity: block }]').rules.map(({ metric }) => metric)).toEqual(
      rolloutRules.map(({ metric }) => metric),
    )
  })
  it.each<[string, string, string, string | undefined]>([
    ['as inherited', 'margin: 30%', 'warn', 'investigate'],
    ['as is said of it there', 'canary: block', 'warn', 'block'],
    ['as everywhere, where a severity is chosen', 'severity: block', 'block', undefined],
    ['as is said of it, beside a severity', 'severity: block, canary: off', 'block', 'off'],
  ])('has a rule do in the canary %s', (_, text, severity, canary) => {
    const found = ruleOf(`rules: [{ metric: ttft-p50, ${text} }]`, 'ttft-p50')
    expect([found?.severity, found?.canary]).toEqual([severity, canary])
  })
  it('removes rules that are turned off', () => {
    expect(ruleOf('rules: [{ metric: cost, severity: off }]', 'cost')).toBeUndefined()
  })
  it('adds rules, at the end', () => {
    expect(policy('rules: [{ metric: total-tokens, margin: 30%, severity: warn }]').rules.at(-1)).toEqual({
      metric: 'total-tokens',
      segment: null,
      margin: 0.3,
      severity: 'warn',
      mode: 'worse',
      stage: 'replay',
    })
  })
  it('may begin with nothing', () => {
    const own = policy('extends: none, rules: [{ metric: cost, margin: 30%, severity: warn }]')
    expect(own.rules.map(({ metric }) => metric)).toEqual(['cost'])
  })
  it('adds a rule for a segment beside the one for all, and judges no other value of its key', () => {
    const own = policy(
      'rules: [{ metric: cost, segment: { key: route, value: chat }, margin: 30%, severity: block }], segments: [task]',
    )
    expect(own.rules.filter(({ metric }) => metric === 'cost').map(({ segment }) => segment)).toEqual([
      null,
      { key: 'route', value: 'chat' },
    ])
    expect(own.segments).toEqual(['task'])
  })

  const segment = 'segment: { key: route, value: chat }'
  it.each([
    [
      'a metric with a typo',
      'rules: [{ metric: latncy-p95, margin: 1% }]',
      '[0].metric',
      'did you mean "latency-p95"?',
    ],
    ['a metric instead of its summary', 'rules: [{ metric: latency }]', '[0].metric', 'latency-p50, latency-p95'],
    [
      'a metric like no other',
      'rules: [{ metric: happiness }]',
      '[0].metric',
      'called "happiness". There is answered,',
    ],
    ['a metric with a typo that is turned off', 'rules: [{ metric: cots, severity: off }]', '[0].metric', '"cost"'],
    ['a margin of 0', 'rules: [{ metric: cost }, { metric: cost, margin: 0 }]', '[1].margin', 'equal models'],
    ['a margin of 0 %', 'rules: [{ metric: cost, margin: 0% }]', '[0].margin', 'equal models'],
    [
      'a margin of 0 to be different by',
      'rules: [{ metric: cost, margin: 0, mode: difference }]',
      '[0].margin',
      'least',
    ],
    ['a new rule without a margin', 'rules: [{ metric: total-tokens, severity: warn }]', '[0]', 'margin and severity'],
    ['a new rule without a severity', 'rules: [{ metric: total-tokens, margin: 1% }]', '[0]', 'margin and severity'],
    [
      'a new rule for a segment without a margin',
      `rules: [{ metric: cost, ${segment} }]`,
      '[0]',
      'margin and severity',
    ],
    ['a changed rule that is not inherited', 'extends: none, rules: [{ metric: cost, margin: 1% }]', '[0]', 'severity'],
    [
      'a rule that is off, and is to block in the canary',
      'rules: [{ metric: cost, severity: off, canary: block }]',
      '[0]',
      'nothing to do in the canary',
    ],
    ['no rule to turn off', 'rules: [{ metric: total-tokens, severity: off }]', '[0]', 'no such rule'],
    ['no rule of a segment to turn off', `rules: [{ metric: cost, ${segment}, severity: off }]`, '[0]', 'no such rule'],
  ])('refuses %s', (_, gate, place, message) => {
    const fault = faultOf(() => policy(gate))
    expect([fault.code, fault.place, fault.status]).toEqual(['BAD_POLICY', `shadowgate.yaml gate.rules${place}`, 65])
    expect(fault.message).toContain(message)
  })
})
