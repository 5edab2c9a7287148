// A batch has no latency: neither a number nor an infinite one, and no metric of time makes one up.

import { describe, expect, it } from 'vitest'
import { measurePair } from '../../src/score/measure.ts'
import { metrics } from '../../src/score/metrics/index.ts'
import { answeredCall, pairsOf } from '../../src/score/pairs.ts'
import { attemptOf, replyOf } from '../support/nouns.ts'

const timing = { headersMs: null, firstTokenMs: null, totalMs: null }
const closed = { isOpenLoop: false }
const outcomes = [
  replyOf(),
  { kind: 'broken', detail: 'expired' },
  { kind: 'rejected', status: 400, code: null, detail: 'no' },
] as const

describe.each(outcomes)('$kind', (outcome) => {
  it('has no times', () => {
    const call = answeredCall([attemptOf('r', { timing, outcome })], closed)
    expect(call).toMatchObject({ outcome, latencyMs: null, firstTokenMs: null })
  })

  it.each(outcomes)('beside $kind is not measured, whichever failed', (other) => {
    const attempts = [attemptOf('r', { timing, outcome }), attemptOf('r', { timing, outcome: other, arm: 'candidate' })]
    const rows = pairsOf(attempts, closed).flatMap((pair) =>
      measurePair(pair, metrics, {
        prices: { production: null, candidate: null },
        reportsCache: { production: false, candidate: false },
        asked: null,
        record: null,
        judged: null,
      }),
    )
    const timed = rows.filter(({ metric }) => ['latency', 'ttft'].includes(metric))
    expect(timed.map(({ metric, absent, production, candidate }) => [metric, absent, production, candidate])).toEqual([
      ['latency', 'not-measured', null, null],
      ['ttft', 'not-measured', null, null],
    ])
    expect(rows.find(({ metric }) => metric === 'answered')).toMatchObject({ absent: null })
  })
})

it('a live call without an answer is as slow as ever', () => {
  const call = answeredCall([attemptOf('r', { outcome: { kind: 'broken', detail: 'reset' } })], closed)
  expect(call).toMatchObject({ latencyMs: Infinity, firstTokenMs: Infinity })
})
