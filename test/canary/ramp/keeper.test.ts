// The keeper: written down before it is acted on, and the same after a restart.

import { describe, expect, it } from 'vitest'
import { splitOf } from '../../../src/canary/dealing/split.ts'
import { createKeeper, type Keeper, type Wish } from '../../../src/canary/ramp/keeper.ts'
import type { Decision } from '../../../src/core/judgement.ts'
import type { Evaluation, RampEvent } from '../../../src/core/rollout.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

const ada = { kind: 'person', name: 'ada' } as const
const opening = {
  by: ada,
  mode: 'canary',
  fingerprint: 'f',
  stages: [0.05, 0.5].map((share) => ({ share, minMinutes: 0, minRequests: 2 })),
  permit: { kind: 'override', because: 'a test' },
} as const

function evaluated(decision: Decision): Evaluation {
  const both = { candidate: 500, control: 500 }
  return { at: '', decision, because: `${decision} it is.`, requests: both, users: both, findings: [] }
}

function started(events: readonly RampEvent[] = [], write: (event: RampEvent) => void = () => {}) {
  const written: RampEvent[] = []
  const told: string[] = []
  const keeper = createKeeper({
    events,
    write: (event) => {
      write(event)
      written.push(event)
    },
    onEvent: (event, state) => told.push(`${event.kind} ${splitOf(state).candidate}`),
    clock: createFakeClock(),
  })
  return { keeper, written, told }
}

function evaluate(keeper: Keeper, decision: Decision, stageSince = keeper.state().since): void {
  keeper.evaluated(evaluated(decision), stageSince)
}

function serve(keeper: Keeper, requests: number): void {
  for (let n = 0; n < requests; n++) keeper.count()
}

