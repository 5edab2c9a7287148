// A config from file, environment and flags; every mistake with its place.

import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/commands/config/load.ts'
import { faultOf, load, targets } from './config-file.ts'

describe('a config', () => {
  it('of two targets is enough: the rest has defaults', () => {
    const { config, file } = load(targets)
    expect(config).toMatchObject({
      store: 'reports/shadowgate.duckdb',
      logs: [],
      sample: { size: 2000, seed: 1, stratify: [], duplicates: 'drop', since: 'all', cohort: 0 },
      replay: { noise: 0.2, stream: 'asCaptured' },
      gate: { extends: 'rollout', level: 0.95, rules: [], maxExcluded: 0.02 },
      targets: { candidate: { api: 'openai-chat', concurrency: 8, timeoutMs: 120_000, headers: {}, overrides: {} } },
    })
    expect(file).toBe('shadowgate.yaml')
  })
  it.each([
    ['20%', 0.2],
    ['2.5 %', 0.025],
    ['150%', 1.5],
    ['0.05', 0.05],
    ['.05', 0.05],
    ['1', 1],
    ['${MARGIN}', 0.3],
    ['${UNSET:-20%}', 0.2],
    ['${UNSET:-0.2}', 0.2],
  ])('has a margin of %s', (text, margin) => {
    const { config } = load(`${targets}gate: { rules: [{ metric: cost, margin: "${text}" }] }\n`, {
      env: { MARGIN: '0.3' },
    })
    expect(config.gate.rules[0]?.margin).toBe(margin)
    if (!text.includes('$')) {
      const bare = load(`${targets}gate: { rules: [{ metric: cost, margin: ${text} }] }\n`)
      expect(bare.config.gate.rules[0]?.margin).toBe(margin)
    }
  })
  it('may share what both arms have: aliases are copies, and merge keys are known', () => {
    const text = `targets:
  production: &arm { baseUrl: http://a.example/v1, model: old, timeoutMs: 5000 }
  candidate: { <<: *arm, model: new }
`
    const { config } = load(text, { flags: { 'targets.production.concurrency': '3' } })
    expect(config.targets).toMatchObject({
      production: { model: 'old', timeoutMs: 5000, concurrency: 3 },
      candidate: { model: 'new', timeoutMs: 5000, concurrency: 8 },
    })
    const alias = load(text.replace('{ <<: *arm, model: new }', '*arm'), {
      flags: { 'targets.production.model': 'newer' },
    })
    expect([alias.config.targets.production.model, alias.config.targets.candidate.model]).toEqual(['newer', 'old'])
  })
})

