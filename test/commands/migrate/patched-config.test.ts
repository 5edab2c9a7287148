// The patch in the user's own file: comments kept, nothing else changed.

import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { patchedText, snippetOf } from '../../../src/commands/migrate/patched-config.ts'
import { Fault } from '../../../src/core/fault.ts'
import type { Patch } from '../../../src/migrate/patch.ts'

const line = { why: 'because: it is so', source: 'https://example.org/1', records: 3 }
const patch: Patch = {
  rename: [{ ...line, field: 'max_tokens', to: 'max_completion_tokens' }],
  overrides: [{ ...line, field: 'temperature', value: null }],
  decisions: [],
}
const wanted = { rename: { max_tokens: 'max_completion_tokens' }, overrides: { temperature: null } }

it('a snippet has the reason and the source of each line', () => {
  const snippet = snippetOf(patch)
  expect(parse(snippet)).toEqual({ targets: { candidate: wanted } })
  expect(snippet.match(/# 3 records: because: it is so\n\s+# https:\/\/example\.org\/1/g)).toHaveLength(2)
})

describe('a file', () => {
  it.each([
    ['in blocks', 'targets:\n  candidate: # who may come\n    model: next\n  # the end\nnotes: []\n'],
    ['in flow', 'targets:\n  # who may come\n  candidate: { model: next, overrides: { seed: 1 } } # the end\n'],
    [
      'with lines in a taste of their own',
      'logs: [{path: a},   {path: b}]\ntargets:\n  candidate: { model: next } # who may come\nnotes: [ x ]   # the end\n',
    ],
    [
      'with other overrides',
      'targets:\n  candidate:\n    overrides: # who may come\n      seed: 1 # the end\n      temperature: 0\n',
    ],
    ['with an empty section', 'targets:\n  candidate:\n    model: next # who may come\n    overrides:\n# the end\n'],
  ])('%s', (_, text) => {
    const patched = patchedText(text, patch, 'shadowgate.yaml')
    const before = parse(text)
    const candidate = {
      ...before.targets.candidate,
      ...wanted,
      overrides: { ...before.targets.candidate.overrides, ...wanted.overrides },
    }
    expect(parse(patched)).toEqual({ ...before, targets: { ...before.targets, candidate } })
    expect(patched).toContain('# who may come')
    expect(patched).toContain('# the end')
    for (const own of text.split('\n').filter((each) => /^(?:logs|notes)/.test(each))) expect(patched).toContain(own)
    expect(patchedText(patched, patch, 'shadowgate.yaml'), 'twice is once').toBe(patched)
  })
  it.each([
    ['that is an alias', 'x: &x { model: next }\ntargets:\n  candidate: *x\n'],
    ['that merges overrides from elsewhere', 'x: &x { overrides: { seed: 1 } }\ntargets:\n  candidate:\n    <<: *x\n'],
  ])('with a candidate %s is left as it is', (_, text) => {
    expect(() => patchedText(text, patch, 'shadowgate.yaml')).toThrow(Fault)
  })
})
