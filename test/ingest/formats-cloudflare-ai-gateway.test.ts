// Cloudflare's AI Gateway: lines as Logpush sends them, sealed here with a pair of keys as the gateway seals them.

import { generateKeyPairSync, publicEncrypt, webcrypto } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { cloudflareAiGateway } from '../../src/ingest/formats/cloudflare-ai-gateway.ts'
import { formats } from '../../src/ingest/index.ts'
import type { CapturedExchange, LogFormat } from '../../src/ingest/log-format.ts'
import { jsonl, readAll, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const pairOf = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
const { publicKey, privateKey } = pairOf()

type Sealed = { readonly type: string; readonly key: string; readonly iv: string; readonly data: string }

/** As Cloudflare's documentation opens it: RSA-OAEP with SHA-256 around the key, AES-GCM of WebCrypto around the text. */
async function sealed(text: string): Promise<Sealed> {
  const key = await webcrypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt'])
  const iv = webcrypto.getRandomValues(new Uint8Array(12))
  const data = await webcrypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, Buffer.from(text))
  const raw = Buffer.from(await webcrypto.subtle.exportKey('raw', key))
  const wrapped = publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, raw)
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  return { type: 'encrypted', key: base64(wrapped), iv: base64(iv), data: base64(new Uint8Array(data)) }
}

const asked = { model: 'gpt-x', messages: [{ role: 'user', content: 'Größe?' }] }
const answer = { choices: [{ index: 0, message: { role: 'assistant', content: '30 cm' }, finish_reason: 'stop' }] }

async function pushed(change: JsonObject = {}): Promise<JsonObject> {
  return {
    Cached: false,
    Endpoint: 'v1/chat/completions',
    Gateway: 'prod',
    Metrics: { cost: 0.0042, durationMs: 812 },
    Model: 'gpt-x',
    Provider: 'openai',
    StatusCode: 200,
    Timestamp: '2026-09-01T10:00:00Z',
    Metadata: await sealed(JSON.stringify({ user_id: 'person-1', route: 'greeting' })),
    RequestBody: await sealed(JSON.stringify(asked)),
    ResponseBody: await sealed(JSON.stringify(answer)),
    ...change,
  }
}

const opened = cloudflareAiGateway(privateKey)
const withKey = formats.map((format) => (format.name === opened.name ? opened : format))

function exchangeOf(format: LogFormat, line: Json): CapturedExchange {
  const [entry] = format.read(line)
  if (entry?.kind !== 'whole') throw new Error(JSON.stringify(entry))
  return entry.exchange
}

