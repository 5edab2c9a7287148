// A drill among users, on a clock that is turned by hand: its bounds, its ends, and what the ramp may go by meanwhile.

import { describe, expect, it } from 'vitest'
import { closedRamp } from '../../../../src/canary/ramp/ramp.ts'
import { createLiveDrill, cutOff, type LiveLimits, type LiveOrder } from '../../../../src/commands/canary/drill/live.ts'
import { answerDrill } from '../../../../src/commands/canary/drill/live-door.ts'
import type { Evaluation, RampEvent, RampState } from '../../../../src/core/rollout.ts'
import { createFakeClock } from '../../../support/fake-clock.ts'

const order: LiveOrder = { fault: 'refusal', share: 0.2, minutes: 5, because: 'game day' }
const open: RampState = { ...closedRamp, phase: 'open', mode: 'canary' }

function started(state: RampState = open, limits: Partial<LiveLimits> = {}) {
  const clock = createFakeClock()
  const noted: RampEvent[] = []
  const troubles: string[] = []
  const forgotten: object[] = []
  let isFull = false
  const drill = createLiveDrill({
    limits: { allowed: true, maxMinutes: 10, maxShare: 0.5, ...limits },
    clock,
    chance: () => 0,
    state: () => state,
    note: (event) => {
      if (isFull) throw new Error('no space')
      noted.push(event)
    },
    onTrouble: (message) => troubles.push(message),
    onOver: (time) => forgotten.push(time),
  })
  const fill = () => {
    isFull = true
  }
  return { drill, clock, noted, troubles, forgotten, fill }
}

const evaluation = (clock: { now: () => number }, decision: Evaluation['decision']): Evaluation => ({
  at: new Date(clock.now()).toISOString(),
  decision,
  because: 'so',
  requests: { candidate: 1, control: 1 },
  users: { candidate: 1, control: 1 },
  findings: [],
})

describe('a live drill', () => {
  it.each<[string, RampState, Partial<LiveLimits>, Partial<LiveOrder>, RegExp]>([
    ['where nobody allowed it', open, { allowed: false }, {}, /canary\.drill\.allowed: true/],
    ['longer than is allowed', open, {}, { minutes: 11 }, /at most 10 minutes/],
    ['of more answers than is allowed', open, {}, { share: 0.6 }, /at most 0\.5 of answers/],
    ['of a ramp that is over', { ...open, phase: 'rolled-back' }, {}, {}, /that is rolled-back/],
    ['of shadow, which serves nobody', { ...open, mode: 'shadow' }, {}, {}, /shadow does not/],
  ])('is refused: %s', (_, state, limits, part, why) => {
    const { drill, noted } = started(state, limits)
    expect(drill.begin({ ...order, ...part }, 'ada')).toMatch(why)
    expect([drill.order(), drill.status(), noted]).toEqual([null, null, []])
  })

  it.each([
    [1, 'for 1 minute at most: game day'],
    [5, 'for 5 minutes at most: game day'],
  ])('is written down with its %i minutes', (minutes, because) => {
    const { drill, noted } = started()
    drill.begin({ ...order, minutes }, 'ada')
    expect(noted).toMatchObject([{ because }])
  })

  it('ends by itself when its time is over, and has what was seen meanwhile forgotten', async () => {
    const { drill, clock, noted, forgotten } = started()
    expect(drill.begin(order, 'ada')).toBeNull()
    const from = new Date(clock.now()).toISOString()
    await clock.advance(5 * 60_000 - 1)
    expect(drill.order()).toEqual(order)
    await clock.advance(1)
    expect([drill.order(), drill.status()?.over]).toEqual([null, 'its time was over'])
    expect(forgotten).toEqual([{ from, to: new Date(clock.now()).toISOString() }])
    expect(noted).toMatchObject([
      { kind: 'drilled', isOver: false, by: { kind: 'person', name: 'ada' } },
      { kind: 'drilled', isOver: true, by: { kind: 'ramp' } },
    ])
    expect(cutOff(noted, from)).toBeNull()
    expect(cutOff(noted.slice(0, 1), from)).toMatchObject({ isOver: true, because: 'the router was started anew' })
  })

  it('lets the ramp be rolled back and nothing else; what was compared before its end moves nothing afterwards', async () => {
    const { drill, clock } = started()
    expect(drill.takes(evaluation(clock, 'GO'))).toBe(true)
    drill.begin(order, 'ada')
    await clock.advance(10)
    const decisions = ['GO', 'INCONCLUSIVE', 'INVALID', 'NO-GO'] as const
    expect(decisions.map((decision) => drill.takes(evaluation(clock, decision)))).toEqual([false, false, false, true])
    expect([drill.counts({}), drill.counts({ drill: 'refusal' })]).toEqual([false, false])
    const late = evaluation(clock, 'GO')
    drill.stop('bob')
    expect(drill.takes(late)).toBe(false)
    await clock.advance(10)
    expect([drill.takes(evaluation(clock, 'GO')), drill.counts({})]).toEqual([true, true])
  })

  it('is one at a time', () => {
    const { drill } = started()
    drill.begin(order, 'ada')
    expect(drill.begin(order, 'bob')).toBe('a drill is under way already')
    expect(drill.stop('bob')).toBeNull()
    expect(drill.stop('bob')).toBe('no drill is under way')
    expect(drill.status()).toMatchObject({ by: 'ada', over: 'bob stopped it' })
  })

  it('begins only if that can be written down, and ends whether or not', async () => {
    const { drill, troubles, fill } = started()
    drill.begin(order, 'ada')
    fill()
    drill.close()
    expect([drill.order(), troubles]).toEqual([null, ['no space']])
    expect(() => drill.begin(order, 'ada')).toThrow('no space')
    expect(drill.order()).toBeNull()
  })

  it('asks at the door for a fault that there is', () => {
    const { drill } = started()
    const wish = { action: 'begin', by: 'ada', ...order }
    expect(answerDrill(drill, { ...wish, fault: 'fire' }).status).toBe(400)
    expect(answerDrill(drill, wish)).toMatchObject({ status: 200, body: { drill: { over: null, order } } })
    expect(answerDrill(drill, wish)).toEqual({ status: 409, body: { error: 'a drill is under way already' } })
    expect(answerDrill(drill, { action: 'stop', by: 'ada' })).toMatchObject({
      body: { drill: { over: 'ada stopped it' } },
    })
    expect(answerDrill(drill, null)).toMatchObject({ status: 200, body: { drill: { by: 'ada' } } })
  })
})
