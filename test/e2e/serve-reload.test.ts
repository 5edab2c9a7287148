// The router's config read again under traffic: taken up as a whole or not at all, and nobody's request notices.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { askDoor } from '../support/router-door.ts'
import { askAs, askUntil, journalOf, startRouter, writeRouterConfig } from '../support/served.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const override = ['--override', 'a test']
const healthy = () => startTarget((_, response) => sendJson(response, 200, completion('Hello.')))
const ramp = (folder: string, ...words: string[]) =>
  runCli(['ramp', ...words], { cwd: folder, env: { SHADOWGATE_REVIEWER: 'ada' } })

interface WrittenConfig {
  targets: Record<'production' | 'candidate', Record<string, unknown>>
  canary: Record<string, unknown>
}

/** Changes the config of a folder, as an operator does in an editor. */
function edit(folder: string, change: (config: WrittenConfig) => void): void {
  const path = join(folder, 'shadowgate.yaml')
  const config = parse(readFileSync(path, 'utf8')) as WrittenConfig
  change(config)
  writeFileSync(path, stringify(config))
}

async function running(canary: object = {}) {
  const [production, candidate, folder] = [await healthy(), await healthy(), temporaryFolder()]
  // Too many requests to come to: the ramp stands where it is.
  const stages = [0.25, 0.5, 1].map((share) => ({ share, minMinutes: 0, minRequests: 1_000_000 }))
  writeRouterConfig(folder, { production: production.url, candidate: candidate.url, canary: { stages, ...canary } })
  const router = await startRouter(folder, ...override)
  let said = ''
  router.child.stderr?.on('data', (text: string) => (said += text))
  return { ...router, production, candidate, folder, stages, said: () => said }
}

