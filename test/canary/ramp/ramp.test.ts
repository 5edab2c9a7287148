// The ramp: what moves it, what holds it, and what never does.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitOf } from '../../../src/canary/dealing/split.ts'
import { eventsIn, lineOf } from '../../../src/canary/ramp/journal.ts'
import {
  after,
  closedRamp,
  nextEvent,
  rampOf,
  type Seen,
  stagesTrouble,
  standingRollback,
  waitingFor,
} from '../../../src/canary/ramp/ramp.ts'
import { type Decision, decisions } from '../../../src/core/judgement.ts'
import { type Evaluation, type Mode, modes, type RampEvent, type RampState } from '../../../src/core/rollout.ts'

const start = '2026-11-26T08:00:00.000Z'
const person = { kind: 'person', name: 'ada' } as const

function opened(mode: Mode = 'canary'): RampEvent {
  return {
    kind: 'opened',
    at: start,
    by: person,
    mode,
    fingerprint: 'f',
    stages: [0.05, 0.1, 0.25, 0.5, 1].map((share) => ({ share, minMinutes: 10, minRequests: 100 })),
    permit: { kind: 'verdict', runId: 'r1', sha256: 'x', decidedAt: start },
  }
}

function evaluated(decision: Decision): Evaluation {
  const both = { candidate: 500, control: 500 }
  return { at: start, decision, because: `${decision} it is.`, requests: both, users: both, findings: [] }
}

const behind = (decision: Decision): Evaluation => ({ ...evaluated(decision), isBehind: true })

/** After eleven minutes and two hundred requests, by default. */
function seen(parts: Partial<Seen> = {}): Seen {
  const { now = '2026-11-26T08:11:00.000Z' } = parts
  const stageMs = Date.parse(now) - Date.parse(start)
  return { now, stageMs, stageRequests: 200, evaluation: null, tripped: null, ...parts }
}

const tripped = { guard: 'error-rate', because: '30 of the last 100 requests failed.' } as const
const ramping = rampOf([opened()])
const advanced = (stage: number, evaluation: Evaluation | null): RampEvent => {
  return { kind: 'advanced', at: start, by: person, stage, because: 'so', evaluation }
}
const last = after(ramping, advanced(4, evaluated('GO')))
const byWord = after(ramping, advanced(4, evaluated('INCONCLUSIVE')))
const half = after(ramping, advanced(3, evaluated('GO')))
const complete = after(ramping, { kind: 'completed', at: start, by: person, because: 'so', evaluation: null })
const rolledBack: RampEvent = {
  kind: 'rolled-back',
  at: start,
  by: person,
  because: 'so',
  evaluation: null,
  tripped: null,
}

