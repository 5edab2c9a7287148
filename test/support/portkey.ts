// Portkey's gateway (@portkey-ai/gateway), as its package starts it, in a process of its own.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const server = fileURLToPath(new URL('../../node_modules/@portkey-ai/gateway/build/start-server.js', import.meta.url))
const loopback = new URL('on-loopback.ts', import.meta.url).href

/** Listens on a free port of loopback until the test ends. The address ends in `/v1`. */
export async function startPortkey(): Promise<string> {
  const child = fork(server, ['--headless'], {
    execArgv: ['--import', loopback],
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const failed = once(child, 'exit').then(([status]) => {
    throw new Error(`the gateway ended with status ${status}`)
  })
  const [port] = await Promise.race([once(child, 'message'), failed])
  failed.catch(() => {})
  return `http://127.0.0.1:${port}/v1`
}
