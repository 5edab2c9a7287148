// What makes two rollouts one, and what does not.

import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../../src/commands/canary/journal/fingerprint.ts'
import { targetsOf } from '../../../../src/commands/config/resolve.ts'
import { load, targets } from '../../config/config-file.ts'

function fingerprint(candidate: string, canary = '{}'): string {
  const text = `${targets.replace('http://candidate.example/v1', `http://candidate.example/v1, ${candidate}`)}canary: ${canary}\n`
  const { config } = load(text)
  return fingerprintOf({ config, targets: targetsOf(config, 'shadowgate.yaml') })
}

const model = 'model: next'

describe('a fingerprint', () => {
  it('is the same in whatever order settings are written: a rollback is not forgotten by it', () => {
    const [one, other] = ['{ top_p: 1, temperature: 0 }', '{ temperature: 0, top_p: 1 }']
    expect(fingerprint(`overrides: ${one}`)).toBe(fingerprint(`overrides: ${other}`))
  })

  it.each([
    ['another model', 'model: third', '{}'],
    ['other overrides', `${model}, overrides: { temperature: 0 }`, '{}'],
    ['another salt', model, '{ salt: other }'],
    ['requests for another model', model, '{ model: small }'],
  ])('is another with %s', (_, candidate, canary) => {
    expect(fingerprint(candidate, canary)).not.toBe(fingerprint(model))
  })
})
