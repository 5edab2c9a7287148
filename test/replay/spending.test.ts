// What a replay has cost, and when it is to stop.

import { describe, expect, test } from 'vitest'
import { createSpending } from '../../src/replay/spending.ts'
import { attemptOf, replyOf } from '../support/nouns.ts'
import { targetOf } from '../support/sender.ts'

const priced = { ...targetOf('http://a/v1'), pricePerMillion: { input: 0, output: 1_000_000 } }
const free = targetOf('http://b/v1')
/** Costs a dollar for each output token. */
const answer = (output: number, changes = {}) =>
  attemptOf('r', { outcome: replyOf({ usage: { input: 9, output, cachedInput: null, reasoning: null } }), ...changes })

describe('createSpending', () => {
  test('adds up what priced answers cost, retries included, from where the run was cut off', () => {
    const spending = createSpending({ production: priced, candidate: free }, { maxUsd: null, spentUsd: 5 })
    for (const attempt of [answer(2), answer(3, { isFinal: false }), answer(7, { arm: 'candidate' })])
      spending.see(attempt)
    spending.see(attemptOf('r', { outcome: { kind: 'broken', detail: 'cut' } }))
    spending.see(attemptOf('r', { outcome: replyOf({ usage: null }) }))
    expect(spending.spent()).toBe(10)
    expect(spending.isAtLimit(1_000_000)).toBe(false)
  })

  test('stops before what is in flight would go beyond the limit', () => {
    const spending = createSpending({ production: priced, candidate: free }, { maxUsd: 10, spentUsd: 0 })
    expect(spending.isAtLimit(50)).toBe(false)
    spending.see(answer(2))
    expect(spending.isAtLimit(3)).toBe(false)
    expect(spending.isAtLimit(4)).toBe(true)
  })

  test('knows no cost where nobody has a price', () => {
    const spending = createSpending({ production: free, candidate: free }, { maxUsd: 1, spentUsd: 0 })
    spending.see(answer(5))
    expect(spending.spent()).toBeNull()
    expect(spending.isAtLimit(10)).toBe(false)
  })
})