describe('mistakes in the file', () => {
  const rule = (text: string) => `${targets}gate:\n  rules:\n    - ${text}\n`
  it.each<[string, string, string, string]>([
    ['a setting at the top', `${targets}sampel: { size: 3 }\n`, '4:1 sampel', 'did you mean "sample"?'],
    ['a setting in a section', `${targets}sample:\n  sise: 3\n`, '5:3 sample.sise', 'did you mean "size"?'],
    [
      'a setting of a target',
      targets.replace('{ baseUrl: http://c', '{ modle: x, baseUrl: http://c'),
      '3:16 targets.candidate.modle',
      'did you mean "model"?',
    ],
    ['a third target', `${targets}  canidate: {}\n`, '4:3 targets.canidate', 'did you mean "candidate"?'],
    [
      'a price',
      targets.replace(
        '{ baseUrl: http://c',
        '{ pricePerMillion: { input: 1, output: 2, cachedinput: 1 }, baseUrl: http://c',
      ),
      '3:56 targets.candidate.pricePerMillion.cachedinput',
      'did you mean "cachedInput"?',
    ],
    ['a field of a rule', rule('{ metric: cost, margn: 20% }'), '6:23 gate.rules[0].margn', 'did you mean "margin"?'],
    [
      'a field of a log',
      `${targets}logs:\n  - { path: a, fromat: x }\n`,
      '5:16 logs[0].fromat',
      'did you mean "format"?',
    ],
    [
      'a setting like no other',
      `${targets}xyzzyx: 1\n`,
      '4:1 xyzzyx',
      'there is store, logs, privacy, sample, targets,',
    ],
    ['a word for a number', `${targets}sample: { size: many }\n`, '4:11 sample.size', 'expected number'],
    ['half a record', `${targets}sample: { size: 1.5 }\n`, '4:11 sample.size', 'expected int'],
    ['no record', `${targets}sample: { size: 0 }\n`, '4:11 sample.size', '>0'],
    ['nothing where a number is due', `${targets}replay:\n  noise:\n`, '5:3 replay.noise', 'expected number'],
    ['a share above 1', `${targets}replay: { noise: 20 }\n`, '4:11 replay.noise', '<=1'],
    ['a text for a section', `${targets}sample: 500\n`, '4:1 sample', 'expected object'],
    ['a word that is none of those known', `${targets}replay: { stream: allways }\n`, '4:11 replay.stream', '"always"'],
    ['a report format', `${targets}report: { formats: [html, pdf] }\n`, '4:27 report.formats[1]', '"markdown"'],
    ['a level of no confidence', `${targets}gate: { level: 0.5 }\n`, '4:9 gate.level', '>0.5'],
    ['a URL of another kind', targets.replace('http://p', 'ftp://p'), '2:17 targets.production.baseUrl', 'URL'],
    [
      'a header that is no text',
      targets.replace('{ b', '{ headers: { a: 1 }, b'),
      '2:28 targets.production.headers.a',
      'string',
    ],
    [
      'no URL',
      targets.replace('{ baseUrl: http://p', '{ model: http://p'),
      '2:3 targets.production.baseUrl',
      'this setting is needed',
    ],
    ['no targets', 'store: a.duckdb\n', ' targets', 'this setting is needed'],
    ['a margin in other words', rule('{ metric: cost, margin: a fifth }'), '6:23 gate.rules[0].margin', '"20%"'],
    ['a margin below 0', rule('{ metric: cost, margin: -1 }'), '6:23 gate.rules[0].margin', '"20%"'],
    [
      'a margin of 20, which would be 2000 %',
      rule('{ metric: cost, margin: 20 }'),
      '6:23 gate.rules[0].margin',
      '"150%"',
    ],
    ['a margin that is true', rule('{ metric: cost, margin: true }'), '6:23 gate.rules[0].margin', '"20%"'],
  ])('%s', (_, text, place, message) => {
    const fault = faultOf(() => load(text))
    expect(fault.code).toBe('BAD_CONFIG')
    expect(fault.place).toBe(place.startsWith(' ') ? `shadowgate.yaml${place}` : `shadowgate.yaml:${place}`)
    expect(fault.message).toContain(message)
  })

  it.each([
    ['a bracket that is not closed', `${targets}sample: { size: 3\n`, /^shadowgate\.yaml:(?:4|5):\d+$/],
    ['a key twice', `${targets}store: a\nstore: b\n`, /^shadowgate\.yaml:5:1$/],
    ['a tab for an indent', 'targets:\n\tproduction: x\n', /^shadowgate\.yaml:2:\d+$/],
    ['two documents', `${targets}---\n${targets}`, /^shadowgate\.yaml:4:\d+$/],
    ['a list', '- a\n', /^shadowgate\.yaml$/],
    ['a word', 'production\n', /^shadowgate\.yaml$/],
    ['an alias of nothing', `${targets}store: *nowhere\n`, /^shadowgate\.yaml/],
    ['an alias of itself', 'targets: &all { production: *all }\n', /^shadowgate\.yaml/],
    ['an empty file', '', /^shadowgate\.yaml targets$/],
    ['nothing but a remark', '# to do\n', /^shadowgate\.yaml targets$/],
  ])('%s', (_, text, place) => {
    const fault = faultOf(() => load(text))
    expect([fault.code, fault.place]).toEqual(['BAD_CONFIG', expect.stringMatching(place)])
    expect(fault.message).not.toMatch(/YAML\.|undefined/)
  })

  it('are told all at once', () => {
    const { message, place } = faultOf(() => load(`${targets}sample: { size: x, seed: y }\nrepaly: {}\n`))
    expect(place).toBe('shadowgate.yaml:4:11 sample.size')
    expect(message).toMatch(/also shadowgate\.yaml:4:20 sample\.seed: [^]*also shadowgate\.yaml:5:1 repaly: /)
  })

  it('a file that is not there, or a folder', () => {
    const sources = { cwd: tmpdir(), env: {}, flags: {} }
    const missing = faultOf(() => loadConfig({ ...sources, file: 'no-such-shadowgate.yaml' }))
    expect([missing.code, missing.place]).toEqual(['CONFIG_MISSING', 'no-such-shadowgate.yaml'])
    expect(faultOf(() => loadConfig({ ...sources, file: '.' })).code).toBe('CONFIG_MISSING')
  })
})

