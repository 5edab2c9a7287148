// A message on its way, to real servers that take it, refuse it, are busy, or hang up.

import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { callHook } from '../../src/notify/hook.ts'
import { post } from '../../src/notify/post.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { judged } from './nights.ts'

async function receiver(answer: (response: ServerResponse, number: number) => void) {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => answer(response, bodies.push(body)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`, bodies }
}

/** A clock whose sleeps are over at once, and told. */
function clock() {
  const slept: number[] = []
  return { slept, clock: { ...createFakeClock(), sleep: async (ms: number) => void slept.push(ms) } }
}

async function deliver(url: string, time = clock(), timeoutMs = 2000) {
  const outcome = await post({ url, headers: {}, body: '{"a":1}' }, { clock: time.clock, timeoutMs, tries: 3 })
  return { outcome, slept: time.slept }
}

test('a message is posted once', async () => {
  const { url, bodies } = await receiver((response) => response.writeHead(204).end())
  expect(await deliver(url)).toEqual({ outcome: { isDelivered: true }, slept: [] })
  expect(bodies).toEqual(['{"a":1}'])
})

test('a busy receiver is asked again, when it says', async () => {
  const { url, bodies } = await receiver((response, number) =>
    number === 1
      ? response.writeHead(429, { 'retry-after': '7' }).end()
      : response.writeHead(number === 2 ? 503 : 200).end(),
  )
  expect(await deliver(url)).toEqual({ outcome: { isDelivered: true }, slept: [7000, 4000] })
  expect(bodies).toHaveLength(3)
})

test('what is refused is not tried again', async () => {
  const { url, bodies } = await receiver((response) => response.writeHead(404).end())
  expect(await deliver(url)).toEqual({ outcome: { isDelivered: false, because: 'HTTP 404' }, slept: [] })
  expect(bodies).toHaveLength(1)
})

test('a receiver that wants an hour is not waited for', async () => {
  const { url } = await receiver((response) => response.writeHead(503, { 'retry-after': '3600' }).end())
  expect(await deliver(url)).toEqual({ outcome: { isDelivered: false, because: 'HTTP 503' }, slept: [] })
})

test('one that hangs up, and one that hangs, end in a reason without the address', async () => {
  const rude = await receiver((response) => response.destroy())
  const { outcome, slept } = await deliver(rude.url)
  expect(outcome).toMatchObject({ isDelivered: false })
  expect(JSON.stringify(outcome)).not.toContain('secret-path')
  expect(slept).toEqual([1000, 4000])
  const silent = await receiver(() => {})
  expect((await deliver(silent.url, clock(), 50)).outcome).toEqual({
    isDelivered: false,
    because: 'no answer within 50 ms',
  })
})

const hook = (script: string, timeoutMs = 20_000) => ({
  command: [process.execPath, '-e', script],
  cwd: process.cwd(),
  env: { PATH: process.env['PATH'] },
  timeoutMs,
})

test('a command gets the night in its environment and on its standard input', async () => {
  const said: string[] = []
  const script = `
    let text = ''
    process.stdin.on('data', (chunk) => { text += chunk }).on('end', () => {
      console.log(process.env.SHADOWGATE_DECISION, process.env.SHADOWGATE_PREVIOUS_DECISION, JSON.parse(text).pairs)
      console.log(process.env.SHADOWGATE_BECAUSE)
    })`
  expect(await callHook(judged({ because: '$(touch pwned) `id`' }), hook(script), (line) => said.push(line))).toEqual({
    isDelivered: true,
  })
  expect(said).toEqual(['NO-GO GO 1980', '$(touch pwned) `id`'])
})

test.each([
  ['that fails', hook('process.exit(3)'), /exited with 3/],
  ['that hangs', hook('setInterval(() => {}, 1000)', 300), /ended by SIGKILL/],
  ['that is not there', { ...hook(''), command: ['./no-such-program'] }, /ENOENT/],
  ['that reads nothing', hook('process.stdin.destroy(); process.exit(4)'), /exited with 4/],
])('a command %s is a reason, not an exception', async (_, broken, because) => {
  const outcome = await callHook(judged({ because: 'x'.repeat(60_000) }), broken, () => {})
  expect(outcome.isDelivered ? '' : outcome.because).toMatch(because)
})
