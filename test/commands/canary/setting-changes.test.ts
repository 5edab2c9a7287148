// What a config that is read again may change, and how the journal tells it.

import { describe, expect, it } from 'vitest'
import { changesBetween, changesText } from '../../../src/commands/canary/setting-changes.ts'
import { load, targets } from '../config/config-file.ts'

const config = (more = '', arms = targets) => load(`${arms}${more}`).config
const between = (before: string, after: string) => changesBetween(config(before), config(after))
const candidate = (more: string) =>
  targets.replace('http://candidate.example/v1', `http://candidate.example/v1, ${more}`)

describe('changes', () => {
  it.each([
    ['canary.stages', 'canary: { stages: [{ share: 0.5 }] }', 'now'],
    ['canary.guards.window', 'canary: { guards: { window: 7 } }', 'now'],
    ['canary.evaluateEverySeconds', 'canary: { evaluateEverySeconds: 7 }', 'now'],
    ['canary.segments.route', 'canary: { segments: { route: x-route } }', 'now'],
    ['canary.overrideHeader', 'canary: { overrideHeader: x-arm }', 'now'],
    ['canary.logMaxMb', 'canary: { logMaxMb: 7 }', 'now'],
    ['gate.rules', 'gate: { rules: [{ metric: answered, margin: 5% }] }', 'now'],
    ['gate.level', 'gate: { level: 0.99 }', 'now'],
    ['canary.mode', 'canary: { mode: ab }', 'anew'],
    ['canary.salt', 'canary: { salt: other }', 'anew'],
    ['canary.key', 'canary: { key: [{ cookie: sid }] }', 'anew'],
    ['canary.model', 'canary: { model: small }', 'anew'],
    ['canary.port', 'canary: { port: 7 }', 'restart'],
    ['canary.admin.port', 'canary: { admin: { port: 7 } }', 'restart'],
    ['canary.journal', 'canary: { journal: other.jsonl }', 'restart'],
    ['canary.expectedUsers', 'canary: { expectedUsers: 7 }', 'restart'],
  ])('of %s', (setting, after, when) => {
    expect(between('', after)).toMatchObject([{ setting, when }])
  })

  it.each([
    ['model: other', 'targets.candidate.model', 'anew'],
    ['overrides: { temperature: 0 }', 'targets.candidate.overrides.temperature', 'anew'],
    ['rename: { max_tokens: max_completion_tokens }', 'targets.candidate.rename.max_tokens', 'anew'],
    ['timeoutMs: 7', 'targets.candidate.timeoutMs', 'now'],
    ['keyFrom: { env: KEY }', 'targets.candidate.keyFrom', 'now'],
    ['headers: { x-team: ada }', 'targets.candidate.headers.x-team', 'anew'],
  ])('of a target: %s', (more, setting, when) => {
    expect(changesBetween(config(), config('', candidate(more)))).toMatchObject([{ setting, when }])
  })

  it.each([
    ['x-team', 'now'],
    ['anthropic-beta', 'anew'],
  ])('of the value of a header: %s', (name, when) => {
    const [before, after] = ['one', 'two'].map((value) => config('', candidate(`headers: { ${name}: ${value} }`)))
    if (before === undefined || after === undefined) throw new Error('two configs')
    expect(changesBetween(before, after)).toMatchObject([{ setting: `targets.candidate.headers.${name}`, when }])
  })

  it('are told before and after, a list as a whole', () => {
    expect(
      between('canary: { guards: { window: 100 } }', 'canary: { guards: { window: 7 }, stages: [{ share: 1 }] }'),
    ).toEqual([
      {
        setting: 'canary.stages',
        before: expect.stringContaining('"share":0.05'),
        after: '[{"share":1,"minMinutes":30,"minRequests":500}]',
        when: 'now',
      },
      { setting: 'canary.guards.window', before: '100', after: '7', when: 'now' },
    ])
  })

  it('show no secret', () => {
    const found = [
      ...changesBetween(config(), config('', candidate('headers: { x-team: hunter2 }'))),
      ...between('', 'canary: { salt: hunter2 }'),
    ]
    expect(found).toHaveLength(2)
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })

  it('of what is no matter of the router are none', () => {
    expect(between('', 'sample: { size: 7 }\nreport: { pairs: 7 }\nreplay: { noise: 0 }')).toEqual([])
  })

  it('are said to be none', () => {
    expect(changesText([])).toBe('nothing that the router goes by has changed')
  })
})