describe('variables in texts', () => {
  const model = (text: string, env: Record<string, string | undefined> = {}) =>
    load(targets.replace('{ baseUrl: http://c', `{ model: "${text}", baseUrl: http://c`), { env }).config.targets
      .candidate.model
  it.each([
    ['${MODEL}', { MODEL: 'm' }, 'm'],
    ['a-${MODEL}-${SIZE}b', { MODEL: 'm', SIZE: '7' }, 'a-m-7b'],
    ['${MODEL:-fallback}', {}, 'fallback'],
    ['${MODEL:-fallback}', { MODEL: '' }, 'fallback'],
    ['${MODEL:-fallback}', { MODEL: 'm' }, 'm'],
    ['x${MODEL:-}', {}, 'x'],
    ['$MODEL', { MODEL: 'm' }, '$MODEL'],
    ['${MODEL}', { MODEL: '${OTHER}', OTHER: 'never' }, '${OTHER}'],
  ])('%s with %j is %s', (text, env, expected) => {
    expect(model(text, env)).toBe(expected)
  })
  it.each([
    ['not set', {}],
    ['empty', { MODEL: '' }],
  ])('one that is %s is named, with its place', (_, env) => {
    const fault = faultOf(() => model('${MODEL}', env))
    expect([fault.code, fault.place]).toEqual(['BAD_CONFIG', 'shadowgate.yaml:3:16 targets.candidate.model'])
    expect(fault.message).toContain('MODEL is not set')
    expect(fault.hint).toContain('${MODEL:-default}')
  })
  it('bring numbers and lists', () => {
    const { config } = load(`${targets}sample: { size: "\${SIZE}", stratify: "\${KEYS}" }\n`, {
      env: { SIZE: '50', KEYS: 'task, tier' },
    })
    expect(config.sample).toMatchObject({ size: 50, stratify: ['task', 'tier'] })
  })
  it('stay unread in what is stored: no secret gets there', () => {
    const text = targets.replace('{ b', '{ headers: { x-key: "${KEY}", x-other: "${OTHER:-o}" }, b')
    const { config, written } = load(text, { env: { KEY: 'sk-live-0123456789abcdef', OTHER: 'sesame' } })
    expect(config.targets.production.headers).toEqual({ 'x-key': 'sk-live-0123456789abcdef', 'x-other': 'sesame' })
    expect(JSON.stringify(written)).not.toMatch(/sk-live|sesame/)
    expect(JSON.stringify(written)).toContain('${KEY}')
  })
})

