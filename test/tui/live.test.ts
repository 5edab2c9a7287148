// The live screen: what it says of a replay, and what its keys tell it to do.

import { describe, expect, it } from 'vitest'
import { count, instant, percent, span, usd } from '../../src/report/format.ts'
import { createLiveScreen } from '../../src/tui/live/live-screen.ts'
import type { LiveOrder, LiveSource, LiveStatus } from '../../src/tui/live/live-source.ts'
import { goldenText } from '../support/golden.ts'
import { settle } from './fixture.ts'

const status: LiveStatus = {
  runId: '20261126-1',
  pid: 4711,
  since: '2026-11-26T02:10:00.000Z',
  calls: 4000,
  done: 1234,
  perSecond: 21.4,
  secondsLeft: 130,
  costUsd: 1.5,
  retries: 1,
  isPaused: false,
  arms: {
    production: { inFlight: 3, limit: 8, most: 16, heldMs: 0, errors: {} },
    candidate: { inFlight: 8, limit: 8, most: 8, heldMs: 2100, errors: { 'HTTP 500': 2, 'timeout (total)': 11 } },
  },
  look: {
    taken: 2,
    of: 10,
    records: 400,
    rules: [
      { subject: 'latency-p95', outcome: 'open' },
      { subject: 'answered in task=prime', outcome: 'fail' },
      { subject: 'refused', outcome: 'pass' },
    ],
  },
}

function screenOf(answers: readonly (LiveStatus | null | Error)[]) {
  const left = [...answers]
  const orders: LiveOrder[] = []
  let quits = 0
  const answer = async () => {
    const next = left.length > 1 ? left.shift() : left[0]
    if (next instanceof Error) throw next
    return next ?? null
  }
  const source: LiveSource = {
    status: answer,
    order: (order) => {
      orders.push(order)
      return answer()
    },
    words: { count, percent, span, usd, instant },
  }
  const screen = createLiveScreen(source, () => (quits += 1))
  const text = () =>
    screen
      .lines(80)
      .map((line) => line.map((part) => part.text).join(''))
      .join('\n')
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) screen.press(key)
    await settle()
  }
  return { screen, orders, text, press, quits: () => quits }
}

describe('the live screen', () => {
  it('says how the replay is', async () => {
    const { screen, text } = screenOf([status])
    expect(text()).toContain('asking the replay')
    await screen.ask()
    expect(`${text()}\n`).toBe(goldenText(new URL('golden/live.txt', import.meta.url), `${text()}\n`))
  })

  it('p, r, + and − give orders, and tell what came of them', async () => {
    const { screen, orders, text, press } = screenOf([status, { ...status, isPaused: true }])
    await press('+')
    expect(orders, 'nothing is known of a replay that was not heard yet').toEqual([])
    await screen.ask()
    await press('p', '+', '+', '-', 'r', 'x')
    expect(orders).toEqual([
      { action: 'pause' },
      { action: 'concurrency', production: 17, candidate: 9 },
      { action: 'concurrency', production: 18, candidate: 10 },
      { action: 'concurrency', production: 17, candidate: 9 },
      { action: 'resume' },
    ])
    expect(text()).toContain('paused')
  })

  it('S asks before it stops', async () => {
    const { screen, orders, text, press } = screenOf([status])
    await screen.ask()
    await press('S', 'n')
    expect([orders, text().includes('it goes on')]).toEqual([[], true])
    await press('S')
    expect(text()).toContain('stop the replay?')
    await press('y')
    expect(orders).toEqual([{ action: 'stop' }])
  })

  it('keeps what was last known of a replay that has ended, and says so', async () => {
    const { screen, text, press, quits } = screenOf([status, null])
    await screen.ask()
    await screen.ask()
    expect(text()).toContain('1,234 of 4,000 calls')
    expect(text()).toContain('the replay has ended')
    await press('q')
    expect(quits()).toBe(1)
    const none = screenOf([null])
    await none.screen.ask()
    expect(none.text()).toContain('No replay is running')
    const broken = screenOf([new Error('an older shadowgate')])
    await broken.screen.ask()
    expect(broken.text()).toContain('an older shadowgate')
  })
})
