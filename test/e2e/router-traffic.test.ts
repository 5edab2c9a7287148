// The router's traffic from its command line: flips under running streams, targets that come and go, and its end.

import { describe, expect, it } from 'vitest'
import type { RolloutStatus } from '../../src/commands/canary/status/status.ts'
import { startArm } from '../support/arm-server.ts'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { askAs, askUntil, journalOf, startRouter, writeRouterConfig } from '../support/served.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const override = ['--override', 'a test']

/** Answers in streams of its name, and ends them when it is told to. */
async function startStreaming(name: string) {
  const ends: (() => void)[] = []
  const server = await startArm((response, { method }) => {
    if (method === 'GET') {
      response.end('{"data":[]}')
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`data: ${name} begins\n\n`)
    ends.push(() => response.end(`data: ${name} ends\n\n`))
  })
  const endAll = () => {
    for (const end of ends.splice(0)) end()
  }
  return { url: `${server.origin}/v1`, name, endAll, running: () => ends.length }
}

/** Resolves once its head is there. */
function begin(base: string, user: string): Promise<Response> {
  return fetch(`${base}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user-id': user },
    body: JSON.stringify({ model: 'now', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
  })
}

const whole = (name: string) => `data: ${name} begins\n\ndata: ${name} ends\n\n`

async function loadIn(folder: string): Promise<RolloutStatus['load']> {
  const { stdout } = await runCli(['ramp', '--json'], { cwd: folder })
  return (JSON.parse(stdout) as RolloutStatus).load
}

describe('the router’s traffic', { timeout: 120_000 }, () => {
  it('flips at once and back, while each stream ends where it began', async () => {
    const [blue, green, folder] = [await startStreaming('blue'), await startStreaming('green'), temporaryFolder()]
    writeRouterConfig(folder, {
      production: blue.url,
      candidate: green.url,
      canary: { mode: 'blue-green' },
      timeoutMs: 120_000,
    })
    const { base, child, over } = await startRouter(folder, ...override)
    const flip = (to: string) => runCli(['ramp', 'flip', '--to', to], { cwd: folder })
    const onBlue = await Promise.all(['a', 'b', 'c'].map((user) => begin(base, user)))
    expect((await flip('candidate')).stdout).toMatch(/left {5}production: 3.requests are still there/)
    const onGreen = await Promise.all(['a', 'b'].map((user) => begin(base, user)))
    expect([blue.running(), green.running()]).toEqual([3, 2])
    expect(await loadIn(folder)).toMatchObject({
      underWay: { production: 3, candidate: 2 },
      leaving: { arm: 'production', emptyAt: null },
    })
    blue.endAll()
    expect(await Promise.all(onBlue.map((each) => each.text()))).toEqual(onBlue.map(() => whole('blue')))
    await expect.poll(async () => (await loadIn(folder)).leaving?.emptyAt).toMatch(/^20\d\d-/)
    await flip('production')
    const back = await begin(base, 'a')
    expect([blue.running(), green.running()]).toEqual([1, 2])
    expect(await loadIn(folder)).toMatchObject({ leaving: { arm: 'candidate', emptyAt: null } })
    green.endAll()
    blue.endAll()
    expect(await Promise.all(onGreen.map((each) => each.text()))).toEqual(onGreen.map(() => whole('green')))
    expect(await back.text()).toBe(whole('blue'))
    child.kill('SIGTERM')
    expect((await over).status).toBe(0)
  })

  it('is drained: not ready at once, served for a while, and waited for', async () => {
    const [production, candidate] = [await startStreaming('one'), await startStreaming('two')]
    const folder = temporaryFolder()
    const canary = { mode: 'shadow', drain: { noticeSeconds: 5 } }
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url, canary, timeoutMs: 120_000 })
    const { base, adminPort, child, over } = await startRouter(folder)
    const ready = () => fetch(`http://127.0.0.1:${adminPort}/readyz`).then(({ status }) => status)
    expect(await ready()).toBe(200)
    const early = await begin(base, 'a')
    expect(early.headers.get('connection')).not.toBe('close')
    child.kill('SIGTERM')
    await expect.poll(ready).toBe(503)
    const late = await begin(base, 'b')
    expect(late.headers.get('connection')).toBe('close')
    // Two of users, and their copies.
    expect(await loadIn(folder)).toMatchObject({ isDraining: true, active: 4, underWay: { production: 2 } })
    // Nobody listens any more, and both go on.
    await expect.poll(() => begin(base, 'c').catch(() => 'refused')).toBe('refused')
    expect(child.exitCode).toBeNull()
    production.endAll()
    candidate.endAll()
    expect(await Promise.all([early.text(), late.text()])).toEqual([whole('one'), whole('one')])
    const { status, stderr } = await over
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('were cut')])
  })

  it('is cut off by a limit, and says how many that were', async () => {
    const [production, candidate] = [await startStreaming('one'), await startStreaming('two')]
    const folder = temporaryFolder()
    const canary = { mode: 'shadow', drain: { noticeSeconds: 0, endSeconds: 0.1 } }
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url, canary, timeoutMs: 120_000 })
    const { base, child, over } = await startRouter(folder)
    const running = await Promise.all(['a', 'b'].map((user) => begin(base, user)))
    child.kill('SIGTERM')
    const { status, stderr } = await over
    expect([status, stderr]).toEqual([
      0,
      expect.stringContaining('requests that took longer than canary.drain allows were cut: 2'),
    ])
    for (const each of running) await expect(each.text()).rejects.toThrow('terminated')
  })

  it('goes on with one of two targets, each with its own key, and says which one is down', async () => {
    const good = await startTarget((_, response) => sendJson(response, 200, completion('Hello.')))
    const bad = await startTarget((_, response) => sendJson(response, 500, { error: { message: 'no' } }))
    const folder = temporaryFolder()
    const more = { baseUrl: bad.url, keyFrom: { env: 'SECOND_KEY' }, headers: { 'x-zone': 'b' }, weight: 3 }
    writeRouterConfig(folder, {
      production: good.url,
      candidate: good.url,
      canary: {
        mode: 'blue-green',
        credentials: 'target',
        moreTargets: { production: [more, { baseUrl: 'http://127.0.0.1:1' }] },
        breaker: { failures: 2, openSeconds: 600 },
      },
    })
    const env = { SECOND_KEY: 'sk-second' }
    const missing = await runCli(['serve', ...override], { cwd: folder })
    expect([missing.status, missing.stderr]).toEqual([
      69,
      expect.stringContaining('canary.moreTargets.production[0].keyFrom'),
    ])
    const { base, child, over } = await startRouter(folder, { env }, ...override)
    for (let n = 0; n < 40; n++) expect((await askAs(base, `user-${n}`)).status).toBe(200)
    expect(bad.requests.map(({ headers }) => [headers.authorization, headers['x-zone']])).toEqual([
      ['Bearer sk-second', 'b'],
      ['Bearer sk-second', 'b'],
    ])
    const told = await runCli(['ramp'], { cwd: folder })
    expect(told.stdout).toContain(
      `down     production at ${bad.url}: it failed many times in a row, and is tried again in`,
    )
    child.kill('SIGTERM')
    expect((await over).stderr).toContain('canary.moreTargets.production[1] is left alone until it answers')
  })

  it('takes a candidate whose key is refused back, though its users met no error', async () => {
    const good = await startTarget((_, response) => sendJson(response, 200, completion('Hello.')))
    const locked = await startTarget((_, response) => sendJson(response, 401, { error: { message: 'revoked' } }))
    const folder = temporaryFolder()
    const canary = { guards: { consecutive: 5 } }
    writeRouterConfig(folder, { production: good.url, candidate: locked.url, canary, candidateKey: 'NEXT_KEY' })
    const { base, child, over } = await startRouter(folder, { env: { NEXT_KEY: 'sk-next' } }, ...override)
    const answers = await askUntil(base, { users: 400, requests: 100 })
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    expect(journalOf(folder).at(-1)).toMatchObject({ kind: 'rolled-back', tripped: { guard: 'consecutive-failures' } })
    child.kill('SIGTERM')
    await over
  })

  it('does not take a key of its own for production whose clients bring theirs', async () => {
    const folder = temporaryFolder()
    const moreTargets = { production: [{ baseUrl: 'http://127.0.0.1:1', keyFrom: { env: 'SECOND_KEY' } }] }
    writeRouterConfig(folder, {
      production: 'http://127.0.0.1:1',
      candidate: 'http://127.0.0.1:1',
      canary: { moreTargets },
    })
    const { status, stderr } = await runCli(['serve'], { cwd: folder })
    expect([status, stderr]).toEqual([65, expect.stringContaining('credentials: target')])
  })
})
