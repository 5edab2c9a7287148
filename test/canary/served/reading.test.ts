// What passed, read again: as the metrics know it, and as the router's own log says it to `ingest`.

import { once } from 'node:events'
import type { Transform } from 'node:stream'
import {
  type BrotliCompress,
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  deflateSync,
  type Gzip,
  gzipSync,
  type ZstdCompress,
  zstdCompressSync,
} from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { callIn, type Logged, lineIn, servedLine, textOf } from '../../../src/canary/served/log-line.ts'
import { requestIn } from '../../../src/canary/served/logged-request.ts'
import { callOf } from '../../../src/canary/served/reading.ts'
import type { Served } from '../../../src/canary/served/served.ts'
import { opinionSchemaId, servedSchemaId } from '../../../src/core/served-line.ts'
import { shadowgateRouter } from '../../../src/ingest/formats/shadowgate-router.ts'
import { openaiChat } from '../../../src/providers/openai-chat.ts'

const chunk = (delta: object, more: object = {}) =>
  `data: ${JSON.stringify({ id: 'c', model: 'gpt-x', choices: [{ index: 0, delta, ...more }] })}\n\n`
const stream = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'No' }),
  chunk({ content: 'on.' }),
  chunk({}, { finish_reason: 'stop' }),
  'data: [DONE]\n\n',
]

function served(texts: readonly string[], parts: Partial<Served> = {}): Served {
  const pieces = texts.flatMap((text, n) => [Buffer.byteLength(text), 100 * (n + 1)])
  return {
    id: 'id-1',
    atMs: Date.UTC(2026, 10, 26, 8),
    api: 'openai-chat',
    path: '/v1/chat/completions',
    arm: 'candidate',
    servedBy: 'candidate',
    group: 'candidate',
    user: '0123456789abcdef',
    reason: 'user',
    isCopied: false,
    isUnseen: false,
    segments: { route: 'chat' },
    request: Buffer.from('{}'),
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    answer: Buffer.from(texts.join('')),
    isCut: false,
    pieces: Float64Array.from(pieces),
    headersMs: 50,
    totalMs: 600,
    failure: null,
    ...parts,
  }
}

describe('a call', () => {
  it('that was streamed has its text, and its first token when that came', () => {
    expect(callOf(served(stream), openaiChat)).toMatchObject({
      outcome: { kind: 'reply', reply: { text: 'Noon.', stop: 'end', servedModel: 'gpt-x' } },
      latencyMs: 600,
      firstTokenMs: 200,
    })
  })

  it('reads the same wherever the pieces were cut', () => {
    const text = stream.join('')
    for (const at of [1, 7, 60, text.length - 3]) {
      const call = callOf(served([text.slice(0, at), text.slice(at)]), openaiChat)
      expect(call).toMatchObject({ outcome: { kind: 'reply', reply: { text: 'Noon.' } } })
    }
  })

  it.each<[string, Partial<Served>, object | null]>([
    [
      'cut in the middle',
      { failure: { kind: 'broken', detail: 'reset' } },
      { outcome: { kind: 'broken' }, latencyMs: Infinity },
    ],
    [
      'that took too long',
      { failure: { kind: 'timeout', detail: 'late' } },
      { outcome: { kind: 'timeout' }, latencyMs: Infinity },
    ],
    ['whose client left', { failure: { kind: 'left', detail: 'gone' } }, null],
    ['longer than what is kept', { isCut: true }, null],
    ['without a response', { status: null }, { outcome: { kind: 'broken' } }],
  ])('%s', (_, parts, expected) => {
    const call = callOf(served(stream, parts), openaiChat)
    if (expected === null) expect(call).toBeNull()
    else expect(call).toMatchObject(expected)
  })

  it('that was refused has the provider’s word for it', () => {
    const text = JSON.stringify({ error: { message: 'slow down', code: 'rate_limited' } })
    const call = callOf(served([text], { status: 429, headers: { 'content-type': 'application/json' } }), openaiChat)
    expect(call).toMatchObject({
      outcome: { kind: 'rejected', status: 429, code: 'rate_limited' },
      latencyMs: Infinity,
    })
  })
})

