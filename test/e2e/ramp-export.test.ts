// The split as config for gateways, from config and journal: what Portkey's gateway makes of it, and where no router runs.

import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { startPortkey } from '../support/portkey.ts'
import { startRouter, writeRouterConfig } from '../support/served.ts'
import { completion, sendJson, startTarget, type Target } from '../support/target.ts'

const key = 'sk-test-0123456789abcdef'
const target = { keyFrom: { env: 'TEST_KEY' } }
const stages = [0.25, 0.5, 1].map((share) => ({ share, minMinutes: 1e6, minRequests: 1e9 }))

const startArm = (text: string) => startTarget((_, response) => sendJson(response, 200, completion(text)))

/** Opened at a quarter, moved as `actions` say, and ended. */
async function rolledOut(
  { production, candidate }: Record<'production' | 'candidate', Target>,
  actions: string[] = [],
) {
  const folder = temporaryFolder()
  const config = { production: production.url, candidate: candidate.url, target, canary: { stages } }
  writeRouterConfig(folder, config)
  const env = { TEST_KEY: key }
  const { child, over } = await startRouter(folder, '--override', 'a test', { env })
  for (const action of actions) await runCli(['ramp', action], { cwd: folder, env })
  child.kill('SIGTERM')
  await over
  return { folder, config, exported: (name: string) => runCli(['ramp', 'export', '--for', name], { cwd: folder }) }
}

const weightsIn = (config: string) =>
  (JSON.parse(config) as { targets: { weight: number }[] }).targets.map(({ weight }) => weight)

describe('ramp export', { timeout: 120_000 }, () => {
  it('is a config by which Portkey’s gateway splits as the ramp stands, key and model included', async () => {
    const arms = { production: await startArm('Old.'), candidate: await startArm('New.') }
    const { exported } = await rolledOut(arms)
    const { status, stdout, stderr } = await exported('portkey')
    expect([status, weightsIn(stdout)]).toEqual([0, [75, 25]])
    expect(stderr).toContain('a user meets both models')
    expect(stdout).not.toContain(key)

    const gateway = await startPortkey()
    // As envsubst does.
    const config = JSON.stringify(JSON.parse(stdout.replaceAll('${TEST_KEY}', key)))
    const requests = 1200
    let next = 0
    const ask = async () => {
      while (next++ < requests) {
        const response = await fetch(`${gateway}/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-portkey-config': config },
          body: JSON.stringify({ model: 'asked', messages: [{ role: 'user', content: 'Hi' }] }),
        })
        expect(response.status).toBe(200)
        await response.text()
      }
    }
    await Promise.all(Array.from({ length: 8 }, ask))
    const { production, candidate } = arms
    expect(production.requests.length + candidate.requests.length).toBe(requests)
    // Six standard deviations: fails by chance once in 500 million.
    const spread = 6 * Math.sqrt((0.25 * 0.75) / requests)
    expect(Math.abs(candidate.requests.length / requests - 0.25)).toBeLessThan(spread)
    for (const [arm, model] of [
      [production, 'now'],
      [candidate, 'next'],
    ] as const) {
      expect(new Set(arm.requests.map(({ body }) => (body as { model?: string }).model))).toEqual(new Set([model]))
      expect(new Set(arm.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${key}`]))
    }
  })

  it('goes with the ramp, up and back', async () => {
    const arms = { production: await startArm('Old.'), candidate: await startArm('New.') }
    const up = await rolledOut(arms, ['advance'])
    expect(weightsIn((await up.exported('portkey')).stdout)).toEqual([50, 50])
    const back = await rolledOut(arms, ['advance', 'rollback'])
    expect(weightsIn((await back.exported('portkey')).stdout)).toEqual([100, 0])
  })

  it('gives nothing to a candidate that the journal is not about', async () => {
    const arms = { production: await startArm('Old.'), candidate: await startArm('New.') }
    const { folder, config, exported } = await rolledOut(arms, ['advance'])
    writeRouterConfig(folder, { ...config, targets: { production: {}, candidate: { model: 'another' } } })
    const { stdout, stderr } = await exported('portkey')
    expect(weightsIn(stdout)).toEqual([100, 0])
    expect(stderr).toContain('the journal is of another rollout')
  })

  it('needs neither a router nor a journal, and is pure config on standard output', async () => {
    const folder = temporaryFolder()
    writeRouterConfig(folder, { production: 'http://127.0.0.1:9/v1', candidate: 'http://127.0.0.1:9/v1', target })
    const { status, stdout, stderr } = await runCli(['ramp', 'export', '--for', 'litellm'], { cwd: folder })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^# shadowgate, for LiteLLM: 0.% of requests on the candidate; nobody opened the ramp yet\n/)
    expect(parse(stdout).model_list).toMatchObject([
      { litellm_params: { weight: 100 } },
      { litellm_params: { weight: 0 } },
    ])
    const json = await runCli(['ramp', 'export', '--for', 'envoy-ai-gateway', '--json'], { cwd: folder })
    expect(JSON.parse(json.stdout)).toMatchObject({ for: 'envoy-ai-gateway', share: 0 })
  })

  it('says which gateways there are', async () => {
    const folder = temporaryFolder()
    writeRouterConfig(folder, { production: 'http://127.0.0.1:9/v1', candidate: 'http://127.0.0.1:9/v1' })
    const wrong = await runCli(['ramp', 'export', '--for', 'portkye'], { cwd: folder })
    expect([wrong.status, wrong.stderr]).toEqual([64, expect.stringContaining('--for portkey')])
    const none = await runCli(['ramp', 'export'], { cwd: folder })
    expect(none.stderr).toContain('portkey, litellm, envoy-ai-gateway')
  })
})
