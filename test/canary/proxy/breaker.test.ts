// The circuit breaker: what opens it, who may try, and what closes it.

import { describe, expect, it } from 'vitest'
import { type Breaker, createBreaker } from '../../../src/canary/proxy/breaker.ts'

const ended = (breaker: Breaker, isAnswered: boolean | null, nowMs: number, isTrial = breaker.begin()) =>
  breaker.end({ isTrial, isAnswered, nowMs })

function opened(): Breaker {
  const breaker = createBreaker({ failures: 3, openMs: 1000 })
  for (let n = 0; n < 3; n++) ended(breaker, false, 100)
  return breaker
}

describe('a breaker', () => {
  it('stays closed while answers come between the failures', () => {
    const breaker = createBreaker({ failures: 3, openMs: 1000 })
    for (const isAnswered of [false, false, true, false, false, true]) ended(breaker, isAnswered, 0)
    expect(breaker.state(0)).toBe('closed')
    // Who left says nothing, and interrupts no row.
    ended(breaker, false, 0)
    ended(breaker, false, 0)
    ended(breaker, null, 0)
    expect(breaker.state(0)).toBe('closed')
    ended(breaker, false, 0)
    expect(breaker.state(0)).toBe('open')
  })

  it('lets nobody through until its time is over, and then one alone', () => {
    const breaker = opened()
    expect([breaker.admits(1099), breaker.waitMs(1099), breaker.state(1099)]).toEqual([false, 1, 'open'])
    expect([breaker.admits(1100), breaker.waitMs(1100), breaker.state(1100)]).toEqual([true, 0, 'half-open'])
    expect(breaker.begin()).toBe(true)
    expect(breaker.admits(1100)).toBe(false)
  })

  it('closes at the head of the trial’s answer, long before its end', () => {
    const breaker = opened()
    breaker.hear(breaker.begin())
    expect([breaker.state(1100), breaker.admits(1100)]).toEqual(['closed', true])
  })

  it.each<[string, boolean | null, number, string]>([
    ['fails opens it again, for as long', false, 2200, 'half-open'],
    ['fails opens it again, and not for less', false, 2199, 'open'],
    ['is answered closes it', true, 1200, 'closed'],
    ['is left lets the next one try', null, 1200, 'half-open'],
  ])('a trial that %s', (_, isAnswered, atMs, state) => {
    const breaker = opened()
    ended(breaker, isAnswered, 1200)
    expect(breaker.state(atMs)).toBe(state)
    expect(breaker.admits(atMs)).toBe(state !== 'open')
  })

  it('hears nothing of now from what was sent before it opened', () => {
    const breaker = opened()
    ended(breaker, true, 200, false)
    expect(breaker.state(200)).toBe('open')
    ended(breaker, false, 900, false)
    expect(breaker.state(1100)).toBe('half-open')
  })

  it('counts anew once it was closed', () => {
    const breaker = opened()
    ended(breaker, true, 1100)
    ended(breaker, false, 1200)
    ended(breaker, false, 1200)
    expect(breaker.state(1200)).toBe('closed')
  })
})
