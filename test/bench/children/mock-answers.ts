// The bytes that the mock answers: built once, with room for the id by which a stored attempt is joined to its truth.

import { randomFrom, wordsFrom } from '../support/words.ts'

export interface Answer {
  /** Sent as soon as the request is whole; empty where the answer is not streamed. */
  readonly head: (id: number) => Buffer
  /** The answer's first bytes; all of them, where it is not streamed. */
  readonly first: (id: number) => Buffer
  /** What follows in a stream. */
  readonly events: readonly Buffer[]
  readonly end: Buffer
}

/** Digits of an id, in the text (`#0000000042`) and in the header `x-bench-id`. */
const idDigits = 10
const noId = '0'.repeat(idDigits)
const variants = 64

/** Answers of about 1 KB; the candidate's differ from production's in every fifth word. */
export function wholeAnswers(arm: string): Answer[] {
  return texts(arm).map((text) => {
    const body = JSON.stringify({
      id: 'chatcmpl-bench',
      object: 'chat.completion',
      created: 1_790_000_000,
      model: `mock-${arm}`,
      choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, finish_reason: 'stop' }],
      usage: usageOf(text),
    })
    const fields = [
      'content-type: application/json',
      `x-bench-id: ${noId}`,
      `content-length: ${Buffer.byteLength(body)}`,
    ]
    const head = `HTTP/1.1 200 OK\r\n${fields.join('\r\n')}\r\n\r\n`
    return { head: () => empty, first: numbered(head + body), events: [], end: empty }
  })
}

/** Streams: the head at once, then events of one word each. */
export function streamedAnswers(arm: string): Answer[] {
  const fields = ['content-type: text/event-stream', `x-bench-id: ${noId}`, 'transfer-encoding: chunked']
  const head = numbered(`HTTP/1.1 200 OK\r\n${fields.join('\r\n')}\r\n\r\n`)
  return texts(arm).map((text) => {
    const [id = '', ...words] = text.split(' ')
    const end = [chunkOf(arm, {}, { finish_reason: 'stop' }), chunkOf(arm, null, { usage: usageOf(text) })]
    return {
      head,
      first: numbered(chunkOf(arm, { role: 'assistant', content: id })),
      events: words.map((word) => Buffer.from(chunkOf(arm, { content: ` ${word}` }))),
      end: Buffer.from(`${end.join('')}${chunked('data: [DONE]\n\n')}0\r\n\r\n`),
    }
  })
}

const empty = Buffer.alloc(0)

function texts(arm: string): string[] {
  return Array.from({ length: variants }, (_, variant) => {
    const words = wordsFrom(randomFrom(variant), 95)
    const others = wordsFrom(randomFrom(variant + 1000), 95)
    const own = words.map((word, index) => (arm === 'candidate' && index % 5 === 4 ? (others[index] ?? word) : word))
    return `#${noId} ${own.join(' ')}.`
  })
}

function usageOf(text: string) {
  const output = Math.ceil(text.length / 4)
  const cached = { cached_tokens: 128 }
  return {
    prompt_tokens: 160,
    completion_tokens: output,
    total_tokens: 160 + output,
    prompt_tokens_details: cached,
  }
}

/** A copy of the text's bytes for each id, with the id where the zeros stood. */
function numbered(text: string): (id: number) => Buffer {
  const template = Buffer.from(text)
  const places = [...text.matchAll(new RegExp(noId, 'g'))].map((match) => match.index)
  return (id) => {
    const bytes = Buffer.allocUnsafe(template.length)
    template.copy(bytes)
    const digits = String(id).padStart(idDigits, '0')
    for (const place of places) bytes.write(digits, place, 'latin1')
    return bytes
  }
}

/** An event of a chat completion stream, as a chunk of a chunked body. */
function chunkOf(arm: string, delta: object | null, parts: { finish_reason?: string; usage?: object } = {}): string {
  const { finish_reason = null, usage } = parts
  const event = {
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: `mock-${arm}`,
    choices: delta ? [{ index: 0, delta, finish_reason }] : [],
    ...(usage ? { usage } : {}),
  }
  return chunked(`data: ${JSON.stringify(event)}\n\n`)
}

function chunked(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}
