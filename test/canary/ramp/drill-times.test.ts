// The times of drills, from the journal.

import { describe, expect, it } from 'vitest'
import { drillTimesIn, isWithin } from '../../../src/canary/ramp/drill-times.ts'
import { after, rampOf } from '../../../src/canary/ramp/ramp.ts'
import type { RampEvent } from '../../../src/core/rollout.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 26, 12, 0, second)).toISOString()
const drilled = (second: number, isOver: boolean): RampEvent => ({
  kind: 'drilled',
  at: at(second),
  by: { kind: 'person', name: 'ada' },
  fault: 'refusal',
  share: 1,
  isOver,
  because: 'game day',
})
const opened: RampEvent = {
  kind: 'opened',
  at: at(0),
  by: { kind: 'person', name: 'ada' },
  mode: 'canary',
  fingerprint: 'f',
  stages: [{ share: 0.5, minMinutes: 0, minRequests: 1 }],
  permit: { kind: 'override', because: 'a test' },
}

describe('times of drills', () => {
  it.each([
    ['none without a drill', [opened], []],
    ['each from its first line to its last', [opened, drilled(5, false), drilled(9, true)], [[5, 9]]],
    ['one that goes on is none yet', [opened, drilled(5, false)], []],
    ['an end alone is nothing', [drilled(5, true)], []],
    [
      'several',
      [drilled(1, false), drilled(2, true), opened, drilled(5, false), drilled(9, true)],
      [
        [1, 2],
        [5, 9],
      ],
    ],
  ] as const)('%s', (_, events, times) => {
    expect(drillTimesIn(events)).toEqual(times.map(([from, to]) => ({ from: at(from), to: at(to) })))
  })

  it('hold both their ends', () => {
    const times = [{ from: at(5), to: at(9) }]
    expect([4, 5, 7, 9, 10].map((second) => isWithin(times, at(second)))).toEqual([false, true, true, true, false])
  })

  it('change nothing of the ramp', () => {
    const state = rampOf([opened])
    expect(after(after(state, drilled(5, false)), drilled(9, true))).toEqual(state)
  })
})
