// The benches' mock provider counts what comes however it comes, and its answers bear their ids.

import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { startMock } from './support/mock.ts'

const mock = await startMock()
beforeEach(() => mock.reset())
afterAll(() => mock[Symbol.asyncDispose]())

const body = '{"messages":[]}'
const request = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** Sends pieces a moment apart and gives what came back until the text ends as awaited. */
async function exchange(pieces: readonly string[], isWhole: (heard: string) => boolean): Promise<string> {
  const socket = connect({ port: mock.ports.production, host: '127.0.0.1', noDelay: true })
  let heard = ''
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text))
  for (const piece of pieces) {
    socket.write(piece)
    await setTimeout(5)
  }
  while (!isWhole(heard)) await once(socket, 'data')
  socket.destroy()
  return heard
}

const answers = (heard: string) => heard.split('HTTP/1.1 200').length - 1

it('hears a request in pieces, and two in one piece', async () => {
  const pieces = [request.slice(0, 10), request.slice(10, -3), request.slice(-3), request + request]
  const heard = await exchange(pieces, (text) => answers(text) === 3 && text.endsWith('}}}'))
  expect(heard.match(/x-bench-id: \d+/g)).toEqual([
    'x-bench-id: 0000000000',
    'x-bench-id: 0000000001',
    'x-bench-id: 0000000002',
  ])
  expect(heard).toContain('"content":"#0000000002 ')
  expect(await mock.read()).toMatchObject({ production: 3, candidate: 0, others: 0 })
})

it('does not take the probe for a question', async () => {
  await exchange(['GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n'], (text) => text.includes('"data":[]'))
  expect(await mock.read()).toMatchObject({ production: 0, others: 1 })
})

it('streams as many events as asked for, and knows how long the first took', async () => {
  await mock.reset({ delayMs: 20, stream: { events: 5, gapMs: 1 } })
  const heard = await exchange([request], (text) => text.endsWith('0\r\n\r\n'))
  expect(heard.match(/"delta":\{[^}]*"content"/g)).toHaveLength(5)
  expect(heard).toContain('data: [DONE]')
  const { residenceMs } = await mock.read()
  expect(residenceMs).toHaveLength(1)
  expect(residenceMs[0]).toBeGreaterThan(18)
})