describe('file, environment and flags', () => {
  const text = `${targets}sample: { size: 1 }\n`
  const env = { SHADOWGATE_SAMPLE_SIZE: '2' }
  const flags = { 'sample.size': '3' }
  it.each([
    ['the default', targets, {}, {}, 2000],
    ['the file before the default', text, {}, {}, 1],
    ['the environment before the file', text, env, {}, 2],
    ['a flag before the environment', text, env, flags, 3],
    ['a flag where the file says nothing', targets, {}, flags, 3],
  ])('%s', (_, yaml, fromEnv, fromFlags, size) => {
    const { config } = load(yaml, { env: fromEnv, flags: fromFlags })
    expect(config.sample.size).toBe(size)
  })
  it('what is stored has them', () => {
    expect(load(text, { env, flags }).written).toMatchObject({ sample: { size: '3' } })
    expect(load(text, { env }).written).toMatchObject({ sample: { size: '2' } })
  })
  it('lists, words, shares and files come as text', () => {
    const { config } = load(targets, {
      env: {
        SHADOWGATE_LOGS: 'a.jsonl, b/*.gz',
        SHADOWGATE_REPORT_FORMATS: 'html,junit',
        SHADOWGATE_GATE_SEGMENTS: '',
        SHADOWGATE_CANDIDATE_CONCURRENCY: '16',
        SHADOWGATE_CANDIDATE_MODEL: '4',
      },
      flags: { 'replay.noise': '0.5', 'replay.stream': 'never', 'gate.level': '.9' },
    })
    expect(config).toMatchObject({
      // Relative to where they are typed.
      logs: [
        { path: expect.stringMatching(/^\/.*\/a\.jsonl$/), format: 'auto' },
        { path: expect.stringMatching(/^\/.*\/b\/\*\.gz$/) },
      ],
      report: { formats: ['html', 'junit'] },
      gate: { segments: [], level: 0.9 },
      targets: { candidate: { concurrency: 16, model: '4' } },
      replay: { noise: 0.5, stream: 'never' },
    })
  })
  it.each([
    ['a variable', { env: { SHADOWGATE_SAMPLE_SIZE: 'many' } }, 'SHADOWGATE_SAMPLE_SIZE'],
    ['a flag', { flags: { 'sample.size': '-1' } }, '--sample-size'],
    [
      'a flag over a variable',
      { env: { SHADOWGATE_SAMPLE_SIZE: '2' }, flags: { 'sample.size': 'x' } },
      '--sample-size',
    ],
    ['an item of a list', { flags: { 'report.formats': 'html,pdf' } }, '--report-formats'],
    ['text that YAML cannot read', { flags: { 'sample.size': '[1' } }, '--sample-size'],
    ['text that YAML reads as something else', { flags: { 'sample.size': '{ a: 1 }' } }, '--sample-size'],
    ['an empty variable', { env: { SHADOWGATE_SAMPLE_SIZE: '' } }, 'SHADOWGATE_SAMPLE_SIZE'],
    ['a URL without a scheme', { flags: { 'targets.candidate.baseUrl': 'localhost:1' } }, '--candidate-base-url'],
  ])('a mistake in %s names it', (_, sources, place) => {
    const fault = faultOf(() => load(text, sources))
    expect([fault.code, fault.place]).toEqual(['BAD_CONFIG', place])
  })
  it('a section that is none is told, flags or not', () => {
    const fault = faultOf(() => load(`${targets}sample: 500\n`, { flags }))
    expect([fault.code, fault.message]).toEqual(['BAD_CONFIG', expect.stringContaining('expected object')])
  })
  it('an empty section takes flags', () => {
    expect(load(`${targets}sample:\n`, { flags }).config.sample.size).toBe(3)
  })
})

describe('commands that send nothing', () => {
  it('need no variable that only the targets name', () => {
    const text = targets.replace('http://candidate.example/v1', '"${CANDIDATE_URL}"')
    expect(load(text, { sends: false }).config.targets.production.baseUrl).toBe('http://production.example/v1')
    expect(faultOf(() => load(text)).message).toContain('CANDIDATE_URL')
    expect(faultOf(() => load(`${targets}store: "\${STORE}"\n`, { sends: false })).message).toContain('STORE')
  })
})
