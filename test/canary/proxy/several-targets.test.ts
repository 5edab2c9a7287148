// An arm of several targets, some of them in trouble: who answers, what is counted, and what the breaker spares.

import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { answerJson, startArm } from '../../support/arm-server.ts'
import { ask, startEcho, startProxy } from '../../support/proxied.ts'

const nowhere = 'http://127.0.0.1:1'
const failing = (status: number) => startArm((response) => answerJson(response, { error: { message: 'no' } }, status))

async function nameOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { readonly name: unknown }).name
}

describe('a target that does not answer', () => {
  it.each<[string, () => Promise<{ origin: string; heard: readonly unknown[] }>]>([
    ['a 500', () => failing(500)],
    ['a 429', () => failing(429)],
    ['a key that is refused', () => failing(401)],
    ['a hang-up', () => startArm((response) => response.destroy())],
    ['nobody there', () => Promise.resolve({ origin: nowhere, heard: [] })],
  ])('is mended by another of the same arm before production’s turn: %s', async (_, start) => {
    const production = await startEcho('production')
    const [bad, good] = [await start(), await startEcho('good')]
    const { base, served, arms } = await startProxy({
      production,
      candidate: bad.origin,
      more: { candidate: [{ origin: good.origin }] },
      arm: 'candidate',
      key: 'sk-own',
      user: null,
    })
    for (let n = 0; n < 4; n++) expect(await nameOf(await ask(base))).toBe('good')
    expect(production.heard).toHaveLength(0)
    // One answer of the candidate for each question: what another target mended is no failure of the arm.
    expect(served.map(({ servedBy, isUnseen, status }) => ({ servedBy, isUnseen, status }))).toEqual(
      Array.from({ length: 4 }, () => ({ servedBy: 'candidate', isUnseen: false, status: 200 })),
    )
    // Nobody's requests take turns: the one in trouble was asked, too.
    expect(arms.candidate.states()).toMatchObject([{ inFlight: 0 }, { inFlight: 0, sent: 4, failed: 0 }])
    expect(arms.candidate.states()[0]?.sent).toBeGreaterThan(0)
  })

  it('is production’s turn where all of them fail, and is counted once', async () => {
    const [one, two] = [await failing(503), await failing(500)]
    const { base, served } = await startProxy({
      production: await startEcho('production'),
      candidate: one,
      more: { candidate: [{ origin: two.origin }] },
      arm: 'candidate',
    })
    expect(await nameOf(await ask(base))).toBe('production')
    expect(one.heard.length + two.heard.length).toBe(2)
    expect(served.map(({ servedBy, isUnseen }) => [servedBy, isUnseen])).toEqual([
      ['candidate', true],
      ['production', false],
    ])
  })

  it('is asked once where asking twice would do a thing twice', async () => {
    const production = await failing(500)
    const other = await startEcho('other')
    const { base } = await startProxy({
      production,
      candidate: nowhere,
      more: { production: [{ origin: other.origin }] },
      options: {
        assign: () => ({
          arm: 'production',
          group: null,
          user: null,
          reason: 'not-of-it',
          isCopied: false,
          api: null,
          segments: {},
        }),
      },
    })
    const created = await fetch(`${base}/v1/batches`, { method: 'POST', body: '{}' })
    expect([created.status, other.heard.length]).toEqual([500, 0])
    // Reading one does nothing twice.
    expect(await nameOf(await fetch(`${base}/v1/batches/1`))).toBe('other')
  })

  it('in the middle of its answer breaks the client’s off, and nobody else is asked', async () => {
    const half = (response: Parameters<Parameters<typeof startArm>[0]>[0]) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: half', () => response.destroy())
    }
    const [one, two] = [await startArm(half), await startArm(half)]
    const { base } = await startProxy({
      production: await startEcho('production'),
      candidate: one,
      more: { candidate: [{ origin: two.origin }] },
      arm: 'candidate',
    })
    await expect((await ask(base)).text()).rejects.toThrow('terminated')
    expect(one.heard.length + two.heard.length).toBe(1)
  })
})

