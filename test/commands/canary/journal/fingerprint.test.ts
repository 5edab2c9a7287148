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
  it('tells headers by what chooses the answer, and keeps nothing of a value that may be a secret', () => {
    const withHeaders = (headers: string) => fingerprint(`${model}, headers: { ${headers} }`)
    expect(withHeaders('anthropic-beta: thinking')).not.toBe(withHeaders('anthropic-beta: caching'))
    expect(withHeaders('Anthropic-Beta: thinking')).toBe(withHeaders('anthropic-beta: thinking'))
    expect(withHeaders('x-pass: one')).toBe(withHeaders('x-pass: two'))
  })

  it('is the same in whatever order settings are written: a rollback is not forgotten by it', () => {
    const [one, other] = ['{ top_p: 1, temperature: 0 }', '{ temperature: 0, top_p: 1 }']
    expect(fingerprint(`overrides: ${one}`)).toBe(fingerprint(`overrides: ${other}`))
  })

  it.each([
    ['another model', 'model: third', '{}'],
    ['other overrides', `${model}, overrides: { temperature: 0 }`, '{}'],
    ['another beta', `${model}, headers: { anthropic-beta: thinking }`, '{}'],
    ['a header more', `${model}, headers: { x-variant: b }`, '{}'],
    ['another salt', model, '{ salt: other }'],
    ['requests for another model', model, '{ model: small }'],
  ])('is another with %s', (_, candidate, canary) => {
    expect(fingerprint(candidate, canary)).not.toBe(fingerprint(model))
  })
})
