// What users say of answers, posted to a running router: counted once, for who gave the answer, and over a restart.

import { describe, expect, it } from 'vitest'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { type Answered, askUntil, startRouter, writeRouterConfig } from '../support/served.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const healthy = () => startTarget((_, response) => sendJson(response, 200, completion('Hello.')))
const rules = [
  { metric: 'feedback', margin: '50%', severity: 'block' },
  ...['answered', 'latency-p50', 'latency-p95', 'cache-hit-rate', 'json-valid'].map((metric) => ({
    metric,
    severity: 'off',
  })),
]

async function vote(base: string, id: string | null, score: unknown): Promise<number> {
  const response = await fetch(`${base}/feedback`, { method: 'POST', body: JSON.stringify({ id, score }) })
  await response.text()
  return response.status
}

/** What the last evaluation says of feedback. */
async function told(folder: string): Promise<string> {
  const { evaluation } = JSON.parse((await runCli(['ramp', '--json'], { cwd: folder })).stdout)
  return evaluation?.findings.find((each: string) => each.startsWith('feedback:')) ?? ''
}

async function started(canary: object) {
  const [production, candidate, folder] = [await healthy(), await healthy(), temporaryFolder()]
  writeRouterConfig(folder, { production: production.url, candidate: candidate.url, rules, canary })
  return { folder, router: await startRouter(folder, '--override', 'a test') }
}

describe('POST /feedback', { timeout: 120_000 }, () => {
  it('counts each answer once, nobody’s not at all, and one of before a restart as well', async () => {
    const stages = [{ share: 0.5, minMinutes: 0, minRequests: 1_000_000 }]
    const { folder, router } = await started({ stages })
    const answers = await askUntil(router.base, { users: 80, requests: 240 })
    const [late, ...now] = answers
    const rated = now.slice(0, 160)
    for (const { id } of rated) expect(await vote(router.base, id, 'up')).toBe(202)
    // A second word of a user, and one about an answer that nobody gave, are taken and count for nothing.
    for (const { id } of rated.slice(0, 40)) expect(await vote(router.base, id, 'down')).toBe(202)
    expect(await vote(router.base, 'nobody', 'down')).toBe(202)
    await expect.poll(() => told(folder)).toContain('over 160 requests')
    expect(await told(folder)).toMatch(/^feedback: not worse by 50.pp: \+0\.00.pp/)

    router.child.kill('SIGKILL')
    await router.over
    const second = await startRouter(folder)
    await expect.poll(() => told(folder)).toContain('over 160 requests')
    expect(await vote(second.base, late?.id ?? null, true)).toBe(202)
    await vote(second.base, rated[0]?.id ?? null, false)
    await expect.poll(() => told(folder)).toContain('over 161 requests')
    expect(await told(folder)).toMatch(/^feedback: not worse by 50.pp: \+0\.00.pp/)
    second.child.kill('SIGTERM')
    await second.over
  })

  it('of an answer in shadow is production’s, whose copy nobody saw', async () => {
    const { folder, router } = await started({ mode: 'shadow' })
    const answers: Answered[] = await askUntil(router.base, { users: 60, requests: 240 })
    for (const { id } of answers) await vote(router.base, id, 'down')
    const rate = async () => {
      const { evaluation } = JSON.parse((await runCli(['ramp', '--json'], { cwd: folder })).stdout)
      return evaluation?.requests.candidate === 240 ? evaluation.findings.join('\n') : ''
    }
    await expect.poll(rate).toContain('feedback: ')
    expect(await rate()).not.toMatch(/feedback(?:-rate)?: (?:worse|different|not worse)/)
    router.child.kill('SIGTERM')
    await router.over
  })
})