describe('what Logpush sends', () => {
  test('is opened with the private key', async () => {
    const log = writeLog(folder, 'opened.jsonl', jsonl(await pushed()))
    const { records, rejected, text } = await readAll([log], { formats: withKey })
    expect(rejected).toEqual([])
    expect(records).toMatchObject([
      {
        api: 'openai-chat',
        body: asked,
        recorded: { text: '30 cm' },
        recordedTiming: { totalMs: 812 },
        capturedAt: '2026-09-01T10:00:00.000Z',
        segments: { route: 'greeting' },
        cluster: expect.stringMatching(/^u-/),
        fidelity: 'full',
      },
    ])
    expect(text).not.toContain('person-1')
  })

  test('is a call without its request where nobody gave the key, and says which setting it is', async () => {
    const { records, files } = await readAll([writeLog(folder, 'closed.jsonl', jsonl(await pushed()))])
    expect(files[0]?.format).toBe('cloudflare-ai-gateway')
    expect(records).toMatchObject([
      {
        api: 'openai-chat',
        body: {},
        recorded: null,
        recordedTiming: { totalMs: 812 },
        fidelity: 'metadata-only',
        fidelityReason: expect.stringMatching(/needs the private key: logs\[\]\.privateKey/),
      },
    ])
  })

  test.each<[string, (field: Sealed) => Sealed]>([
    ['was changed', (field) => ({ ...field, data: `AAAA${field.data.slice(4)}` })],
    ['was cut', (field) => ({ ...field, data: field.data.slice(0, 8) })],
    ['has another initial vector', (field) => ({ ...field, iv: 'AAAAAAAAAAAAAAAA' })],
    ['has a key that is none', (field) => ({ ...field, key: 'AAAA' })],
  ])('is not taken for whole where it %s', async (_, change) => {
    const line = await pushed({ RequestBody: change(await sealed(JSON.stringify(asked))) })
    expect(exchangeOf(opened, line).damage?.reason).toMatch(/does not open `RequestBody`/)
  })

  test('is not opened by the key of another gateway', async () => {
    const other = cloudflareAiGateway(pairOf().privateKey)
    expect(exchangeOf(other, await pushed()).damage?.reason).toMatch(/is it of this gateway/)
  })

  test('may have been opened by somebody before', async () => {
    const line = await pushed({
      RequestBody: JSON.stringify(asked),
      ResponseBody: answer,
      Metadata: { session_id: 's' },
    })
    for (const format of [opened, cloudflareAiGateway(null)]) {
      expect(exchangeOf(format, line)).toMatchObject({ body: asked, response: answer, conversation: 's' })
    }
  })

  test('may be a stream', async () => {
    const stream =
      'data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    const log = writeLog(folder, 'stream.jsonl', jsonl(await pushed({ ResponseBody: await sealed(stream) })))
    const { records } = await readAll([log], { formats: withKey })
    expect(records[0]?.recorded?.text).toBe('Hello')
  })

  test('is no model’s answer where it came out of the cache, or is an error', async () => {
    expect(exchangeOf(opened, await pushed({ Cached: true }))).toMatchObject({
      body: asked,
      response: null,
      timing: null,
    })
    const ResponseBody = await sealed('{"error":{"code":"rate_limit_exceeded","message":"slow down"}}')
    expect(exchangeOf(opened, await pushed({ StatusCode: 429, ResponseBody }))).toMatchObject({
      response: null,
      timing: null,
      error: { status: 429, code: 'rate_limit_exceeded', message: 'slow down' },
    })
  })

  test('names Google’s models in the endpoint', async () => {
    const RequestBody = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }
    const Endpoint = 'v1beta/models/gemini-x:generateContent'
    expect(exchangeOf(opened, await pushed({ Endpoint, RequestBody }))).toMatchObject({
      api: 'gemini-generate-content',
      body: { model: 'gemini-x', ...RequestBody },
    })
  })

  test('without a stored payload is a call of which the rest is known', async () => {
    expect(exchangeOf(opened, await pushed({ RequestBody: null })).damage?.reason).toMatch(/storing of payloads/)
  })
})

test('a private key that is none says so, and does not quote it', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nsecret-words\n-----END PRIVATE KEY-----'
  expect(() => cloudflareAiGateway(key)).toThrow(/no PEM of an RSA private key/)
  expect(() => cloudflareAiGateway(key)).not.toThrow(/secret-words/)
})

describe('the list of logs', () => {
  const log = {
    id: '01J0',
    created_at: '2026-09-01T10:00:00Z',
    provider: 'openai',
    model: 'gpt-x',
    path: 'chat/completions',
    success: true,
    cached: false,
    status_code: 200,
    tokens_in: 12,
    tokens_out: 3,
    metadata: '{"route":"greeting"}',
  }

  test('is calls without bodies, in a page or one a line', async () => {
    const page = { success: true, result: [log, { ...log, id: '01J1', cached: true }], errors: [] }
    const { records } = await readAll([writeLog(folder, 'list.jsonl', jsonl(page, { ...log, id: '01J2' }))])
    expect(records).toMatchObject([
      { callId: '01J0', recordedUsage: { input: 12, output: 3 }, segments: { route: 'greeting' } },
      { callId: '01J1', recordedUsage: null },
      { callId: '01J2', fidelity: 'metadata-only', fidelityReason: expect.stringMatching(/no bodies/) },
    ])
  })

  test('does not say what Anthropic’s cache gave', () => {
    expect(exchangeOf(opened, { ...log, provider: 'anthropic' }).usage).toBeNull()
  })

  test('leaves embeddings out', () => {
    expect(opened.read({ ...log, path: 'embeddings' })).toMatchObject([{ kind: 'left-out' }])
  })
})
