// The settings' one list: flags, variables, and the JSON Schema that editors read. UPDATE_GOLDEN=1 writes that anew.

import { describe, expect, it } from 'vitest'
import { configJsonSchema } from '../../../src/commands/config/schema.ts'
import { keysAt, settings, settingsOf } from '../../../src/commands/config/settings.ts'
import { goldenText } from '../../support/golden.ts'
import { load, targets } from './config-file.ts'

describe('the JSON Schema', () => {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`
  it('is the one that is published', () => {
    const file = new URL('../../../src/commands/config/config.schema.json', import.meta.url)
    expect(text).toBe(goldenText(file, text))
  })
  it('is of draft 2020-12, closed at each depth, and speaks of each setting', () => {
    const schema: unknown = JSON.parse(text)
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'shadowgate.yaml',
      type: 'object',
      additionalProperties: false,
      required: ['targets'],
      properties: {
        sample: {
          additionalProperties: false,
          properties: { size: { type: 'integer', default: 2000, description: expect.any(String) } },
        },
        targets: {
          required: ['production', 'candidate'],
          properties: { candidate: { required: ['baseUrl'], additionalProperties: false } },
        },
        gate: { properties: { rules: { items: { required: ['metric'], additionalProperties: false } } } },
      },
    })
    const open = objectsIn(schema).filter((each) => 'properties' in each && each['additionalProperties'] !== false)
    expect(open).toEqual([])
  })
  it('asks for nothing that has a default', () => {
    const asked = objectsIn(JSON.parse(text)).flatMap(({ required }) => (Array.isArray(required) ? required : []))
    const needed = [
      'apiKey',
      'baseUrl',
      'body',
      'candidate',
      'cookie',
      'criteria',
      'endpoint',
      'env',
      'header',
      'input',
      'key',
      'metric',
      'name',
      'output',
      'path',
      'production',
      'regex',
      'share',
      'target',
      'targets',
      'value',
    ]
    expect(new Set(asked)).toEqual(new Set(needed))
  })
})

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  return [{ ...value }, ...Object.values(value).flatMap(objectsIn)]
}

describe('the settings', () => {
  it('have flags and variables of their own', () => {
    for (const of of ['flag', 'env'] as const) {
      const names = settings.map((setting) => setting[of])
      expect(names).toEqual([...new Set(names)])
    }
  })
  it.each([
    ['sample.size', '--sample-size', 'SHADOWGATE_SAMPLE_SIZE'],
    ['targets.candidate.baseUrl', '--candidate-base-url', 'SHADOWGATE_CANDIDATE_BASE_URL'],
    ['gate.maxExcluded', '--gate-max-excluded', 'SHADOWGATE_GATE_MAX_EXCLUDED'],
    ['store', '--store', 'SHADOWGATE_STORE'],
    ['logs', '--logs', 'SHADOWGATE_LOGS'],
  ])('%s is %s and %s', (path, flag, env) => {
    expect(settings.find((setting) => setting.path.join('.') === path)).toMatchObject({ flag, env })
  })
  it('keep keys and headers themselves out of flags, which others see in the list of processes', () => {
    expect(settings.filter(({ path }) => path.some((step) => ['keyFrom', 'headers'].includes(step)))).toEqual([])
  })
  it('have the defaults that a config without them gets', () => {
    // Nobody has a judge unasked.
    const judge = `judge: { target: { baseUrl: 'http://127.0.0.1/v1' }, criteria: c }`
    const { config } = load(`${targets}\n${judge}`)
    const at = (path: readonly string[]) =>
      path.reduce<unknown>((value, step) => new Map(Object.entries(Object(value))).get(step), config)
    const wrong = settings.filter(
      (setting) =>
        setting.default !== undefined && JSON.stringify(at(setting.path)) !== JSON.stringify(setting.default),
    )
    expect(wrong).toEqual([])
  })
  it('are found by section and by path', () => {
    const flags = (...sections: string[]) => settingsOf(sections).map(({ flag }) => flag)
    expect(flags('replay.noise')).toEqual(['--replay-noise'])
    expect(flags('store', 'sample.seed')).toEqual(['--store', '--sample-seed'])
    expect(flags('nothing')).toEqual([])
  })
})

it.each([
  [
    [],
    [
      'store',
      'logs',
      'privacy',
      'sample',
      'targets',
      'prices',
      'replay',
      'gate',
      'assertions',
      'judge',
      'report',
      'reviews',
      'notify',
      'audit',
      'retention',
      'night',
      'log',
      'canary',
      'notes',
    ],
  ],
  [
    ['logs', 0],
    ['path', 'format', 'map', 'privateKey'],
  ],
  [
    ['gate', 'rules', 2, 'segment'],
    ['key', 'value'],
  ],
  [
    ['targets', 'candidate', 'pricePerMillion'],
    ['input', 'cachedInput', 'cacheWrite', 'output'],
  ],
  [['sample', 'size'], []],
  [['nowhere', 'at', 'all'], []],
])('keys at %j', (path, keys) => {
  expect(keysAt(path)).toEqual(keys)
})
