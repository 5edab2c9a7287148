// The command that is told of a night: what it gets, and every way in which it may go wrong.

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callHook, type Hook } from '../../src/notify/hook.ts'
import type { News } from '../../src/notify/news.ts'
import { temporaryFolder } from '../support/cli.ts'
import { failed, judged, news } from './nights.ts'

const hook = (script: string, timeoutMs = 20_000): Hook => ({
  command: [process.execPath, '-e', script],
  cwd: process.cwd(),
  env: { PATH: process.env['PATH'] },
  timeoutMs,
})

async function call(each: News, called: Hook) {
  const said: string[] = []
  return { outcome: await callHook(each, called, (line) => said.push(line)), said }
}

test('a command gets the night in its environment and on its standard input, and no shell reads it', async () => {
  const script = `
    let text = ''
    process.stdin.on('data', (chunk) => { text += chunk }).on('end', () => {
      const { SHADOWGATE_DECISION: now, SHADOWGATE_PREVIOUS_DECISION: then, SHADOWGATE_REPORT_URL: url } = process.env
      console.log(now, then, url, JSON.parse(text).pairs)
      console.log(process.env.SHADOWGATE_BECAUSE)
    })`
  const told = news(judged({ because: '$(touch pwned) `id`' }), {}, { reportUrl: 'https://r.example/r2' })
  expect(await call(told, hook(script))).toEqual({
    outcome: { isDelivered: true, answer: 'exited with 0' },
    said: ['NO-GO GO https://r.example/r2 1980', '$(touch pwned) `id`'],
  })
})

test('a test, and a failure, are told from a decision', async () => {
  const script = 'const e = process.env; console.log(e.SHADOWGATE_TEST, e.SHADOWGATE_DECISION, e.SHADOWGATE_FAILURES)'
  expect((await call(news(failed(), { failures: 2 }, { isTest: true }), hook(script))).said).toEqual(['1 none 3'])
})

test.each<[string, Hook, RegExp]>([
  ['that fails', hook('process.exit(3)'), /^it exited with 3$/],
  ['that crashes', hook('process.kill(process.pid, "SIGABRT")'), /^it was ended by SIGABRT$/],
  ['that hangs', hook('setInterval(() => {}, 1000)', 300), /^it had not ended after 300 ms, and was made to$/],
  [
    'that does not heed SIGTERM',
    hook('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)', 300),
    /^it had not ended after 300 ms, and was made to$/,
  ],
  ['that is not there', { ...hook(''), command: ['./no-such-program'] }, /ENOENT/],
  ['without a name', { ...hook(''), command: [''] }, /could not be started/],
  ['whose folder is gone', { ...hook(''), cwd: '/no/such/folder' }, /ENOENT/],
  ['that reads nothing', hook('process.stdin.destroy(); process.exit(4)'), /^it exited with 4$/],
])('a command %s is a reason, not an exception', async (_, broken, because) => {
  const { outcome } = await call(news(judged({ because: 'x\0'.repeat(100_000) })), broken)
  expect(outcome.isDelivered ? '' : outcome.because).toMatch(because)
})

test('a command that may not be executed is a reason', async () => {
  const file = join(temporaryFolder(), 'hook.sh')
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, 0o644)
  const { outcome } = await call(news(judged()), { ...hook(''), command: [file] })
  expect(outcome).toEqual({ isDelivered: false, because: 'the program may not be executed (EACCES)' })
})

test('what a command started is ended with it', async () => {
  const file = join(temporaryFolder(), 'pid')
  const child = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'
  const script = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })
    require('node:fs').writeFileSync(${JSON.stringify(file)}, String(child.pid))
    setInterval(() => {}, 1000)`
  const leave = new AbortController()
  const started = call(news(judged()), { ...hook(script), leave: leave.signal })
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8') !== '').toBe(true)
  const pid = Number(readFileSync(file, 'utf8'))
  expect(isRunning(pid)).toBe(true)
  leave.abort()
  expect((await started).outcome).toEqual({
    isDelivered: false,
    because: 'it had not ended when the job was asked to, and was made to',
  })
  await expect.poll(() => isRunning(pid)).toBe(false)
})

/** One that ended, and whose parent is gone, may still have a number: it runs no more. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test('a command that leaves something running with its output is not waited for', async () => {
  const child = 'setTimeout(() => {}, 60_000)'
  const script = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit', detached: true })
    child.unref()
    console.log(child.pid)
    process.exitCode = 0`
  const { outcome, said } = await call(news(judged()), hook(script))
  expect(outcome).toEqual({ isDelivered: true, answer: 'exited with 0' })
  const pid = Number(said[0])
  expect(isRunning(pid)).toBe(true)
  process.kill(pid, 'SIGKILL')
})

test('a flood of output is read to its end, and shown so far', async () => {
  const script = `
    console.log('first')
    console.log('key sk-proj-abcdefghij0123456789 \\x1b[31mred')
    for (let i = 0; i < 20_000; i++) console.log('line ' + i + 'x'.repeat(100))`
  const { outcome, said } = await call(news(judged()), hook(script))
  expect(outcome.isDelivered).toBe(true)
  expect(said.slice(0, 2)).toEqual(['first', 'key [secret] ⟨U+001B⟩[31mred'])
  expect(said.length).toBeLessThanOrEqual(101)
  expect(said.at(-1)).toBe('… it said more, which is left out')
})
