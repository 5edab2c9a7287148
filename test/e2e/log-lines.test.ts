// The log of a night that nobody watches: JSON, a line each, with the night, the run and the stage that it is about.

import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

interface Line {
  readonly time: string
  readonly level: string
  readonly msg: string
  readonly night?: string
  readonly run?: string
  readonly stage?: string
  readonly code?: string
}

function linesOf(stderr: string): Line[] {
  return stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const unattended = { SHADOWGATE_LOG_FORMAT: 'auto' }

it('run writes JSON where standard error is no terminal, and its result as ever', async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('an answer')))
  const folder = createProject({ production: target.url, candidate: target.url, records: 20 })
  const result = await runCli(['run'], { cwd: folder, env: unattended })
  const lines = linesOf(result.stderr)
  expect(new Set(lines.map(({ level }) => level))).toEqual(new Set(['info']))
  const [first, last] = [lines[0], lines.at(-1)]
  expect(first).toMatchObject({
    night: expect.stringMatching(/^night-\d{8}-/),
    stage: 'check',
    msg: 'check both targets',
  })
  expect(last).toMatchObject({ night: first?.night, run: expect.stringMatching(/^\d{8}-/) })
  expect(lines.map(({ stage }) => stage)).toContain('replay')
  for (const { time, msg } of lines) {
    expect(new Date(time).toISOString()).toBe(time)
    expect(msg).not.toMatch(/ {2}|\n/)
  }
  expect(result.stdout).toMatch(/INCONCLUSIVE|GO|INVALID/)
  expect(result.stdout).not.toContain('"level"')
})

it('an error is a line of its own, with its code, its place and what to do', async () => {
  const folder = createProject({ production: 'http://127.0.0.1:1/v1', candidate: 'http://127.0.0.1:1/v1', records: 2 })
  const down = await runCli(['run', '--json'], { cwd: folder, env: unattended })
  expect(down.status).toBe(69)
  expect(linesOf(down.stderr).at(-1)).toMatchObject({
    level: 'error',
    code: 'TARGET_UNREACHABLE',
    place: expect.stringContaining('targets.'),
    hint: expect.any(String),
    night: expect.any(String),
  })
  expect(JSON.parse(down.stdout).error.code).toBe('TARGET_UNREACHABLE')
  const unread = await runCli(['run', '--config', 'nowhere.yaml'], { cwd: folder, env: unattended })
  expect(linesOf(unread.stderr)).toMatchObject([{ level: 'error', code: 'CONFIG_MISSING' }])
  // The scheduler said these in words for people.
  const lost = await runCli(['nightly', '--once', '--config', 'nowhere.yaml'], { cwd: folder, env: unattended })
  expect(linesOf(lost.stderr)).toMatchObject([{ level: 'error', code: 'CONFIG_MISSING' }])
  const nowhere = await runCli(['nightly', '--once', '--tz', 'Mars/Base'], { cwd: folder, env: unattended })
  expect(linesOf(nowhere.stderr)).toMatchObject([{ level: 'error', code: 'BAD_CONFIG' }])
})

it.each([
  ['in CI', { ...unattended, CI: 'true' }, ['run']],
  ['where the config says so', unattended, ['run', '--log-format', 'text']],
  ['of other commands', unattended, ['plan', '--logs', 'nowhere.jsonl']],
])('lines %s are for people', async (_where, env, args) => {
  const folder = createProject({ production: 'http://127.0.0.1:1/v1', candidate: 'http://127.0.0.1:1/v1', records: 2 })
  expect((await runCli(args, { cwd: folder, env })).stderr).toMatch(/^error\[[A-Z_]+\]/m)
})
