// A server of the control's own beside production that is down: who waits for it, and who does not.

import { expect, it } from 'vitest'
import { answerJson, startArm } from '../../support/arm-server.ts'
import { ask, chat, startProxy } from '../../support/proxied.ts'

it('is none that others wait for: production that is down tells them when to come again', async () => {
  const [production, own] = [await startArm((response) => answerJson(response, {}, 500)), await startArm(() => {})]
  const { base } = await startProxy({
    production,
    candidate: 'http://127.0.0.1:1',
    more: { production: [{ origin: own.origin, isControls: true }] },
    targets: {
      mostInFlight: 1,
      waiting: { most: 2, waitMs: 600_000 },
      breaker: { failures: 1, openMs: 600_000 },
    },
    options: {
      assign: ({ headers }) => ({
        arm: 'production',
        group: headers['x-group'] === 'control' ? 'control' : 'rest',
        user: 'u',
        reason: 'user',
        isCopied: false,
        api: 'openai-chat',
        segments: {},
      }),
    },
  })
  expect((await ask(base)).status).toBe(500)
  void ask(base, chat, { 'x-group': 'control' }).catch(() => {})
  await expect.poll(() => own.heard.length).toBe(1)
  const response = await ask(base)
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '600'])
})