describe('the breaker of', () => {
  const breaker = { failures: 3, openMs: 600_000 }

  it('a target takes it out, and its users stay with the arm', async () => {
    const bad = await failing(500)
    const good = await startEcho('good')
    const { base, arms } = await startProxy({
      production: bad,
      candidate: nowhere,
      more: { production: [{ origin: good.origin }] },
      targets: { breaker },
      user: null,
    })
    for (let n = 0; n < 20; n++) expect(await nameOf(await ask(base))).toBe('good')
    expect(bad.heard).toHaveLength(3)
    expect(arms.production.states()).toMatchObject([
      { name: bad.origin, breaker: 'open', failed: 3 },
      { name: good.origin, breaker: 'closed', failed: 0, sent: 20 },
    ])
  })

  it('the candidate leaves its users to production, and hides no failure', async () => {
    const candidate = await failing(500)
    const { base, served } = await startProxy({
      production: await startEcho('production'),
      candidate,
      arm: 'candidate',
      targets: { breaker },
    })
    for (let n = 0; n < 5; n++) expect(await nameOf(await ask(base))).toBe('production')
    expect(candidate.heard).toHaveLength(3)
    const failed = served.filter(({ servedBy }) => servedBy === 'candidate')
    expect(failed.map(({ isUnseen, group, failure }) => [isUnseen, group, failure?.kind ?? null])).toEqual([
      ...Array.from({ length: 3 }, () => [true, 'candidate', null]),
      ...Array.from({ length: 2 }, () => [true, 'candidate', 'unsent']),
    ])
  })

  it('production answers 503 at once, and says when to come again', async () => {
    const production = await failing(500)
    const { base, served } = await startProxy({ production, candidate: nowhere, targets: { breaker } })
    for (let n = 0; n < 3; n++) expect((await ask(base)).status).toBe(500)
    const response = await ask(base)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '600'])
    expect(await response.json()).toMatchObject({ error: { type: 'shadowgate_error', code: '503' } })
    expect(production.heard).toHaveLength(3)
    expect(served.at(-1)).toMatchObject({ servedBy: 'production', status: null, failure: { kind: 'unsent' } })
  })

  it('a target that is well again closes with one trial, while others are not held up', async () => {
    const trials: ServerResponse[] = []
    let isWell = false
    const candidate = await startArm((response) => {
      if (!isWell) answerJson(response, {}, 500)
      else if (trials.length === 0) trials.push(response)
      else answerJson(response, { name: 'candidate' })
    })
    const { base, arms, changes } = await startProxy({
      production: await startEcho('production'),
      candidate,
      arm: 'candidate',
      targets: { breaker: { failures: 1, openMs: 1 } },
    })
    expect(await nameOf(await ask(base))).toBe('production')
    isWell = true
    await expect.poll(() => arms.candidate.states()[0]?.breaker).toBe('half-open')
    const trial = ask(base)
    await expect.poll(() => trials.length).toBe(1)
    // The trial has no answer yet: nobody waits for it, and nobody else is a trial.
    expect(await nameOf(await ask(base))).toBe('production')
    expect(candidate.heard).toHaveLength(2)
    trials[0]?.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    const begun = await trial
    // Its head is enough, however long its stream goes on.
    expect(await nameOf(await ask(base))).toBe('candidate')
    trials[0]?.end('{"name":"trial"}')
    expect(await nameOf(begun)).toBe('trial')
    expect(arms.candidate.states()[0]).toMatchObject({ breaker: 'closed', opened: 1 })
    expect(changes).toEqual([
      [candidate.origin, true],
      [candidate.origin, false],
    ])
  })

  it('a target is not opened by clients who leave', async () => {
    const production = await startArm(() => {})
    const { base, arms } = await startProxy({
      production,
      candidate: nowhere,
      targets: { breaker: { failures: 1, openMs: 600_000 } },
    })
    const leaving = new AbortController()
    const asked = fetch(`${base}/v1/chat/completions`, { method: 'POST', body: '{}', signal: leaving.signal })
    await expect.poll(() => production.heard.length).toBe(1)
    leaving.abort()
    await expect(asked).rejects.toThrow('aborted')
    await expect.poll(() => arms.production.states()[0]?.inFlight).toBe(0)
    expect(arms.production.states()[0]).toMatchObject({ breaker: 'closed', failed: 0 })
  })
})

