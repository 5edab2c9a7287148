// The router from its command line: up the ramp, back down, through kills, and at its operators' word.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answerJson, startArm } from '../support/arm-server.ts'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { askAs, askUntil, journalOf, startRouter, writeRouterConfig } from '../support/served.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const override = ['--override', 'a test']

const healthy = () => startTarget((_, response) => sendJson(response, 200, completion('Hello.')))
const failing = () => startTarget((_, response) => sendJson(response, 500, { error: { message: 'no' } }))
const answeringIn = (ms: number) =>
  startTarget((_, response) => {
    setTimeout(() => sendJson(response, 200, completion('Hello.')), ms)
  })
const slow = () => answeringIn(120)

const kinds = (folder: string) => journalOf(folder).map(({ kind }) => kind)

describe('serve', { timeout: 120_000 }, () => {
  it('takes a candidate as good as production up to everybody, and nobody back on the way', async () => {
    // Of an answer in half a millisecond nothing but the machine's load is measured, and two of those are no equals in a ratio.
    const [production, candidate, folder] = [await answeringIn(30), await answeringIn(30), temporaryFolder()]
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url })
    const { base, child, over } = await startRouter(folder, ...override)
    const seen = new Map<number, string>()
    let [flips, last] = [0, 0]
    const isComplete = () => kinds(folder).includes('completed')
    const ask = async () => {
      while (!isComplete() && last < 20_000) {
        const user = last++ % 400
        const { arm, status } = await askAs(base, `user-${user}`)
        expect(status).toBe(200)
        if (seen.get(user) === 'candidate' && arm === 'production') flips++
        seen.set(user, arm ?? '')
      }
    }
    await Promise.all(Array.from({ length: 8 }, ask))
    expect(flips).toBe(0)
    expect(kinds(folder)).toEqual(['opened', 'advanced', 'advanced', 'completed'])
    expect((await askAs(base, 'anybody')).arm).toBe('candidate')
    const evidence = journalOf(folder).at(1)
    expect(evidence).toMatchObject({ kind: 'advanced', stage: 1, evaluation: { decision: 'GO' } })
    child.kill('SIGTERM')
    expect((await over).status).toBe(0)
  })

  it('takes a slower one back by verdict, and says why', async () => {
    const [production, candidate, folder] = [await healthy(), await slow(), temporaryFolder()]
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url })
    const { base, child } = await startRouter(folder, ...override)
    await askUntil(base, { users: 400, requests: 20_000, isEnough: () => kinds(folder).includes('rolled-back') })
    expect(journalOf(folder).at(-1)).toMatchObject({
      kind: 'rolled-back',
      because: expect.stringContaining('latency-p50'),
      evaluation: { decision: 'NO-GO' },
      tripped: null,
    })
    const after = await askUntil(base, { users: 400, requests: 100 })
    expect(after.every(({ arm }) => arm === 'production')).toBe(true)
    child.kill('SIGTERM')
  })

  it('takes one that fails back at once, and no user meets an error', async () => {
    const [production, candidate, folder] = [await healthy(), await failing(), temporaryFolder()]
    const canary = { guards: { consecutive: 5 } }
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url, canary })
    const { base, child } = await startRouter(folder, ...override)
    const answers = await askUntil(base, { users: 400, requests: 400 })
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    expect(journalOf(folder).at(-1)).toMatchObject({ kind: 'rolled-back', tripped: { guard: 'consecutive-failures' } })
    // Eight ask at a time: those under way when the fifth failed were sent.
    expect(candidate.requests.length).toBeLessThan(5 + 8)
    child.kill('SIGTERM')
  })

  it('stands where it stood after a kill, with what was seen before it', async () => {
    const [production, candidate, folder] = [await healthy(), await healthy(), temporaryFolder()]
    const stages = [0.5, 1].map((share) => ({ share, minMinutes: 0, minRequests: 1_000_000 }))
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url, canary: { stages } })
    const first = await startRouter(folder, ...override)
    const before = await askUntil(first.base, { users: 60, requests: 300 })
    const log = join(folder, 'reports/canary.requests.jsonl')
    await expect.poll(() => readFileSync(log, 'utf8').split('\n').length).toBe(301)
    first.child.kill('SIGKILL')
    await first.over
    const second = await startRouter(folder)
    expect(kinds(folder)).toEqual(['opened'])
    await expect
      .poll(async () => {
        const told = await runCli(['ramp', '--json'], { cwd: folder })
        return JSON.parse(told.stdout).evaluation?.requests
      })
      .toEqual({
        candidate: before.filter(({ arm }) => arm === 'candidate').length,
        control: before.filter(({ arm }) => arm === 'production').length,
      })
    second.child.kill('SIGTERM')
    await second.over
  })

  it('does what its operators say, and writes down who said it', async () => {
    const [production, candidate, folder] = [await healthy(), await healthy(), temporaryFolder()]
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url })
    const { child, over } = await startRouter(folder, ...override)
    const ramp = (...words: string[]) =>
      runCli(['ramp', ...words], { cwd: folder, env: { SHADOWGATE_REVIEWER: 'ada' } })
    expect((await ramp()).stdout).toMatch(/^canary {3}25 % of users on the candidate, stage 1 of 3/)
    expect((await ramp('hold', '--because', 'freeze')).stdout).toContain('held')
    expect((await ramp('advance')).stdout).toContain('50 %')
    expect((await ramp('flip', '--to', 'candidate')).stderr).toContain('only blue-green flips')
    expect((await ramp('rollback', '--because', 'enough')).stdout).toMatch(/^rolled-back 0 %/)
    expect(journalOf(folder).slice(1)).toMatchObject([
      { kind: 'held', by: { kind: 'person', name: 'ada' }, because: 'freeze' },
      { kind: 'advanced', stage: 1 },
      { kind: 'rolled-back', by: { name: 'ada' }, because: 'enough' },
    ])
    child.kill('SIGTERM')
    expect((await over).status).toBe(0)
    const gone = await ramp()
    expect([gone.status, gone.stderr]).toEqual([69, expect.stringContaining('no router runs here')])
  })

  it('copies in shadow and serves nobody by it; blue-green flips everybody there and back', async () => {
    const [production, candidate, folder] = [await healthy(), await healthy(), temporaryFolder()]
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url, canary: { mode: 'shadow' } })
    const shadow = await startRouter(folder)
    const copied = await askUntil(shadow.base, { users: 20, requests: 40 })
    expect(copied.every(({ arm }) => arm === 'production')).toBe(true)
    await expect.poll(() => candidate.requests.length).toBe(40)
    shadow.child.kill('SIGTERM')
    await shadow.over

    writeRouterConfig(folder, { production: production.url, candidate: candidate.url, canary: { mode: 'blue-green' } })
    const { base, child } = await startRouter(folder, ...override)
    const arms = async () => new Set((await askUntil(base, { users: 20, requests: 40 })).map(({ arm }) => arm))
    expect(await arms()).toEqual(new Set(['production']))
    await runCli(['ramp', 'flip', '--to', 'candidate'], { cwd: folder })
    expect(await arms()).toEqual(new Set(['candidate']))
    await runCli(['ramp', 'flip', '--to', 'production'], { cwd: folder })
    expect(await arms()).toEqual(new Set(['production']))
    child.kill('SIGTERM')
  })

  it('begins by a GO alone, of these arms, and not an old one', async () => {
    const [production, candidate, folder] = [await healthy(), await healthy(), temporaryFolder()]
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url })
    const none = await runCli(['serve'], { cwd: folder })
    expect([none.status, none.stderr]).toEqual([65, expect.stringContaining('error[NO_PERMIT]')])
    writeFileSync(join(folder, 'verdict.json'), '{"decision":"GO"}')
    writeRouterConfig(folder, {
      production: production.url,
      candidate: candidate.url,
      canary: { permit: { verdict: 'verdict.json' } },
    })
    const other = await runCli(['serve'], { cwd: folder })
    expect(other.stderr).toContain('this is no verdict of shadowgate')
  })

  it('says where clients reach it, and that none of their requests says whose it is', async () => {
    const [production, candidate, folder] = [await healthy(), await healthy(), temporaryFolder()]
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url })
    let [heard, end] = ['', () => {}]
    const over = runCli(['serve', ...override], {
      cwd: folder,
      onStart: (child) => {
        end = () => void child.kill('SIGTERM')
        child.stderr?.on('data', (text: string) => (heard += text))
      },
    })
    onTestFinished(() => end())
    await expect.poll(() => heard).toMatch(/clients' base URL: \S+/)
    const base = /clients' base URL: (\S+)/.exec(heard)?.[1] ?? ''
    for (let n = 0; n < 20; n++) {
      const body = JSON.stringify({ model: 'now', user: `user-${n}`, messages: [{ role: 'user', content: 'Hi' }] })
      expect((await fetch(`${base}/chat/completions`, { method: 'POST', body })).status).toBe(200)
    }
    await expect.poll(() => heard).toContain('none of 20')
    expect(heard).toContain('They have body user (20). canary.key in shadowgate.yaml says where to look')
    const status = JSON.parse((await runCli(['ramp', '--json'], { cwd: folder })).stdout)
    expect(status).toMatchObject({ phase: 'open', traffic: { requests: 20, withoutKey: 20 }, lastChange: {} })
    const watched = runCli(['ramp', '--watch'], { cwd: folder, onStart: (child) => child.stdout?.once('data', end) })
    expect((await over).status).toBe(0)
    const { status: left, stdout, stderr } = await watched
    expect(left, stderr).toBe(69)
    expect(stdout).toMatch(/^\S+Z {2}canary {2}25 % of users on the candidate.*; 20\u00a0requests\n/)
    expect((await runCli(['ramp', 'history'], { cwd: folder })).stdout).toMatch(
      /UTC {2}opened by .*: canary, 25 → 50 → 100 %; no verdict was asked for: a test\n$/,
    )
  })

  it('hears what users think', async () => {
    const [production, candidate, folder] = [await healthy(), await healthy(), temporaryFolder()]
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url })
    const { base, child, over } = await startRouter(folder, ...override)
    const { id } = await askAs(base, 'ada')
    const rate = (body: object) =>
      fetch(`${base}/feedback`, { method: 'POST', body: JSON.stringify(body) }).then(({ status }) => status)
    expect(await rate({ id, score: 'up' })).toBe(202)
    expect(await rate({ id, score: 7 })).toBe(400)
    child.kill('SIGTERM')
    await over
    const lines = readFileSync(join(folder, 'reports/canary.requests.jsonl'), 'utf8').trim().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ schema: 'shadowgate.opinion/1', id, score: 1 })
  })

  it('passes on what only looks like a question, and counts it for nobody', async () => {
    const folder = temporaryFolder()
    const arm = await startArm((response) => answerJson(response, {}))
    writeRouterConfig(folder, { production: `${arm.origin}/v1`, candidate: `${arm.origin}/v1` })
    const { base, child, over } = await startRouter(folder, ...override)
    // Of eight users some are the candidate's.
    for (const user of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      const headers = { 'content-type': 'application/json', 'x-user-id': user }
      const body = '{"model":"now","messages":[}'
      const response = await fetch(`${base}/v1/chat/completions`, { method: 'POST', headers, body })
      expect(response.headers.get('x-shadowgate-arm')).toBe('production')
      await response.text()
    }
    const { id } = await askAs(base, 'ada')
    child.kill('SIGTERM')
    await over
    const lines = readFileSync(join(folder, 'reports/canary.requests.jsonl'), 'utf8').trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([id])
  })
})
