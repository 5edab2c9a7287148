// Whether a call is tried again, and when.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Random, seededBy } from '../../src/core/random.ts'
import type { Outcome } from '../../src/core/types.ts'
import { decideRetry, type RetryAdvice, readAdvice } from '../../src/replay/retry.ts'

const at = Date.UTC(2026, 10, 23)
const noAdvice: RetryAdvice = { afterMs: null, should: null }
const policy = { retries: 3, rounds: 2, maxWaitMs: 60_000 }
/** Draws nothing off the back-off. */
const still: Random = { unit: () => 0, below: () => 0 }

const rejected = (status: number): Outcome => ({ kind: 'rejected', status, code: null, detail: '' })
const broken: Outcome = { kind: 'broken', detail: 'ECONNRESET' }
const timeout: Outcome = { kind: 'timeout', phase: 'first-token' }
const reply: Outcome = {
  kind: 'reply',
  reply: { text: 'hi', toolCalls: [], stop: 'end', usage: null, servedModel: null },
}
const stop = { kind: 'stop' }
const again = (waitMs: number, holdsLane = false) => ({ kind: 'again', waitMs, holdsLane })
const round = (waitMs: number) => ({ kind: 'round', waitMs })

interface Case {
  readonly outcome: Outcome
  readonly advice?: Partial<RetryAdvice>
  readonly tries?: number
  readonly round?: number
  readonly sawBytes?: boolean
  readonly retries?: number
}

describe('decideRetry', () => {
  test.each<[string, Case, unknown]>([
    ['a reply is kept', { outcome: reply }, stop],
    ['a reply is kept, whatever its headers say', { outcome: reply, advice: { should: true, afterMs: 0 } }, stop],
    ['429 has the pair asked again', { outcome: rejected(429) }, round(500)],
    ['429 once more waits longer', { outcome: rejected(429), round: 1 }, round(1000)],
    ['429 with an advice waits as told', { outcome: rejected(429), advice: { afterMs: 1234 } }, round(1234)],
    ['429 with an advice of no wait', { outcome: rejected(429), advice: { afterMs: 0 } }, round(0)],
    ['429 at the longest wait', { outcome: rejected(429), advice: { afterMs: 60_000 } }, round(60_000)],
    ['429 after the last round', { outcome: rejected(429), round: 2 }, stop],
    ['429 counts rounds, not tries', { outcome: rejected(429), tries: 9 }, round(500)],
    ['429 beyond the longest wait', { outcome: rejected(429), advice: { afterMs: 60_001 } }, stop],
    ['429 that the server gives up', { outcome: rejected(429), advice: { should: false, afterMs: 1 } }, stop],
    ['408 is tried again', { outcome: rejected(408), sawBytes: true }, again(500)],
    ['409 is tried again', { outcome: rejected(409) }, again(500)],
    ['500 is tried again, alone', { outcome: rejected(500), sawBytes: true }, again(500)],
    [
      '503 with an advice holds the lane as told',
      { outcome: rejected(503), advice: { afterMs: 2000 } },
      again(2000, true),
    ],
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
    ['no retries at all', { outcome: rejected(500), retries: 0 }, stop],
  ])('%s', (_why, { outcome, advice, tries = 0, round: rounds = 0, sawBytes = false, retries = 3 }, expected) => {
    const seen = { tries, round: rounds, advice: { ...noAdvice, ...advice }, sawBytes }
    expect(decideRetry(outcome, seen, { ...policy, retries }, still)).toEqual(expected)
  })

  test('the back-off is 0.5 s · 2^tries up to 8 s, less at most a quarter', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.integer(), (tries, seed) => {
        const seen = { tries, round: 0, advice: noAdvice, sawBytes: false }
        const decision = decideRetry(
          rejected(500),
          seen,
          { retries: 10, rounds: 0, maxWaitMs: 60_000 },
          seededBy(seed, 'retry'),
        )
        const full = Math.min(8000, 500 * 2 ** tries)
        if (decision.kind !== 'again') throw new Error('a 500 within the tries is tried again')
        expect(decision.waitMs).toBeLessThanOrEqual(full)
        expect(decision.waitMs).toBeGreaterThan(0.75 * full)
      }),
    )
  })

  test('back-offs of different calls differ', () => {
    const waits = Array.from({ length: 50 }, (_, index) => {
      const seen = { tries: 0, round: 0, advice: noAdvice, sawBytes: false }
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

  test('a limit that is used up tells a 429 without an advice how long to wait', () => {
    const quotas = [
      { limit: 100, remaining: 0, resetMs: 4000 },
      { limit: 9000, remaining: 50, resetMs: 60_000 },
    ]
    expect(readAdvice({}, at, quotas)).toEqual({ afterMs: 4000, should: null })
    expect(readAdvice({ 'retry-after': '1' }, at, quotas)).toEqual({ afterMs: 1000, should: null })
    expect(readAdvice({}, at, quotas.slice(1))).toEqual(noAdvice)
  })
})