describe('an arm without room', () => {
  it('lets some wait, in turn, and refuses whoever comes after them', async () => {
    const answers: (() => void)[] = []
    const production = await startArm((response, { body }) => {
      answers.push(() => answerJson(response, { name: body }))
    })
    const { base, arms } = await startProxy({
      production,
      candidate: nowhere,
      targets: { mostInFlight: 1, waiting: { most: 2, waitMs: 600_000 } },
    })
    const first = ask(base, 'first')
    await expect.poll(() => answers.length).toBe(1)
    const second = ask(base, 'second')
    await expect.poll(arms.production.waiting).toBe(1)
    const third = ask(base, 'third')
    await expect.poll(arms.production.waiting).toBe(2)
    const fourth = await ask(base, 'fourth')
    expect([fourth.status, fourth.headers.get('retry-after')]).toEqual([503, '1'])
    for (const [at, asked] of [first, second, third].entries()) {
      await expect.poll(() => answers.length).toBe(at + 1)
      answers[at]?.()
      expect(await nameOf(await asked)).toBe(['first', 'second', 'third'][at])
    }
  })

  it('refuses who has waited too long, and forgets who has left', async () => {
    const production = await startArm(() => {})
    const { base, arms, served } = await startProxy({
      production,
      candidate: nowhere,
      targets: { mostInFlight: 1, waiting: { most: 2, waitMs: 150 } },
    })
    void ask(base).catch(() => {})
    await expect.poll(() => production.heard.length).toBe(1)
    const leaving = new AbortController()
    const left = fetch(`${base}/v1/chat/completions`, { method: 'POST', body: '{}', signal: leaving.signal })
    await expect.poll(arms.production.waiting).toBe(1)
    leaving.abort()
    await expect(left).rejects.toThrow('aborted')
    await expect.poll(arms.production.waiting).toBe(0)
    expect(served[0]?.failure?.kind).toBe('left')
    expect((await ask(base)).status).toBe(503)
    expect(production.heard).toHaveLength(1)
  })
})

describe('a server of the control’s own', () => {
  const assigned = { arm: 'production', group: 'rest', user: 'u', reason: 'user', isCopied: false } as const
  const restOfThem = { assign: () => ({ ...assigned, api: 'openai-chat', segments: {} }) }

  it('is asked by the control alone', async () => {
    const [production, own] = [await startEcho('production'), await startEcho('own')]
    const more = { production: [{ origin: own.origin, isControls: true }] }
    const control = await startProxy({ production, candidate: nowhere, more })
    const rest = await startProxy({ production, candidate: nowhere, more, options: restOfThem })
    for (let n = 0; n < 4; n++) {
      expect(await nameOf(await ask(control.base))).toBe('own')
      expect(await nameOf(await ask(rest.base))).toBe('production')
    }
  })

  it.each([
    ['gives no answer', () => startArm((response) => response.destroy())],
    ['gives an error', () => failing(503)],
  ])('that %s costs no user theirs, and is counted once', async (_, start) => {
    const [production, own] = [await startEcho('production'), await start()]
    const { base, served } = await startProxy({
      production,
      candidate: nowhere,
      more: { production: [{ origin: own.origin, isControls: true }] },
    })
    expect(await nameOf(await ask(base))).toBe('production')
    expect(own.heard).toHaveLength(1)
    expect(served).toMatchObject([{ servedBy: 'production', group: 'control', status: 200 }])
  })

  it('is nobody else’s help: an error of production goes through as it came', async () => {
    const [production, own] = [await failing(500), await startEcho('own')]
    const more = { production: [{ origin: own.origin, isControls: true }] }
    const { base } = await startProxy({ production, candidate: nowhere, more, options: restOfThem })
    const answer = await ask(base)
    expect([answer.status, await answer.json()]).toEqual([500, { error: { message: 'no' } }])
    expect(own.heard).toHaveLength(0)
  })
})
