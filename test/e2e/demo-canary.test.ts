// The demo's canary, as a newcomer runs it: the router that `serve` starts, its users, and a candidate that is worse.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { answerJson, startArm } from '../support/arm-server.ts'
import { type CliResult, runCli, temporaryFolder } from '../support/cli.ts'
import { askDoor } from '../support/router-door.ts'

const config = 'reports/demo-canary/shadowgate.yaml'
const journal = 'reports/demo-canary/canary.jsonl'
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

it('takes a candidate back that is slower, and says by what', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder()
  const result = await runCli(['demo', '--canary', '--candidate', 'slower'], { cwd: folder })
  expect(result.stderr).not.toMatch(/error\[|Warning/)
  expect(result.status).toBe(0)
  expect(result.stdout).toMatch(/✗ fail {2,}Latency p50 {2,}blocks {2,}/)
  expect(result.stdout).toMatch(
    /rolled back, everybody is on production: .*latency-p50.*\(NO-GO, \d+ against \d+ users\)/,
  )
  // What it left behind is read as any project's is.
  const history = await runCli(['ramp', 'history', '--config', config], { cwd: folder })
  expect(result.stdout.endsWith(history.stdout)).toBe(true)
  expect(readFileSync(join(folder, 'reports/demo-canary/requests.jsonl'), 'utf8')).not.toContain('sk-demo')
})

it('can be asked and steered from another terminal, in the words of the README', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder()
  let asked = ''
  const demo = await runCli(['demo', '--canary'], {
    cwd: folder,
    onStart: (child) => {
      let heard = ''
      child.stderr?.on('data', (text: string) => {
        heard += text
        if (asked !== '' || !heard.includes('in another terminal')) return
        asked = 'is asked'
        void (async () => {
          while (!/Cache-hit rate {2}/.test(asked))
            asked = (await runCli(['ramp', '--config', config], { cwd: folder })).stdout
          await runCli(['ramp', 'rollback', '--because', 'seen enough', '--config', config], { cwd: folder })
        })()
      })
    },
  })
  expect(demo.status).toBe(0)
  expect(demo.stdout).toContain('seen enough')
  const shown = /after 25 s[\s\S]*?and `shadowgate ramp history`/.exec(readme)?.[0] ?? ''
  const heads = [...shown.matchAll(/^ {4}([a-z]+) {1,2}/gm)].map(([, head]) => head)
  expect(heads).toEqual(['canary', 'ramp', 'models', 'waits', 'takes', 'verdict', 'requests', 'guards'])
  // What a stage still takes is said once something is compared.
  for (const head of heads.filter((each) => each !== 'takes')) expect(asked).toMatch(new RegExp(`^${head} `, 'm'))
  for (const label of ['Answered', 'Latency p50', 'Cache-hit rate']) expect(asked).toContain(`${label}  `)
})

it('names the words that --candidate takes there', async () => {
  const folder = temporaryFolder()
  const result = await runCli(['demo', '--canary', '--candidate', 'june'], { cwd: folder })
  expect([result.status, result.stderr]).toEqual([64, expect.stringContaining('--candidate takes same or slower')])
  expect(existsSync(join(folder, 'reports'))).toBe(false)
})

/** Resolves once its router runs. */
async function startDemo(folder: string, flags: readonly string[] = [], env: Record<string, string> = {}) {
  const found: { end?: () => void } = {}
  const over: Promise<CliResult> = runCli(['demo', '--canary', ...flags], {
    cwd: folder,
    env,
    onStart: (child) => {
      found.end = () => void child.kill('SIGINT')
    },
  })
  const phase = async () => (await askDoor(folder, null, journal).catch(() => null))?.phase
  await expect.poll(phase).toBe('open')
  return { end: () => found.end?.(), over }
}

it('lets no second one have its folder, and ends with a Ctrl-C', async () => {
  const folder = temporaryFolder()
  const first = await startDemo(folder)
  const second = await runCli(['demo', '--canary'], { cwd: folder })
  expect([second.status, second.stderr]).toEqual([
    69,
    expect.stringMatching(/error\[JOURNAL_HELD\].*\n {2}run it in another folder/),
  ])
  first.end()
  const { status, stdout, stderr } = await first.over
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('error[')])
  expect(stdout).toMatch(/ramp history.*\n.*opened/)
})

it('prints one document where JSON is asked for, and has no setting of the user’s own router', async () => {
  const folder = temporaryFolder()
  const own = join(folder, 'own.jsonl')
  const collector = await startArm((response) => answerJson(response, {}))
  const env = {
    SHADOWGATE_CANARY_JOURNAL: own,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin,
    OTEL_TRACES_SAMPLER: 'always_on',
  }
  const { over } = await startDemo(folder, ['--json'], env)
  await askDoor(folder, { action: 'rollback' }, journal)
  const { status, stdout } = await over
  expect([status, existsSync(own), collector.heard.length]).toEqual([0, false, 0])
  const { events } = JSON.parse(stdout) as { readonly events: readonly { readonly kind: string }[] }
  expect(events.map(({ kind }) => kind)).toEqual(['opened', 'rolled-back'])
})

it('ends its router and lets go of the journal where it can’t ask how the ramp stands', async () => {
  const folder = temporaryFolder()
  const { over } = await startDemo(folder)
  const door = join(folder, `${journal}.door`)
  const { port, token } = JSON.parse(readFileSync(door, 'utf8')) as { port: number; token: string }
  rmSync(door)
  await fetch(`http://127.0.0.1:${port}/ramp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ action: 'rollback', because: 'a test', by: 'ada' }),
  })
  const { status, stderr } = await over
  expect([status, stderr]).toEqual([69, expect.stringContaining('error[NOT_RUNNING]')])
  expect(existsSync(join(folder, 'reports/demo-canary/.canary.jsonl.holder'))).toBe(false)
})

it('says where it can’t write', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'reports'), '')
  const { status, stderr } = await runCli(['demo', '--canary'], { cwd: folder })
  expect([status, stderr]).toEqual([
    65,
    expect.stringMatching(/error\[CONFIG_UNWRITABLE\].*can't be written.*\n.*folder/),
  ])
})
