// Requests as LiteLLM and Envoy AI Gateway send them. Neither can run here (Python; Kubernetes): what they send is from their
// documents and source, read in November 2026, and no recording. Portkey's, which runs here, is in `test/e2e/gateways.test.ts`.

import { describe, expect, it } from 'vitest'
import { modelIn, type RouterOptions, route } from '../../../src/canary/dealing/router.ts'
import { type KeySource, pseudonymOf } from '../../../src/canary/dealing/user-key.ts'
import { rampOf } from '../../../src/canary/ramp/ramp.ts'
import type { Arm } from '../../../src/core/types.ts'
import { endpointOf } from '../../../src/providers/endpoint.ts'
import { answerJson, startArm } from '../../support/arm-server.ts'
import { startProxy } from '../../support/proxied.ts'

const salt = 'salt'

/** Everybody on one arm; users are found by `key`. */
async function startRouted(arm: Arm, key: readonly KeySource[], api: string) {
  const answering = () => startArm((response) => answerJson(response, { ok: true }))
  const [production, candidate] = [await answering(), await answering()]
  const state = rampOf([
    {
      kind: 'opened',
      at: '',
      by: { kind: 'person', name: 'ada' },
      mode: 'canary',
      fingerprint: 'f',
      stages: [{ share: arm === 'candidate' ? 1 : 0.0001, minMinutes: 0, minRequests: 0 }],
      permit: { kind: 'override', because: 'a test' },
    },
  ])
  const options: RouterOptions = {
    key,
    salt,
    overrideHeader: null,
    traceHeader: null,
    model: 'now',
    chance: () => 0.5,
  }
  const { base, served } = await startProxy({
    production,
    candidate,
    target: { model: 'next', api },
    options: {
      assign: ({ headers, json, path }) => {
        const model = modelIn(json)
        const endpoint = endpointOf(path)
        const assignment = route({ headers, body: json, isAsking: endpoint !== null, model }, state, options)
        return { ...assignment, api: endpoint?.api ?? null, segments: {} }
      },
    },
  })
  return { base, served, heard: arm === 'candidate' ? candidate.heard : production.heard }
}

interface Sent {
  readonly from: string
  readonly source: string
  readonly key: readonly KeySource[]
  readonly api: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: object
  /** The user, as the first source that has one names them. */
  readonly user: string
  /** Must reach the arm as they are. */
  readonly kept: readonly string[]
}

const chat = { model: 'now', messages: [{ role: 'user', content: 'Hi' }] }

const requests: readonly Sent[] = [
  {
    from: 'LiteLLM, chat: the user in the body, the client’s x- headers where its model group forwards them',
    source: 'docs.litellm.ai/docs/proxy/forward_client_headers; litellm/llms/openai (it asks by the OpenAI client)',
    key: [{ header: 'x-litellm-end-user-id' }, { body: 'user' }],
    api: 'openai-chat',
    path: '/v1/chat/completions',
    headers: {
      authorization: 'Bearer sk-litellm-has-it',
      'user-agent': 'AsyncOpenAI/Python 2.8.0',
      'x-stainless-lang': 'python',
      'x-stainless-retry-count': '0',
      'x-litellm-tags': 'chat,eu',
      'x-trace-id': 't-1',
    },
    body: { ...chat, user: 'ada', stream_options: { include_usage: true }, stream: true },
    user: 'body user:ada',
    kept: ['authorization', 'x-stainless-lang', 'x-litellm-tags', 'x-trace-id'],
  },
  {
    from: 'LiteLLM, chat: the customer in a header that it forwards',
    source: 'docs.litellm.ai/docs/proxy/request_headers',
    key: [{ header: 'x-litellm-end-user-id' }, { body: 'user' }],
    api: 'openai-chat',
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer sk', 'x-litellm-end-user-id': 'bob', 'x-litellm-num-retries': '2' },
    body: { ...chat, user: 'ada' },
    user: 'header x-litellm-end-user-id:bob',
    kept: ['x-litellm-end-user-id', 'x-litellm-num-retries'],
  },
  {
    from: 'LiteLLM: JSON in a header',
    source: 'docs.litellm.ai/docs/proxy/request_headers, x-litellm-spend-logs-metadata',
    key: [{ header: 'x-litellm-spend-logs-metadata', field: 'user_id' }],
    api: 'openai-chat',
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer sk', 'x-litellm-spend-logs-metadata': '{"user_id":"12345","project_id":"p"}' },
    body: chat,
    user: 'header x-litellm-spend-logs-metadata user_id:12345',
    kept: ['x-litellm-spend-logs-metadata'],
  },
  {
    from: 'LiteLLM, a chat that it asks Anthropic: the user becomes metadata.user_id',
    source: 'litellm/llms/anthropic: <api_base>/v1/messages, x-api-key, anthropic-version',
    key: [{ body: 'metadata.user_id' }],
    api: 'anthropic-messages',
    path: '/v1/messages',
    headers: { 'x-api-key': 'sk-ant', 'anthropic-version': '2023-06-01', accept: 'application/json' },
    body: { ...chat, max_tokens: 100, metadata: { user_id: 'ada' } },
    user: 'body metadata.user_id:ada',
    kept: ['x-api-key', 'anthropic-version'],
  },
  {
    from: 'Envoy AI Gateway: the model in a header of its own, and Envoy’s headers',
    source: 'aigateway.envoyproxy.io, AIGatewayRoute: x-ai-eg-model is read from the body before the route is chosen',
    key: [{ header: 'x-user-id' }],
    api: 'openai-chat',
    path: '/v1/chat/completions',
    headers: {
      authorization: 'Bearer sk',
      'x-ai-eg-model': 'now',
      'x-envoy-expected-rq-timeout-ms': '60000',
      'x-envoy-attempt-count': '1',
      'x-forwarded-for': '10.0.0.7',
      'x-forwarded-proto': 'http',
      'x-request-id': '0a8f2a1c-0001-4c5e-9f00-000000000001',
      'x-user-id': 'eve',
    },
    body: chat,
    user: 'header x-user-id:eve',
    kept: ['x-ai-eg-model', 'x-request-id', 'x-forwarded-for', 'x-envoy-attempt-count'],
  },
]

describe.each(requests)('$from', ({ key, api, path, headers, body, user, kept }) => {
  it.each<Arm>(['production', 'candidate'])('goes through to %s, with its user', async (arm) => {
    const { base, served, heard } = await startRouted(arm, key, api)
    const text = JSON.stringify(body)
    const response = await fetch(base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    })
    expect([response.status, await response.json()]).toEqual([200, { ok: true }])
    const asked = heard[0]
    expect(asked?.path).toBe(path)
    for (const name of kept) expect(asked?.headers[name], name).toBe(headers[name])
    if (arm === 'production') expect(asked?.body).toBe(text)
    else expect(JSON.parse(asked?.body ?? '')).toEqual({ ...body, model: 'next' })
    await expect.poll(() => served.map((one) => one.user)).toEqual([pseudonymOf(user, salt)])
    expect(served[0]).toMatchObject({ api, servedBy: arm, reason: 'user' })
  })
})
