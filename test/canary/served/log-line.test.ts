// Which lines of the router's log a stage waits for.

import { describe, expect, it } from 'vitest'
import { countsForStage } from '../../../src/canary/served/log-line.ts'
import { type ServedLine, servedSchemaId } from '../../../src/core/served-line.ts'
import { replyOf } from '../../support/nouns.ts'

const line: ServedLine = {
  schema: servedSchemaId,
  id: 'id',
  at: '2026-11-26T08:00:00.000Z',
  api: 'openai-chat',
  request: {},
  arm: 'candidate',
  group: 'candidate',
  reason: 'user',
  unseen: false,
  shadow: false,
  user: 'u',
  segments: {},
  status: 200,
  timing: { headersMs: 1, firstTokenMs: null, totalMs: 2 },
  outcome: replyOf({ text: 'Noon.' }),
}

describe('a line counts for its stage', () => {
  it.each<[string, Partial<ServedLine>, boolean]>([
    ['of a user', {}, true],
    ['of nobody that is known', { reason: 'request', user: null }, true],
    ['not of a tester, who asked for the candidate', { reason: 'override', group: 'rest' }, false],
    ['not of production', { arm: 'production' }, false],
    ['not where nobody saw it', { unseen: true }, false],
    ['not where a drill spoilt it', { drill: 'refusal' }, false],
    ['not where no answer came', { outcome: { kind: 'broken', detail: 'reset' } }, false],
  ])('%s', (_, parts, counts) => {
    expect(countsForStage({ ...line, ...parts })).toBe(counts)
  })
})
