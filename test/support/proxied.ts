// The router's proxy between servers of a test, closed with it.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { type ArmTargetsOptions, createArmTargets } from '../../src/canary/proxy/arm-targets.ts'
import type { ClientLimits } from '../../src/canary/proxy/client-server.ts'
import { isFailure } from '../../src/canary/proxy/failing.ts'
import type { Feedback } from '../../src/canary/proxy/feedback.ts'
import { type ArmConnections, connectArm } from '../../src/canary/proxy/forward.ts'
import { type Assigned, createProxy, type ProxyOptions } from '../../src/canary/proxy/proxy.ts'
import { createRequests } from '../../src/canary/proxy/requests.ts'
import type { Served } from '../../src/canary/served/served.ts'
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

const limits: ClientLimits = {
  mostConnections: 100,
  maxHeaderBytes: 16_000,
  headersMs: 30_000,
  requestMs: 30_000,
  keepAliveMs: 30_000,
  stalledMs: 30_000,
}

interface Setting {
  readonly production: ArmServer
  readonly candidate: ArmServer | string
  readonly arm?: Arm
  readonly options?: Partial<ProxyOptions>
  readonly limits?: Partial<ClientLimits>
  /** Of either arm. */
  readonly targets?: Partial<ArmTargetsOptions>
  /** Further ones, by their origins. */
  readonly more?: Partial<
    Record<Arm, readonly { readonly origin: string; readonly weight?: number; readonly isControls?: boolean }[]>
  >
  readonly timeouts?: Partial<Timeouts>
  readonly target?: Partial<Target>
  /** Comes between the proxy and the candidate. */
  readonly spoilt?: (connections: ArmConnections) => ArmConnections
  readonly isCopied?: boolean
  readonly key?: string
  /** Who asks; null: nobody whose key is known, so that targets take turns. */
  readonly user?: string | null
}

/** Which goes to `arm`, whoever asks. */
export async function startProxy(setting: Setting) {
  const { production, candidate, arm = 'production', isCopied = false, key = null, user = 'u' } = setting
  const own = { ...timeouts, ...setting.timeouts }
  const origins = {
    production: production.origin,
    candidate: typeof candidate === 'string' ? candidate : candidate.origin,
  }
  const changes: (readonly [target: string, isDown: boolean])[] = []
  const originsOf = (which: Arm) => [
    { origin: origins[which], weight: 1, isControls: false },
    ...(setting.more?.[which] ?? []),
  ]
  const connect = (which: Arm) =>
    createArmTargets({
      targets: originsOf(which).map(({ origin, weight = 1, isControls = false }) => {
        const plain = connectArm({ origin, timeouts: own, connections: 8 })
        const connections = which === 'candidate' && setting.spoilt ? setting.spoilt(plain) : plain
        return { name: origin, weight, isControls, connections }
      }),
      mostInFlight: 8,
      waiting: { most: 4, waitMs: 2000 },
      breaker: { failures: 1000, openMs: 60_000 },
      isFailure: (status) => isFailure(status, which === 'candidate'),
      totalMs: own.totalMs,
      onChange: (name, isDown) => changes.push([name, isDown]),
      clock: realClock,
      ...setting.targets,
    })
  const arms = { production: connect('production'), candidate: connect('candidate') }
  const target = (which: Arm, origin: string): Target => ({
    ...targetOf(`${origin}/v1`),
    arm: which,
    model: null,
    overrides: {},
  })
  const served: Served[] = []
  const feedback: Feedback[] = []
  let leftOut = 0
  const proxy = createProxy({
    arms,
    assign: (): Assigned => ({
      arm,
      group: arm === 'candidate' ? 'candidate' : 'control',
      user,
      reason: user === null ? 'request' : 'user',
      isCopied,
      api: 'openai-chat',
      segments: {},
    }),
    requestTo: createRequests({
      arms: {
        production: originsOf('production').map(({ origin }) => {
          return { target: target('production', origin), key: null, headers: {} }
        }),
        candidate: originsOf('candidate').map(({ origin }) => {
          return { target: { ...target('candidate', origin), ...setting.target }, key, headers: {} }
        }),
      },
      ownHeaders: ['x-shadowgate-arm'],
    }),
    onServed: (one) => served.push(one),
    onFeedback: (one) => feedback.push(one),
    maxBodyBytes: 100_000,
    limits: { ...limits, ...setting.limits },
    maxCopies: 1,
    onLeftOut: () => leftOut++,
    tellsArm: true,
    clock: realClock,
    ...setting.options,
  })
  const { server, active } = proxy
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
    await Promise.all([arms.production.destroy(), arms.candidate.destroy()])
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { base, served, feedback, active, proxy, arms, changes, leftOut: () => leftOut }
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
