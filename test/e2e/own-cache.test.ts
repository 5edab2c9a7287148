// A canary at a small share: the candidate's prompt cache is colder than production's, and so is the control's, if it has its own.

import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { promptCache } from '../support/prompt-cache.ts'
import { journalOf, startRouter, writeRouterConfig } from '../support/served.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

/** A server whose cache is apart for each key and each salt, as providers keep theirs. */
function startCaching() {
  const cache = promptCache(180)
  return startTarget(({ body, headers }, response) => {
    const salt = String(Reflect.get(body, 'cache_salt') ?? '')
    const isHit = cache.ask(`${headers.authorization} ${salt}`, body.messages[0]?.content ?? '')
    sendJson(response, 200, completion('Hello.', { cached: isHit ? 18 : 0 }))
  })
}

const rules = [
  { metric: 'cache-hit-rate', margin: '5%', severity: 'block', canary: 'block' },
  ...['answered', 'latency-p50', 'latency-p95', 'json-valid', 'feedback'].map((metric) => ({
    metric,
    severity: 'off',
  })),
  ...['ttft-p50', 'ttft-p95', 'output-tokens'].map((metric) => ({ metric, canary: 'off' })),
]
const tenth = [{ share: 0.1, minMinutes: 0, minRequests: 1_000_000 }]

/** 600 users ask from 200 system prompts, some of them much more often than others. */
async function ask(base: string, requests: number, isEnough: () => boolean): Promise<void> {
  const random = seededBy(20261126, 'prompts')
  let sent = 0
  const one = async () => {
    while (sent < requests && !isEnough()) {
      const user = `user-${sent++ % 600}`
      const prompt = `You know all about matter ${Math.floor(200 * random.unit() ** 2)}.`
      const messages = [
        { role: 'system', content: prompt },
        { role: 'user', content: 'Hi' },
      ]
      const response = await fetch(`${base}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-user-id': user, authorization: 'Bearer of-the-client' },
        body: JSON.stringify({ model: 'now', messages }),
      })
      await response.text()
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
}

async function rolledOut(control: object) {
  const [production, candidate, folder] = [await startCaching(), await startCaching(), temporaryFolder()]
  // Its answers are those of the control, as salted ones are.
  const own = 'baseUrl' in control ? await startCaching() : null
  const canary = { stages: tenth, control: { ...control, ...(own && { baseUrl: own.url }) } }
  writeRouterConfig(folder, { production: production.url, candidate: candidate.url, rules, canary })
  const { base, child, over } = await startRouter(folder, '--override', 'a test')
  const isBack = () => journalOf(folder).some(({ kind }) => kind === 'rolled-back')
  await ask(base, 5000, isBack)
  const salted = () =>
    own?.requests.length ?? production.requests.filter(({ body }) => Reflect.has(body, 'cache_salt')).length
  await expect.poll(async () => isBack() || (await controlled(folder)) === salted()).toBe(true)
  const { evaluation } = JSON.parse((await runCli(['ramp', '--json'], { cwd: folder })).stdout)
  child.kill('SIGTERM')
  await over
  return { evaluation, last: journalOf(folder).at(-1), asked: production.requests.length, salted: salted() }
}

/** Requests of the control that the last evaluation knows of. */
async function controlled(folder: string): Promise<number> {
  const told = JSON.parse((await runCli(['ramp', '--json'], { cwd: folder })).stdout)
  return told.evaluation?.requests.control ?? 0
}

describe('the control of a canary', { timeout: 120_000 }, () => {
  it('that shares all of production’s cache makes an equal candidate look worse, and the journal says so', async () => {
    const { last } = await rolledOut({})
    expect(last).toMatchObject({ kind: 'rolled-back', because: expect.stringContaining('cache-hit-rate') })
    expect(last).toMatchObject({ because: expect.stringMatching(/shares its prompt cache .* \(canary\.control\)\.$/) })
  })
  it.each([
    ['cache', { body: { cache_salt: 'control' } }],
    ['server', { baseUrl: 'its own' }],
  ])('that has a %s of its own is as cold as the candidate, which then is not worse', async (_, control) => {
    const { evaluation, last, asked, salted } = await rolledOut(control)
    expect(last).toMatchObject({ kind: 'opened' })
    expect(evaluation.findings[0]).toMatch(/^cache-hit-rate: (?:not worse by|can't be told from) /)
    expect(evaluation.findings.join(' ')).not.toContain('shares its prompt cache')
    // All others are asked as they always were.
    expect(salted).toBeGreaterThan(200)
    expect(asked).toBeGreaterThan(5 * salted)
  })
})