describe('an answer that came compressed', () => {
  const codings: Record<string, (text: string) => Buffer> = {
    gzip: (text) => gzipSync(text),
    br: (text) => brotliCompressSync(text),
    zstd: (text) => zstdCompressSync(text),
    deflate: (text) => deflateSync(text),
    'gzip, br': (text) => brotliCompressSync(gzipSync(text)),
    Identity: (text) => Buffer.from(text),
  }
  it.each(Object.keys(codings))('by %s reads as if it had not been', (coding) => {
    const answer = codings[coding]?.(stream.join('')) ?? Buffer.alloc(0)
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': coding }
    const pieces = Float64Array.of(20, 100, answer.length - 20, 300)
    expect(callOf(served([], { headers, answer, pieces }), openaiChat)).toMatchObject({
      outcome: { kind: 'reply', reply: { text: 'Noon.', stop: 'end' } },
      latencyMs: 600,
    })
  })

  it.each<[string, () => Gzip | BrotliCompress | ZstdCompress]>([
    ['gzip', () => createGzip({ flush: constants.Z_SYNC_FLUSH })],
    ['br', () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH })],
    ['zstd', () => createZstdCompress({ flush: constants.ZSTD_e_flush })],
  ])('piece by piece by %s has its first token when that piece came', async (coding, create) => {
    const pieces = await compressedPieces(create(), stream)
    expect(pieces).toHaveLength(stream.length)
    const times = Float64Array.from(pieces.flatMap(({ length }, n) => [length, 100 * (n + 1)]))
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': coding }
    const call = callOf(served([], { headers, answer: Buffer.concat(pieces), pieces: times }), openaiChat)
    expect(call).toMatchObject({ outcome: { kind: 'reply', reply: { text: 'Noon.' } }, firstTokenMs: 200 })
  })

  it.each([
    ['in a way that nobody knows', 'compress', gzipSync('{}')],
    ['in another way than it says', 'gzip', Buffer.from('{"a":1}')],
    // Two hundred megabytes of nothing in two hundred kilobytes.
    ['so as to fill the memory', 'gzip', gzipSync(Buffer.alloc(200 * 2 ** 20))],
  ])('%s is no answer', (_, coding, answer) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': coding }
    const pieces = Float64Array.of(answer.length, 100)
    expect(callOf(served([], { headers, answer, pieces }), openaiChat)).toMatchObject({
      outcome: { kind: 'broken', detail: expect.stringContaining("can't be decompressed") },
    })
  })
})

/** One for each text, as a server that flushes after each event sends them. */
async function compressedPieces(compress: Transform, texts: readonly string[]): Promise<Buffer[]> {
  const pieces: Buffer[] = []
  for (const text of texts) {
    compress.write(text)
    const piece: Buffer[] = []
    await once(compress, 'readable')
    for (let read = compress.read() as Buffer | null; read !== null; read = compress.read() as Buffer | null)
      piece.push(read)
    pieces.push(Buffer.concat(piece))
  }
  compress.destroy()
  return pieces
}