describe('a config read again', { timeout: 300_000 }, () => {
  it('moves the ramp by its new stages, and the journal says who changed what', async () => {
    const { base, child, over, folder, stages } = await running()
    await askUntil(base, { users: 400, requests: 200 })
    expect(journalOf(folder)).toHaveLength(1)
    edit(folder, ({ canary }) => {
      canary['stages'] = stages.map((stage) => ({ ...stage, minRequests: 20 }))
    })
    const told = await ramp(folder, 'reload')
    expect(told.stdout).toContain('canary.stages  [{"share":0.25')
    expect(journalOf(folder).at(1)).toMatchObject({
      kind: 'reconfigured',
      by: { kind: 'person', name: 'ada' },
      changes: [{ setting: 'canary.stages', after: expect.stringContaining('"minRequests":20') }],
    })
    const isUp = () => journalOf(folder).some(({ kind }) => kind === 'advanced')
    await askUntil(base, { users: 400, requests: 20_000, isEnough: isUp })
    expect(journalOf(folder).at(2)).toMatchObject({ kind: 'advanced', stage: 1, evaluation: { decision: 'GO' } })
    child.kill('SIGTERM')
    expect((await over).status).toBe(0)
  })

  it('leaves a ramp that still moves where a part of the log can’t be read again', async () => {
    const { base, child, over, folder, stages, said } = await running()
    await askUntil(base, { users: 400, requests: 40 })
    mkdirSync(join(folder, 'reports/canary.requests.000001.jsonl'))
    edit(folder, ({ canary }) => {
      canary['stages'] = stages.map((stage) => ({ ...stage, minRequests: 20 }))
      canary['minUsers'] = 10
    })
    expect((await ramp(folder, 'reload')).stdout).toContain('canary.minUsers  20 → 10')
    const isUp = () => journalOf(folder).some(({ kind }) => kind === 'advanced')
    await askUntil(base, { users: 400, requests: 20_000, isEnough: isUp })
    expect(journalOf(folder).at(2)).toMatchObject({ kind: 'advanced', evaluation: { decision: 'GO' } })
    expect(said()).toContain("the log can't be read again: EISDIR")
    child.kill('SIGTERM')
    await over
  })

  it('is taken up by SIGHUP, for requests that come after it', async () => {
    const { base, child, over, folder } = await running()
    expect((await askAs(base, 'ada')).arm).not.toBeNull()
    edit(folder, ({ canary }) => {
      canary['tellsArm'] = false
      canary['guards'] = { consecutive: 77 }
    })
    child.kill('SIGHUP')
    await expect.poll(() => journalOf(folder).at(-1)).toMatchObject({ kind: 'reconfigured', by: { name: 'SIGHUP' } })
    expect((await askAs(base, 'ada')).arm).toBeNull()
    expect((await askDoor(folder)).guards).toMatchObject({ consecutive: 77 })
    child.kill('SIGTERM')
    expect((await over).status).toBe(0)
  })

  it('lets a request under way end by the old one', async () => {
    let answer = () => {}
    const asked = Promise.withResolvers<void>()
    const slow = await startTarget((_, response) => {
      answer = () => sendJson(response, 200, completion('Late.'))
      asked.resolve()
    })
    const [candidate, folder] = [await healthy(), temporaryFolder()]
    writeRouterConfig(folder, { production: slow.url, candidate: candidate.url, canary: { mode: 'shadow' } })
    const { base, child, over } = await startRouter(folder)
    const underWay = askAs(base, 'ada')
    await asked.promise
    edit(folder, ({ canary, targets }) => {
      canary['tellsArm'] = false
      // Far too short for the one under way.
      targets.production['timeoutMs'] = 1
      targets.candidate['timeoutMs'] = 1
    })
    expect((await ramp(folder, 'reload')).status).toBe(0)
    answer()
    expect(await underWay).toMatchObject({ status: 200, arm: 'production' })
    expect(await askAs(base, 'ada')).toMatchObject({ status: 504, arm: null })
    child.kill('SIGTERM')
    expect((await over).status).toBe(0)
  })

  it.each<[string, (config: WrittenConfig) => void, string]>([
    [
      'other arms',
      ({ targets }) => (targets.candidate['model'] = 'third'),
      'targets.candidate.model: with that it is another rollout; stop the router, and shadowgate serve --restart',
    ],
    ['another mode', ({ canary }) => (canary['mode'] = 'ab'), 'canary.mode: with that it is another rollout'],
    [
      'another port',
      ({ canary }) => (canary['port'] = 4999),
      'canary.port: it takes a restart of shadowgate serve, and the ramp stands',
    ],
    [
      'a share that users are served by',
      ({ canary }) => (canary['stages'] = [{ share: 0.9 }]),
      'stage 1 of it is 25 % of users, and the config has 90 % there',
    ],
    ['a word that is none', ({ canary }) => (canary['guardz'] = {}), 'there is no setting called "guardz"'],
    [
      'a key that is not there',
      ({ targets }) => (targets.candidate['keyFrom'] = { env: 'NO_KEY' }),
      'the variable NO_KEY is not set',
    ],
  ])('is refused for %s, and the old one goes on', async (_, change, because) => {
    const { base, child, over, folder, said } = await running()
    edit(folder, change)
    const told = await ramp(folder, 'reload')
    expect(told.status).not.toBe(0)
    expect(told.stderr).toContain(because)
    child.kill('SIGHUP')
    await expect.poll(said).toContain('the config is not taken up')
    expect(await askAs(base, 'ada')).toMatchObject({ status: 200, arm: expect.any(String) })
    expect(journalOf(folder)).toHaveLength(1)
    child.kill('SIGTERM')
    expect((await over).status).toBe(0)
  })

  it('has a key that was rotated in its file, and refuses one that the server does', async () => {
    const keys = new Set(['sk-old', 'sk-new'])
    const seen: (string | undefined)[] = []
    const production = await healthy()
    const candidate = await startTarget(
      ({ headers }, response) => {
        seen.push(headers.authorization)
        sendJson(response, 200, completion('Hello.'))
      },
      {
        models: (response) => {
          const key = response.req.headers.authorization?.replace('Bearer ', '') ?? ''
          sendJson(response, keys.has(key) ? 200 : 401, {})
        },
      },
    )
    const folder = temporaryFolder()
    writeRouterConfig(folder, { production: production.url, candidate: candidate.url, canary: { mode: 'shadow' } })
    edit(folder, ({ targets }) => (targets.candidate['keyFrom'] = { env: 'CANDIDATE_KEY' }))
    const key = join(folder, 'key')
    const rotate = (text: string) => writeFileSync(key, text, { mode: 0o600 })
    rotate('sk-old')
    const { base, child, over } = await startRouter(folder, { env: { CANDIDATE_KEY_FILE: key } })
    await askAs(base, 'ada')
    await expect.poll(() => seen).toEqual(['Bearer sk-old'])
    rotate('sk-new')
    const told = await ramp(folder, 'reload')
    expect(told.stdout).toContain('the key of targets.candidate  (a key) → (another one)')
    await askAs(base, 'ada')
    await expect.poll(() => seen).toEqual(['Bearer sk-old', 'Bearer sk-new'])
    rotate('sk-wrong')
    expect((await ramp(folder, 'reload')).stderr).toContain('the candidate refuses the key in CANDIDATE_KEY (HTTP 401)')
    await askAs(base, 'ada')
    // A copy may come after the user's own answer.
    await expect.poll(() => seen).toEqual(['Bearer sk-old', 'Bearer sk-new', 'Bearer sk-new'])
    child.kill('SIGTERM')
    const { stderr } = await over
    const journal = readFileSync(join(folder, 'reports/canary.journal.jsonl'), 'utf8')
    expect(`${stderr}${journal}`).not.toMatch(/sk-(?:old|new|wrong)/)
  })

  it('counts by its new rules what was seen before it', async () => {
    const { base, child, over, folder } = await running()
    const before = await askUntil(base, { users: 400, requests: 300 })
    const isOf = (arm: string) => before.filter((each) => each.arm === arm).length
    expect(isOf('candidate')).toBeGreaterThan(20)
    edit(folder, (config) => Object.assign(config, { gate: { rules: [{ metric: 'answered', margin: '30%' }] } }))
    expect((await ramp(folder, 'reload')).stdout).toContain('gate.rules')
    const status = async () => JSON.parse((await ramp(folder, '--json')).stdout)
    await expect
      .poll(status)
      .toMatchObject({ stageRequests: isOf('candidate'), evaluation: { requests: { candidate: isOf('candidate') } } })
    child.kill('SIGTERM')

    await over
  })
})
