// What makes two runs the same work, and what does not.

import { describe, expect, it } from 'vitest'
import type { ConfigSources } from '../../../src/commands/config/load.ts'
import { targetsOf } from '../../../src/commands/config/resolve.ts'
import { fingerprintOf, newRunId } from '../../../src/commands/run/run-id.ts'
import { load } from '../config/config-file.ts'

const base = `sample: { size: 500 }
targets:
  production: { baseUrl: "http://127.0.0.1:\${PORT}/v1", model: now }
  candidate: { baseUrl: "http://127.0.0.1:\${PORT}/v1", model: "\${MODEL:-next}" }
`

function fingerprint(text = base, sources: Partial<ConfigSources> = {}): string {
  const loaded = load(text, { env: { PORT: '1' }, ...sources })
  return fingerprintOf({ ...loaded, targets: targetsOf(loaded.config, 'shadowgate.yaml') })
}

describe('a run is gone on with', () => {
  it.each<[string, string, Partial<ConfigSources>]>([
    ['when nothing changed', base, {}],
    ['where a variable in an address is another', base, { env: { PORT: '2' } }],
    ['with other margins', `${base}gate: { level: 0.9 }\n`, {}],
    ['with another report', `${base}report: { dir: elsewhere }\n`, {}],
    ['with other prices', base.replace('model: now', 'model: now, pricePerMillion: { input: 1, output: 2 }'), {}],
    ['at another pace', base.replace('model: now', 'model: now, concurrency: 2'), {}],
    ['with another key', base.replace('model: now', 'model: now, keyFrom: { env: OTHER }'), {}],
    ['where a flag says what the file says', base, { flags: { 'sample.size': '500' } }],
    ['where a default is written out', `${base}replay: { noise: 0.2 }\n`, {}],
    ['where everything is new, and said to be', base, { flags: { 'sample.since': 'all', 'sample.cohort': '0' } }],
    ['with another retention', `${base}retention: { textsDays: 3 }\n`, {}],
  ])('%s', (_why, text, sources) => {
    expect(fingerprint(text, sources)).toBe(fingerprint())
  })
})

describe('a run of its own begins', () => {
  it.each<[string, string, Partial<ConfigSources>]>([
    ['where a variable names another model', base, { env: { PORT: '1', MODEL: 'other' } }],
    ['for another sample', base, { flags: { 'sample.size': '501' } }],
    ['for what is new alone', base, { flags: { 'sample.since': 'lastRun' } }],
    ['with a cohort', base, { flags: { 'sample.cohort': '5' } }],
    ['for another address', base.replace('127.0.0.1', 'localhost'), {}],
    ['with an override', base.replace('model: now', 'model: now, overrides: { temperature: 0 }'), {}],
    [
      'with a field renamed',
      base.replace('model: now', 'model: now, rename: { max_tokens: max_completion_tokens }'),
      {},
    ],
    ['with another beta', base.replace('model: now', 'model: now, headers: { anthropic-beta: thinking }'), {}],
    ['with another noise floor', `${base}replay: { noise: 0.3 }\n`, {}],
  ])('%s', (_why, text, sources) => {
    expect(fingerprint(text, sources)).not.toBe(fingerprint())
  })
})

it('ids sort by time and fit a folder', () => {
  const ids = ['2026-11-23T02:30:00.000Z', '2026-11-23T02:30:01.000Z', '2027-01-01T00:00:00.000Z'].map(newRunId)
  expect(ids.toSorted()).toEqual(ids)
  for (const id of ids) expect(id).toMatch(/^\d{8}-\d{6}-[0-9a-f]{4}$/)
})
