// The words for how a call ended.

import { describe, expect, it } from 'vitest'
import { outcomeWords } from '../../src/score/outcome-words.ts'
import { broken, cancelled, failed, rateLimited, rejected, replied, timedOut } from './calls.ts'

describe('how a call ended', () => {
  it.each([
    [replied(), false, 'answered'],
    [replied(), true, 'refused'],
    [replied({ stop: 'refused' }), false, 'refused'],
    [replied({ stop: 'length' }), false, 'cut at the limit'],
    [replied({ stop: 'tool' }), false, 'called a tool'],
    [replied({ stop: 'filtered' }), false, 'filtered'],
    [replied({ stop: 'unknown' }), false, 'answered'],
    [rejected, false, 'HTTP 500'],
    [rateLimited, false, 'HTTP 429 rate_limit_exceeded'],
    [broken, false, 'broken: connection reset'],
    [timedOut, false, 'timed out (total)'],
    [failed({ kind: 'timeout', phase: 'connect' }), false, 'timed out (connect)'],
    [cancelled, false, 'cancelled'],
  ])('%#', (call, isRefused, words) => {
    expect(outcomeWords(call, isRefused)).toBe(words)
  })
})