describe('the next event', () => {
  it.each<[string, RampState, Partial<Seen>, RampEvent['kind'] | null]>([
    ['GO with its time and requests: on', ramping, { evaluation: evaluated('GO') }, 'advanced'],
    ['GO too early: nothing', ramping, { evaluation: evaluated('GO'), now: '2026-11-26T08:09:59.000Z' }, null],
    ['GO with too few requests: nothing', ramping, { evaluation: evaluated('GO'), stageRequests: 99 }, null],
    ['GO that does not know all that was served: nothing', ramping, { evaluation: behind('GO') }, null],
    ['NO-GO that does not: back', ramping, { evaluation: behind('NO-GO') }, 'rolled-back'],
    ['INCONCLUSIVE: nothing', ramping, { evaluation: evaluated('INCONCLUSIVE') }, null],
    ['not evaluated yet: nothing', ramping, {}, null],
    ['NO-GO: back', ramping, { evaluation: evaluated('NO-GO') }, 'rolled-back'],
    ['NO-GO in the first second: back', ramping, { evaluation: evaluated('NO-GO'), now: start }, 'rolled-back'],
    ['INVALID: held', ramping, { evaluation: evaluated('INVALID') }, 'held'],
    ['a guard: back', ramping, { tripped }, 'rolled-back'],
    ['a guard against a GO: back', ramping, { tripped, evaluation: evaluated('GO') }, 'rolled-back'],
    ['A/B: a GO does not raise it', rampOf([opened('ab')]), { evaluation: evaluated('GO') }, null],
    ['A/B: a NO-GO ends it', rampOf([opened('ab')]), { evaluation: evaluated('NO-GO') }, 'rolled-back'],
    [
      'INCONCLUSIVE where a GO led to everybody: complete',
      last,
      { evaluation: evaluated('INCONCLUSIVE') },
      'completed',
    ],
    ['not before its requests', last, { evaluation: evaluated('INCONCLUSIVE'), stageRequests: 99 }, null],
    ['not while more was served than is read', last, { evaluation: behind('INCONCLUSIVE') }, null],
    ['INVALID there: held', last, { evaluation: evaluated('INVALID') }, 'held'],
    ['NO-GO there: back', last, { evaluation: evaluated('NO-GO') }, 'rolled-back'],
    ['INCONCLUSIVE where a person led to everybody: nothing', byWord, { evaluation: evaluated('INCONCLUSIVE') }, null],
    ['INCONCLUSIVE where a GO led to half of them: nothing', half, { evaluation: evaluated('INCONCLUSIVE') }, null],
    ['complete, a guard: back', complete, { tripped }, 'rolled-back'],
    ['complete, a NO-GO: back', complete, { evaluation: evaluated('NO-GO') }, 'rolled-back'],
    ['complete: nothing is beyond', complete, { evaluation: evaluated('GO') }, null],
    ['complete, an INVALID: nothing to hold', complete, { evaluation: evaluated('INVALID') }, null],
    ['rolled back: no second time', after(ramping, rolledBack), { tripped }, null],
    ['shadow: nobody is served, nothing to take back', rampOf([opened('shadow')]), { tripped }, null],
    ['closed: nothing', closedRamp, { tripped }, null],
  ])('%s', (_, state, parts, kind) => {
    expect(nextEvent(state, seen(parts))?.kind ?? null).toBe(kind)
  })

  const held = after(ramping, { kind: 'held', at: start, by: person, because: 'lunch', evaluation: null })

  it('does not advance what a person holds, and takes it back all the same', () => {
    expect(nextEvent(held, seen({ evaluation: evaluated('GO') }))).toBeNull()
    expect(nextEvent(held, seen({ evaluation: evaluated('NO-GO') }))?.kind).toBe('rolled-back')
    const released = after(held, { kind: 'released', at: start, by: person, because: 'back' })
    expect(nextEvent(released, seen({ evaluation: evaluated('GO') }))?.kind).toBe('advanced')
  })

  it('goes up the stages one by one, and is complete after the last', () => {
    let state = ramping
    const shares = []
    for (let step = 0; step < 10; step++) {
      shares.push(splitOf(state).candidate / 10_000)
      const now = new Date(Date.parse(state.since) + 600_000).toISOString()
      const event = nextEvent(state, seen({ now, evaluation: evaluated('GO') }))
      if (event === null) break
      state = after(state, event)
    }
    expect(shares).toEqual([0.05, 0.1, 0.25, 0.5, 1, 1])
    expect(state.phase).toBe('complete')
  })

  it('says what a stage waits for', () => {
    expect(waitingFor(ramping, seen({ now: start }))).toBe('10 more minutes')
    const waitsAt = (stageMs: number) => waitingFor(ramping, { stageMs, stageRequests: 40 })
    expect(waitsAt(8 * 60_000 + 1)).toBe('2 more minutes')
    expect(waitsAt(9 * 60_000)).toBe('60 more seconds')
    expect(waitsAt(595_000)).toBe('5 more seconds')
    expect(waitsAt(599_999)).toBe('1 more second')
    expect(waitingFor(ramping, seen({ stageRequests: 40 }))).toBe('60 more requests')
    expect(waitingFor(ramping, seen())).toBeNull()
  })
})

