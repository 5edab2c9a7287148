// The demo's canary, as a newcomer runs it: the router that `serve` starts, its users, and a candidate that is worse.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli, temporaryFolder } from '../support/cli.ts'

const config = 'reports/demo-canary/shadowgate.yaml'
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
