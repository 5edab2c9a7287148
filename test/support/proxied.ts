// The router's proxy between servers of a test, closed with it.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import type { Feedback } from '../../src/canary/feedback.ts'
import { connectArm } from '../../src/canary/forward.ts'
import { type Assigned, createProxy, type ProxyOptions } from '../../src/canary/proxy.ts'
import { createRequests } from '../../src/canary/requests.ts'
import type { Served } from '../../src/canary/served.ts'
import type { Arm, Target, Timeouts } from '../../src/core/types.ts'
import { realClock } from '../../src/replay/real-clock.ts'
import { type ArmServer, answerJson, startArm } from './arm-server.ts'
import { targetOf } from './sender.ts'

const timeouts: Timeouts = { connectMs: 2000, firstTokenMs: 5000, idleMs: 5000, totalMs: 20_000 }
export const chat = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

interface Setting {
  readonly production: ArmServer
  readonly candidate: ArmServer | string
  readonly arm?: Arm
  readonly options?: Partial<ProxyOptions>
  readonly timeouts?: Partial<Timeouts>
  readonly target?: Partial<Target>
  readonly isCopied?: boolean
  readonly key?: string
}

/** Which goes to `arm`, whoever asks. */
export async function startProxy(setting: Setting) {
  const { production, candidate, arm = 'production', isCopied = false, key = null } = setting
  const own = { ...timeouts, ...setting.timeouts }
  const origins = {
    production: production.origin,
    candidate: typeof candidate === 'string' ? candidate : candidate.origin,
  }
  const connect = (which: Arm) => connectArm({ origin: origins[which], timeouts: own, connections: 8 })
  const connections = { production: connect('production'), candidate: connect('candidate') }
  const target = (which: Arm): Target => ({
    ...targetOf(`${origins[which]}/v1`),
    arm: which,
    model: null,
    overrides: {},
  })
  const served: Served[] = []
  const feedback: Feedback[] = []
  let leftOut = 0
  const { server, active } = createProxy({
    connections,
    assign: (): Assigned => ({
      arm,
      group: arm === 'candidate' ? 'candidate' : 'control',
      user: 'u',
      reason: 'user',
      isCopied,
      api: 'openai-chat',
      segments: {},
    }),
    requestTo: createRequests({
      arms: {
        production: { target: target('production'), key: null, headers: {} },
        candidate: { target: { ...target('candidate'), ...setting.target }, key, headers: {} },
      },
      ownHeaders: ['x-shadowgate-arm'],
    }),
    onServed: (one) => served.push(one),
    onFeedback: (one) => feedback.push(one),
    maxBodyBytes: 100_000,
    maxCopies: 1,
    onLeftOut: () => leftOut++,
    tellsArm: true,
    clock: realClock,
    ...setting.options,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
    await Promise.all([connections.production.destroy(), connections.candidate.destroy()])
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { base, served, feedback, active, leftOut: () => leftOut }
}

export function ask(base: string, body: object | string = chat, headers: Record<string, string> = {}) {
  return fetch(`${base}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** Answers who it is and what it was asked. */
export function startEcho(name: string): Promise<ArmServer> {
  return startArm((response, { path }) => answerJson(response, { name, path }))
}