describe('a keeper', () => {
  it('goes up by verdicts, each stage with its own requests', () => {
    const { keeper, told } = started()
    keeper.open(opening)
    evaluate(keeper, 'GO')
    expect(keeper.waiting()).toBe('2 more requests')
    serve(keeper, 2)
    evaluate(keeper, 'GO')
    expect(keeper.stageRequests()).toBe(0)
    serve(keeper, 1)
    evaluate(keeper, 'GO')
    expect(told).toEqual(['opened 500', 'advanced 5000'])
    serve(keeper, 1)
    evaluate(keeper, 'GO')
    expect(told.at(-1)).toBe('completed 5000')
  })

  it('goes up by nothing that was asked about the stage before', async () => {
    const clock = createFakeClock()
    const keeper = createKeeper({ events: [], write: () => {}, onEvent: () => {}, clock })
    keeper.open({ ...opening, stages: opening.stages.map((stage) => ({ ...stage, minRequests: 0 })) })
    const { since } = keeper.state()
    await clock.advance(1000)
    evaluate(keeper, 'GO', since)
    expect(keeper.state()).toMatchObject({ stage: 1, phase: 'open' })
    evaluate(keeper, 'GO', since)
    expect(keeper.state()).toMatchObject({ stage: 1, phase: 'open' })
    evaluate(keeper, 'NO-GO', since)
    expect(keeper.state().phase).toBe('rolled-back')
  })

  it('stands after a restart where it stood', () => {
    const { keeper, written } = started()
    keeper.open(opening)
    serve(keeper, 2)
    evaluate(keeper, 'GO')
    const again = started(JSON.parse(JSON.stringify(written)) as RampEvent[])
    expect(again.keeper.state()).toEqual(keeper.state())
    expect(again.told).toEqual([])
  })

  it('goes on by other stages, if they fit where it stands, and writes down whose they are', () => {
    const { keeper, written } = started()
    keeper.open(opening)
    const other = (...shares: number[]) => ({
      by: ada,
      stages: shares.map((share) => ({ share, minMinutes: 0, minRequests: 1 })),
      changes: [{ setting: 'canary.stages', before: 'a', after: 'b' }],
    })
    expect(keeper.reconfigure(other(0.2, 1))).toContain('stage 1 of it is 5 % of users, and the config has 20 % there')
    expect(written).toHaveLength(1)
    serve(keeper, 1)
    expect(keeper.reconfigure(other(0.05, 1))).toBeNull()
    expect(written.at(-1)).toMatchObject({ kind: 'reconfigured', by: ada, changes: [{ setting: 'canary.stages' }] })
    evaluate(keeper, 'GO')
    expect(splitOf(keeper.state()).candidate).toBe(10_000)
  })

  it('does not take up what it can’t write down', () => {
    const { keeper } = started([], ({ kind }) => {
      if (kind === 'reconfigured') throw new Error('ENOSPC')
    })
    keeper.open(opening)
    const before = keeper.state()
    expect(() => keeper.reconfigure({ by: ada, stages: opening.stages.slice(0, 1), changes: [] })).toThrow('ENOSPC')
    expect(keeper.state()).toEqual(before)
  })

  it('counts what the log had of the stage before a restart', () => {
    const { keeper, written } = started()
    keeper.open(opening)
    const again = started(written).keeper
    again.recall({ requests: 2, ms: 0 })
    evaluate(again, 'GO')
    expect(splitOf(again.state()).candidate).toBe(5000)
  })

  it.each([
    ['back by a day', -24 * 60],
    ['on by a day', 24 * 60],
    ['right', 4],
  ])('counts a stage’s minutes on from what the log tells, with a clock set %s', async (_, minutes) => {
    const { keeper, written } = started()
    keeper.open({ ...opening, stages: [{ share: 0.05, minMinutes: 10, minRequests: 3 }] })
    const clock = createFakeClock(createFakeClock().now() + minutes * 60_000)
    const again = createKeeper({ events: written, write: () => {}, onEvent: () => {}, clock })
    expect(again.waiting(), 'before the log was read').toBe('10 more minutes')
    again.recall({ requests: 2, ms: 4 * 60_000 })
    await clock.advance(60_000)
    expect(again.waiting()).toBe('5 more minutes')
    await clock.advance(5 * 60_000)
    expect(again.waiting()).toBe('1 more request')
  })

  it('counts a stage’s minutes by a clock that nobody sets', async () => {
    const clock = createFakeClock()
    let setMs = 0
    const isSet = { ...clock, now: () => clock.now() + setMs }
    const keeper = createKeeper({ events: [], write: () => {}, onEvent: () => {}, clock: isSet })
    keeper.open({ ...opening, stages: [{ share: 0.05, minMinutes: 10, minRequests: 0 }] })
    setMs = 86_400_000
    expect(keeper.waiting()).toBe('10 more minutes')
    setMs = -86_400_000
    await clock.advance(600_000)
    expect(keeper.waiting()).toBeNull()
  })

  it('asks a stage whose evidence was lost for its time and its requests again, before a restart and after it', async () => {
    const clock = createFakeClock()
    const written: RampEvent[] = []
    const options = { write: (event: RampEvent) => written.push(event), onEvent: () => {}, clock }
    const keeper = createKeeper({ events: [], ...options })
    keeper.open({ ...opening, stages: [{ share: 0.05, minMinutes: 10, minRequests: 2 }] })
    serve(keeper, 2)
    await clock.advance(600_000)
    expect(keeper.waiting()).toBeNull()
    keeper.forget('a thread ended')
    expect(keeper.waiting()).toBe('10 more minutes')
    expect(keeper.state()).toMatchObject({ stage: 0, restarts: 1, openedAt: keeper.state().since })
    await clock.advance(600_000)
    expect(keeper.waiting()).toBe('2 more requests')
    expect(createKeeper({ events: [...written], ...options }).state()).toEqual(keeper.state())
    keeper.ask({ kind: 'rollback', because: 'so' }, ada)
    keeper.forget('another')
    expect(written.at(-1)?.kind).toBe('rolled-back')
  })

  it('does not advance what it can’t write down', () => {
    const { keeper } = started([], ({ kind }) => {
      if (kind === 'advanced') throw new Error('ENOSPC')
    })
    keeper.open(opening)
    serve(keeper, 2)
    expect(() => evaluate(keeper, 'GO')).toThrow('ENOSPC')
    expect(splitOf(keeper.state()).candidate).toBe(500)
  })

  it('rolls back even then: users come before the journal', () => {
    const { keeper, told } = started([], ({ kind }) => {
      if (kind === 'rolled-back') throw new Error('ENOSPC')
    })
    keeper.open(opening)
    expect(() => keeper.tripped({ guard: 'error-rate', because: 'it fails' })).toThrow('ENOSPC')
    expect(told.at(-1)).toBe('rolled-back 0')
  })

  it('writes a rollback down even where whoever is told of it fails', () => {
    const written: string[] = []
    const keeper = createKeeper({
      events: [],
      write: ({ kind }) => written.push(kind),
      onEvent: ({ kind }) => {
        if (kind === 'rolled-back') throw new Error('EPIPE')
      },
      clock: createFakeClock(),
    })
    keeper.open(opening)
    expect(() => keeper.tripped({ guard: 'error-rate', because: 'it fails' })).toThrow('EPIPE')
    expect(written).toEqual(['opened', 'rolled-back'])
  })

  it.each<[string, readonly Wish['kind'][], string | null]>([
    ['advance', ['advance'], null],
    [
      'advance to the end and beyond',
      ['advance', 'advance', 'advance'],
      'a ramp that is complete in mode canary has no next stage',
    ],
    ['hold and release', ['hold', 'release'], null],
    ['release what nobody holds', ['release'], 'nobody holds it'],
    ['roll back twice', ['rollback', 'rollback'], 'it is rolled back already'],
    ['hold what is rolled back', ['rollback', 'hold'], 'it is rolled-back'],
    ['flip a ramp', ['flip'], 'only blue-green flips; this is canary'],
  ])('lets people %s', (_, kinds, expected) => {
    const { keeper } = started()
    keeper.open(opening)
    const wish = (kind: Wish['kind']): Wish =>
      kind === 'flip' ? { kind, to: 'candidate', because: 'so' } : { kind, because: 'so' }
    const answers = kinds.map((kind) => keeper.ask(wish(kind), ada))
    expect(answers.at(-1)).toBe(expected)
  })

  it('has nothing to be asked before it is opened', () => {
    expect(started().keeper.ask({ kind: 'advance', because: 'so' }, ada)).toBe('nothing is rolled out yet')
  })

  it('flips blue-green there and back at once', () => {
    const { keeper, told } = started()
    keeper.open({ ...opening, mode: 'blue-green' })
    keeper.ask({ kind: 'flip', to: 'candidate', because: 'go' }, ada)
    keeper.ask({ kind: 'flip', to: 'production', because: 'back' }, ada)
    expect(told).toEqual(['opened 0', 'flipped 10000', 'flipped 0'])
  })
})
