// One exchange as it unfolds: the fold of headers and chunks, with no connection.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ollama } from '../../src/providers/ollama.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { ResponseFolder } from '../../src/replay/exchange.ts'
import { delta, event, streamOf } from '../support/sender.ts'
import { completion } from '../support/target.ts'

const sse = { 'content-type': 'text/event-stream; charset=utf-8' }
const json = { 'content-type': 'application/json' }
const bytes = (text: string) => new TextEncoder().encode(text)

/** Folds one response whose chunks come 10 ms apart, from 10 ms on. */
function fold(
  status: number,
  headers: Record<string, string>,
  chunks: readonly (string | Uint8Array)[],
  provider: Provider = openaiChat,
) {
  const folder = new ResponseFolder(provider)
  folder.start(status, headers, 5)
  chunks.forEach((chunk, index) => folder.push(typeof chunk === 'string' ? bytes(chunk) : chunk, 10 * (index + 1)))
  const outcome = folder.end(900)
  return folder.finish(outcome, { sentAtMs: 1000, totalMs: 900 })
}

const textOf = ({ outcome }: ReturnType<typeof fold>) => (outcome.kind === 'reply' ? outcome.reply.text : outcome)

describe('ResponseFolder', () => {
  test('a stream split at any bytes folds to the same reply', () => {
    const contents = ['Grüße', ' 👩‍👩‍👧 ', '中文', '\u2028', 'end']
    const endings = fc.constantFrom('\n', '\r\n', '\r')
    fc.assert(
      fc.property(endings, fc.array(fc.nat(1000), { maxLength: 40 }), (ending, cuts) => {
        const whole = bytes(streamOf(...contents).replaceAll('\n', ending))
        const at = [0, ...cuts.map((cut) => cut % whole.length).toSorted((a, b) => a - b), whole.length]
        const chunks = at.slice(1).map((end, index) => whole.slice(at[index], end))
        const { outcome } = fold(200, sse, chunks)
        expect(outcome).toEqual({
          kind: 'reply',
          reply: {
            text: contents.join(''),
            toolCalls: [],
            stop: 'end',
            usage: { input: 20, output: 5, cachedInput: 0, reasoning: null },
            servedModel: 'test-model-2026',
          },
        })
      }),
      { numRuns: 60 },
    )
  })

  test.each<[string, readonly string[], number | null]>([
    ['at the first content, not at the role', [delta(null), delta(''), delta('Hi'), streamOf('!')], 30],
    ['at the chunk that completes the event', [delta('Hi').slice(0, 20), delta('Hi').slice(20), streamOf('!')], 20],
    ['in the first chunk, where all comes at once', [streamOf('Hi')], 10],
    ['nowhere, where no content came', [streamOf()], null],
    ['at a comment no more than at a role', [': ping\n\n', delta(null), ': ping\n\n', streamOf('Hi')], 40],
  ])('the first token is %s', (_where, chunks, expected) => {
    const exchange = fold(200, sse, chunks)
    expect(exchange.timing).toEqual({ headersMs: 5, firstTokenMs: expected, totalMs: 900 })
    expect(exchange.outcome.kind).toBe('reply')
  })

  test('an answer that came whole has no first token', () => {
    const exchange = fold(200, json, [JSON.stringify(completion('Noon.'))])
    expect(textOf(exchange)).toBe('Noon.')
    expect(exchange.timing.firstTokenMs).toBeNull()
  })

  test('a stream is known by its content type, however it is written', () => {
    expect(textOf(fold(200, { 'content-type': 'Text/Event-Stream;charset=UTF-8' }, [streamOf('Hi')]))).toBe('Hi')
  })

  test('a stream whose content type does not say so is read, without its first token', () => {
    for (const type of ['text/plain', 'application/json', 'application/octet-stream']) {
      const exchange = fold(200, { 'content-type': type }, [streamOf('Hi'), ': bye\n\n'])
      expect(textOf(exchange)).toBe('Hi')
      expect(exchange.timing.firstTokenMs).toBeNull()
    }
    expect(textOf(fold(200, {}, [delta('Hi')]))).toMatchObject({
      kind: 'broken',
      detail: expect.stringMatching(/not an answer/),
    })
  })

  test('newline-delimited JSON is read as it comes', () => {
    const said = (content: string) => `${JSON.stringify({ message: { role: 'assistant', content }, done: false })}\r\n`
    const last = JSON.stringify({ message: { content: '' }, done: true, done_reason: 'stop' })
    const chunks = [said('').slice(0, 9), said('').slice(9) + said('Hi'), said('!') + last]
    const streamed = fold(200, { 'content-type': 'application/x-ndjson' }, chunks, ollama)
    expect(textOf(streamed)).toBe('Hi!')
    expect(streamed.timing.firstTokenMs).toBe(20)
    const unnamed = fold(200, { 'content-type': 'text/plain' }, chunks, ollama)
    expect(textOf(unnamed)).toBe('Hi!')
    expect(unnamed.timing.firstTokenMs).toBeNull()
    expect(textOf(fold(200, { 'content-type': 'application/x-ndjson' }, chunks.slice(0, 2), ollama))).toMatchObject({
      kind: 'broken',
    })
  })

  test('an answer that came whole is read though a stream was asked for, character split and all', () => {
    const whole = bytes(JSON.stringify(completion('5 € — 👍')))
    expect(
      textOf(
        fold(
          200,
          json,
          [...whole].map((byte) => Uint8Array.of(byte)),
        ),
      ),
    ).toBe('5 € — 👍')
  })

  test.each<[string, number, Record<string, string>, readonly string[], RegExp]>([
    ['HTML', 200, { 'content-type': 'text/html' }, ['<html>Welcome</html>'], /not an answer of openai-chat: "<html>/],
    ['an empty body', 200, json, [], /not an answer of openai-chat: an empty body/],
    ['no content', 204, {}, [], /an empty body/],
    ['JSON of another shape', 200, json, ['{"hello":"world"}'], /not an answer of openai-chat/],
    ['JSON null', 200, json, ['null'], /not an answer of openai-chat/],
    ['an encoding not asked for', 200, { ...json, 'content-encoding': 'GZIP' }, ['\x1f\x8b'], /came gzip-encoded/],
    ['an encoded stream', 200, { ...sse, 'content-encoding': 'br' }, ['xx'], /came br-encoded though plain/],
    ['a stream without its end marker', 200, sse, [delta('Hi', 'stop')], /without its end marker/],
    ['a stream cut after some text', 200, sse, [delta('Hi')], /cut/],
    ['half an event', 200, sse, [delta('Hi'), 'data: {"choices":[{"del'], /not JSON/],
    [
      'an error event',
      200,
      sse,
      [delta('Hi'), `event: error\n${event({ error: { message: 'overloaded' } })}`],
      /overloaded/,
    ],
    ['an empty stream', 200, sse, [], /cut/],
  ])('%s is broken', (_why, status, headers, chunks, detail) => {
    const { outcome, httpStatus } = fold(status, headers, chunks)
    expect(outcome).toEqual({ kind: 'broken', detail: expect.stringMatching(detail) })
    expect(httpStatus).toBe(status)
  })

  test.each<[string, number, Record<string, string>, string, object]>([
    [
      '429 with words',
      429,
      json,
      '{"error":{"message":"slow down","code":"rate_limit"}}',
      { code: 'rate_limit', detail: 'slow down' },
    ],
    ['401 in plain text', 401, { 'content-type': 'text/plain' }, 'who are you?', { detail: 'who are you?' }],
    [
      '502 in HTML',
      502,
      { 'content-type': 'text/html' },
      '<html><body>Bad  gateway</body></html>',
      { detail: 'Bad gateway' },
    ],
    ['500 as a stream', 500, sse, '{"error":{"message":"oops"}}', { detail: 'oops' }],
    ['301 is followed by nobody', 301, { location: '/elsewhere' }, '', { detail: 'HTTP 301 with no explanation' }],
    [
      '429 in an encoding not asked for is a 429 still',
      429,
      { 'content-encoding': 'gzip' },
      '\x1f',
      { detail: expect.stringMatching(/gzip/) },
    ],
  ])('%s is rejected', (_why, status, headers, body, expected) => {
    expect(fold(status, headers, [body]).outcome).toMatchObject({ kind: 'rejected', status, ...expected })
  })

  test('says when the answer is larger than any model writes', () => {
    const folder = new ResponseFolder(openaiChat)
    folder.start(200, sse, 1)
    const mebibyte = new Uint8Array(1024 * 1024).fill(0x3a)
    for (let pushed = 0; pushed < 64; pushed++) expect(folder.push(mebibyte, 2)).toBe(true)
    expect(folder.push(Uint8Array.of(0x3a), 3)).toBe(false)
  })

  test('an exchange without a response is broken, and says nothing of bytes', () => {
    const folder = new ResponseFolder(openaiChat)
    const exchange = folder.finish(folder.end(7), { sentAtMs: 1, totalMs: 7 })
    expect(exchange).toMatchObject({
      outcome: { kind: 'broken', detail: 'no response' },
      sawBytes: false,
      httpStatus: null,
    })
    expect(exchange.timing).toEqual({ headersMs: null, firstTokenMs: null, totalMs: 7 })
  })

  test("a Retry-After's date is counted from the exchange's end", () => {
    const folder = new ResponseFolder(openaiChat)
    folder.start(429, { 'retry-after': new Date(Date.UTC(2026, 0, 1, 0, 0, 10)).toUTCString() }, 1)
    const at = { sentAtMs: Date.UTC(2026, 0, 1), totalMs: 4000 }
    expect(folder.finish(folder.end(4000), at).advice.afterMs).toBe(6000)
  })
})
