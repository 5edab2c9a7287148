// Whether a call is tried again, and when.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Random, seededBy } from '../../src/core/random.ts'
import type { Outcome } from '../../src/core/types.ts'
import { decideRetry, type RetryAdvice, readAdvice } from '../../src/replay/retry.ts'

const at = Date.UTC(2026, 10, 23)
const noAdvice: RetryAdvice = { afterMs: null, should: null }
const policy = { retries: 3, maxWaitMs: 60_000 }
/** Draws nothing off the back-off. */
const still: Random = { unit: () => 0, below: () => 0 }

const rejected = (status: number): Outcome => ({ kind: 'rejected', status, code: null, detail: '' })
const broken: Outcome = { kind: 'broken', detail: 'ECONNRESET' }
const timeout: Outcome = { kind: 'timeout', phase: 'headers' }
const reply: Outcome = {
  kind: 'reply',
  reply: { text: 'hi', toolCalls: [], stop: 'end', usage: null, servedModel: null },
}
const stop = { kind: 'stop' }
const again = (waitMs: number, holdsLane = false) => ({ kind: 'again', waitMs, holdsLane })

interface Case {
  readonly outcome: Outcome
  readonly advice?: Partial<RetryAdvice>
  readonly tries?: number
  readonly sawBytes?: boolean
  readonly retries?: number
}

describe('decideRetry', () => {
  test.each<[string, Case, unknown]>([
    ['a reply is kept', { outcome: reply }, stop],
    ['a reply is kept, whatever its headers say', { outcome: reply, advice: { should: true, afterMs: 0 } }, stop],
    ['429 holds the lane', { outcome: rejected(429) }, again(500, true)],
    ['429 with an advice waits as told', { outcome: rejected(429), advice: { afterMs: 1234 } }, again(1234, true)],
    ['429 with an advice of no wait', { outcome: rejected(429), advice: { afterMs: 0 } }, again(0, true)],
    ['429 at the longest wait', { outcome: rejected(429), advice: { afterMs: 60_000 } }, again(60_000, true)],
    ['429 beyond the longest wait', { outcome: rejected(429), advice: { afterMs: 60_001 } }, stop],
    ['429 that the server gives up', { outcome: rejected(429), advice: { should: false, afterMs: 1 } }, stop],
    ['408 is tried again', { outcome: rejected(408), sawBytes: true }, again(500)],
    ['409 is tried again', { outcome: rejected(409) }, again(500)],
    ['500 is tried again, alone', { outcome: rejected(500), sawBytes: true }, again(500)],
    ['503 with an advice waits as told', { outcome: rejected(503), advice: { afterMs: 2000 } }, again(2000)],
    ['529, overloaded', { outcome: rejected(529) }, again(500)],
    ['400 would fail again', { outcome: rejected(400) }, stop],
    ['400 that the server wants again', { outcome: rejected(400), advice: { should: true } }, again(500)],
    ['401 would fail again', { outcome: rejected(401) }, stop],
    ['404 would fail again', { outcome: rejected(404) }, stop],
    ['301 is no answer', { outcome: rejected(301) }, stop],
    ['broken before the first byte', { outcome: broken, sawBytes: false }, again(500)],
    ['broken after the first byte', { outcome: broken, sawBytes: true }, stop],
    ['broken half-way, whatever its headers say', { outcome: broken, sawBytes: true, advice: { should: true } }, stop],
    ['a timeout: the user waited in vain', { outcome: timeout }, stop],
    ['a timeout, whatever its headers say', { outcome: timeout, advice: { should: true } }, stop],
    ['cancelled', { outcome: { kind: 'cancelled' } }, stop],
    ['the third retry', { outcome: rejected(500), tries: 2 }, again(2000)],
    ['tries exhausted', { outcome: rejected(500), tries: 3 }, stop],
    [
      'tries exhausted, whatever the server wants',
      { outcome: rejected(500), tries: 3, advice: { should: true } },
      stop,
    ],
    ['more tries than the policy has by now', { outcome: rejected(500), tries: 9 }, stop],
    ['no retries at all', { outcome: rejected(429), retries: 0 }, stop],
  ])('%s', (_why, { outcome, advice, tries = 0, sawBytes = false, retries = 3 }, expected) => {
    const seen = { tries, advice: { ...noAdvice, ...advice }, sawBytes }
    expect(decideRetry(outcome, seen, { ...policy, retries }, still)).toEqual(expected)
  })

  test('the back-off is 0.5 s · 2^tries up to 8 s, less at most a quarter', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.integer(), (tries, seed) => {
        const seen = { tries, advice: noAdvice, sawBytes: false }
        const decision = decideRetry(rejected(500), seen, { retries: 10, maxWaitMs: 60_000 }, seededBy(seed, 'retry'))
        const full = Math.min(8000, 500 * 2 ** tries)
        if (decision.kind === 'stop') throw new Error('a 500 within the tries is tried again')
        expect(decision.waitMs).toBeLessThanOrEqual(full)
        expect(decision.waitMs).toBeGreaterThan(0.75 * full)
      }),
    )
  })

  test('back-offs of different calls differ', () => {
    const waits = Array.from({ length: 50 }, (_, index) => {
      const seen = { tries: 0, advice: noAdvice, sawBytes: false }
      const decision = decideRetry(rejected(500), seen, policy, seededBy(1, 'retry', `r${index}`))
      return decision.kind === 'again' ? decision.waitMs : null
    })
    expect(new Set(waits).size).toBeGreaterThan(45)
  })
})

describe('readAdvice', () => {
  test.each<[string, Record<string, string>, RetryAdvice]>([
    ['nothing said', {}, noAdvice],
    ['seconds', { 'retry-after': '7' }, { afterMs: 7000, should: null }],
    ['a fraction of a second', { 'retry-after': '0.25' }, { afterMs: 250, should: null }],
    ['milliseconds', { 'retry-after-ms': '150' }, { afterMs: 150, should: null }],
    ['milliseconds before seconds', { 'retry-after-ms': '150', 'retry-after': '9' }, { afterMs: 150, should: null }],
    ['milliseconds that are none', { 'retry-after-ms': 'soon', 'retry-after': '9' }, { afterMs: 9000, should: null }],
    ['a date to come', { 'retry-after': 'Mon, 23 Nov 2026 00:00:30 GMT' }, { afterMs: 30_000, should: null }],
    ['a date gone by', { 'retry-after': 'Sun, 22 Nov 2026 00:00:00 GMT' }, { afterMs: 0, should: null }],
    ['words', { 'retry-after': 'later' }, noAdvice],
    ['an empty header is no advice to hurry', { 'retry-after': '', 'retry-after-ms': ' ' }, noAdvice],
    ['less than nothing', { 'retry-after-ms': '-5' }, noAdvice],
    ['again, please', { 'x-should-retry': 'true' }, { afterMs: null, should: true }],
    ['not again', { 'x-should-retry': 'false' }, { afterMs: null, should: false }],
    ['neither', { 'x-should-retry': 'maybe' }, noAdvice],
  ])('%s', (_why, headers, expected) => {
    expect(readAdvice(headers, at)).toEqual(expected)
  })
})