describe('other stages', () => {
  const plan = (...shares: number[]) => shares.map((share) => ({ share, minMinutes: 1, minRequests: 1 }))
  const second = rampOf([opened(), advanced(1, null)])
  it.each<[string, RampState, number[], string | null]>([
    ['ahead of where it stands: taken up', second, [0.05, 0.1, 0.2, 1], null],
    ['none ahead any more: taken up', second, [0.05, 0.1], null],
    [
      'a share that was passed: not',
      second,
      [0.01, 0.1, 1],
      'stage 1 of it is 5 % of users, and the config has 1 % there',
    ],
    ['its own share: not', second, [0.05, 0.3, 1], 'stage 2 of it is 10 % of users, and the config has 30 % there'],
    ['fewer than it went through: not', second, [0.05], 'the config ends before it'],
    ['of one that was rolled back: whatever they are', after(second, rolledBack), [1], null],
    ['where there are none: whatever they are', rampOf([opened('ab')]), [1], null],
  ])('%s', (_, state, shares, trouble) => {
    expect(stagesTrouble(state, plan(...shares))).toEqual(trouble === null ? null : expect.stringContaining(trouble))
  })

  it('move nobody, and are what the ramp goes on by', () => {
    const stages = plan(0.05, 0.1, 1)
    const state = after(second, { kind: 'reconfigured', at: start, by: person, stages, changes: [] })
    expect(splitOf(state)).toEqual(splitOf(second))
    expect(state.since).toBe(second.since)
    const next = nextEvent(state, seen({ evaluation: evaluated('GO') }))
    expect(next && splitOf(after(state, next)).candidate).toBe(10_000)
  })

  const about = (fingerprint: string, mode: Mode = 'canary'): RampEvent =>
    ({ ...opened(mode), fingerprint }) as RampEvent
  const flipped: RampEvent = { kind: 'flipped', at: start, by: person, to: 'candidate', because: 'so' }

  const flippedBack: RampEvent = { ...flipped, to: 'production' }

  it.each<[string, readonly RampEvent[], string | null]>([
    ['of the same candidate', [about('a-x'), rolledBack], 'so'],
    ['however users are dealt now', [about('a-y'), rolledBack], 'so'],
    ['though another was rolled out since', [about('a-x'), rolledBack, about('b-x')], 'so'],
    ['though shadow looked at it since', [about('a-x'), rolledBack, about('a-z', 'shadow')], 'so'],
    ['though somebody flipped to production since', [about('a-x', 'blue-green'), rolledBack, flippedBack], 'so'],
    ['not of another candidate', [about('b-x'), rolledBack], null],
    ['not where somebody opened it again', [about('a-x'), rolledBack, about('a-x')], null],
    ['not where somebody flipped it back', [about('a-x', 'blue-green'), rolledBack, flipped], null],
    ['not where it never was', [about('a-x')], null],
  ])('a rollback stands %s', (_, events, because) => {
    expect(standingRollback(events, 'a-x')?.because ?? null).toBe(because)
  })
})

describe('whatever happens', () => {
  const event = fc.oneof(
    fc.constantFrom(...modes).map((mode) => opened(mode)),
    fc.constantFrom(...decisions).map((decision) => ({ evaluated: decision })),
    fc.constant({ tripped: true as const }),
    fc.constantFrom<RampEvent>(
      { kind: 'held', at: start, by: person, because: 'so', evaluation: null },
      { kind: 'released', at: start, by: person, because: 'so' },
      { kind: 'rolled-back', at: start, by: person, because: 'so', evaluation: null, tripped: null },
      { kind: 'flipped', at: start, by: person, to: 'production', because: 'so' },
      { kind: 'flipped', at: start, by: person, to: 'candidate', because: 'so' },
    ),
  )
  type Step = RampEvent | { evaluated: Decision } | { tripped: true }

  function walked(steps: readonly Step[]): RampEvent[] {
    const events: RampEvent[] = []
    for (const step of steps) {
      const state = rampOf(events)
      if ('kind' in step) events.push(step)
      else {
        const came = 'evaluated' in step ? { evaluation: evaluated(step.evaluated) } : { tripped }
        const next = nextEvent(state, seen(came))
        if (next) events.push(next)
      }
    }
    return events
  }

  it('nobody is served by a candidate that was rolled back until somebody opens or flips again', () => {
    expect.hasAssertions()
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (steps) => {
        let state = closedRamp
        for (const each of walked(steps)) {
          const before = state
          state = after(state, each)
          const wasClosed = before.phase === 'rolled-back' || before.phase === 'closed'
          if (wasClosed && splitOf(state).candidate > 0) expect(['opened', 'flipped']).toContain(each.kind)
          if (each.kind === 'rolled-back') expect(splitOf(state).candidate).toBe(0)
        }
      }),
    )
  })

  it('a rollback stands, wherever its line was cut off, and is told once where the whole comes after', () => {
    const line = lineOf(rolledBack)
    for (let length = '{"kind":"ro'.length; length < line.length - 1; length++) {
      const text = lineOf(opened()) + line.slice(0, length)
      const { events, torn } = eventsIn(text)
      expect([rampOf(events).phase, torn]).toEqual(['rolled-back', []])
      expect(eventsIn(`${text}\n${line}`).events).toEqual([opened(), rolledBack])
    }
    expect(eventsIn(`${line.slice(0, -1 - line.length / 2)}\n${lineOf(opened())}`).events).toHaveLength(2)
  })

  it('the journal gives the state again, with any last line cut off anywhere', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), fc.nat(), (steps, cut) => {
        const events = walked(steps)
        const text = events.map(lineOf).join('')
        expect(rampOf(eventsIn(text).events)).toEqual(rampOf(events))
        const torn = text + lineOf(opened()).slice(0, 1 + (cut % (lineOf(opened()).length - 2)))
        expect(rampOf(eventsIn(torn).events)).toEqual(rampOf(events))
        expect(eventsIn(torn).torn).toEqual([events.length + 1])
      }),
    )
  })
})