describe('a line of the log', () => {
  const request = { model: 'gpt-x', messages: [{ role: 'user', content: 'When?' }], stream: true }
  const call = callOf(served(stream), openaiChat)
  const outcome = call?.outcome ?? { kind: 'cancelled' }
  const line = (parts: Partial<Served> = {}, logged: Partial<Logged> = {}) => {
    const about = {
      served: served(stream, parts),
      settings: '9f86d081',
      request,
      keysTaken: 0,
      outcome,
      firstTokenMs: 200.04,
      ...logged,
    }
    const found = servedLine(about)
    return found === null ? '' : textOf(found)
  }

  it('gives the call again, so that a restart knows what was seen before it', () => {
    const again = lineIn(line())
    expect(again?.schema === servedSchemaId && callIn(again)).toEqual(call)
    expect(lineIn(line().slice(0, -20))).toBeNull()
    expect(lineIn('{"schema":"other"}')).toBeNull()
  })

  it('is what `ingest` reads, with production’s answers alone as recorded ones', () => {
    const [production] = shadowgateRouter.read(JSON.parse(line({ servedBy: 'production', group: 'control' })))
    expect(production).toMatchObject({
      kind: 'whole',
      exchange: {
        api: 'openai-chat',
        body: request,
        reply: { text: 'Noon.' },
        capturedAt: '2026-11-26T08:00:00.000Z',
        timing: { totalMs: 600, firstTokenMs: 200 },
        user: '0123456789abcdef',
        segments: { route: 'chat', arm: 'production', settings: '9f86d081' },
      },
    })
    const [candidate] = shadowgateRouter.read(JSON.parse(line()))
    const nothing = { reply: null, timing: null, error: null, callId: 'candidate:id-1' }
    expect(candidate).toMatchObject({ kind: 'whole', exchange: nothing })
    expect(shadowgateRouter.read(JSON.parse(line({ isUnseen: true })))).toMatchObject([{ kind: 'left-out' }])
  })

  it('without a credential that was in it is marked, since it is not what was asked', () => {
    const [whole] = shadowgateRouter.read(JSON.parse(line()))
    expect(whole).toMatchObject({ exchange: { damage: null } })
    const [damaged] = shadowgateRouter.read(JSON.parse(line({}, { keysTaken: 1 })))
    expect(damaged).toMatchObject({ exchange: { damage: { fidelity: 'redacted' } } })
  })

  it('keeps an answer that calls a tool and says nothing', () => {
    const calls = [{ name: 'refund', arguments: '{}' }]
    const called = {
      kind: 'reply',
      reply: { text: '', toolCalls: calls, stop: 'tool', usage: null, servedModel: null },
    } as const
    const text = line({ servedBy: 'production', group: 'control' }, { outcome: called })
    expect(shadowgateRouter.read(JSON.parse(text))).toMatchObject([
      { exchange: { reply: { text: '', toolCalls: calls } } },
    ])
  })

  it('of a client that left tells of no failure and of no answer', () => {
    const left = line({ servedBy: 'production', group: 'control' }, { outcome: { kind: 'cancelled' } })
    expect(shadowgateRouter.read(JSON.parse(left))).toMatchObject([{ exchange: { error: null, reply: null } }])
  })

  it.each([
    ['/v1beta/models/gemini-x:generateContent', { contents: [] }, { model: 'gemini-x', contents: [] }],
    [
      '/v1beta/models/gemini-x:streamGenerateContent?alt=sse',
      { contents: [] },
      { model: 'gemini-x', contents: [], stream: true },
    ],
    ['/v1/chat/completions', { model: 'gpt-x', stream: false }, { model: 'gpt-x', stream: false }],
    ['/openai/deployments/dep/chat/completions?api-version=1', { messages: [] }, { model: 'dep', messages: [] }],
  ])('has what %s says beside the body', (path, body, expected) => {
    expect(requestIn({ request: Buffer.from(JSON.stringify(body)), path })).toEqual(expected)
  })

  it('of what is no object has no request, and of what is no JSON none is written', () => {
    expect(requestIn({ request: Buffer.from('[1]'), path: '/v1/chat/completions' })).toBeNull()
    expect(requestIn({ request: Buffer.from('no JSON'), path: '/v1/chat/completions' })).toBeUndefined()
  })

  it('of what a user thought is joined to the call by its id', () => {
    const opinion = { schema: opinionSchemaId, id: 'id-1', at: '2026-11-26T08:01:00.000Z', score: 0 }
    expect(lineIn(JSON.stringify(opinion))).toEqual(opinion)
    expect(shadowgateRouter.read(opinion)).toMatchObject([{ kind: 'opinion', about: 'id-1', feedback: { value: -1 } }])
  })

  it('is not written of what the rollout is not about', () => {
    expect(line({ group: null, reason: 'not-of-it' })).toBe('')
  })
})
