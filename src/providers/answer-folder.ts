// An answer over HTTP as it unfolds: folds headers and chunks into an outcome. No connection and no clock of its own.

import { withoutSecrets } from '../core/secrets.ts'
import type { Outcome, Reply } from '../core/types.ts'
import { createFrameReader, framingOf } from './framing.ts'
import type { FrameReader, Framing, Provider, StreamEvent, StreamReader } from './provider.ts'
import { headerText, type ResponseHeaders } from './response-headers.ts'

/** An answer larger than this is broken off: no model writes it, and it must not fill the memory. */
const maxBodyBytes = 64 * 1024 * 1024

interface Stream {
  readonly frames: FrameReader
  readonly reader: StreamReader
}

function streamOf(framing: Framing, provider: Provider): Stream {
  return { frames: createFrameReader(framing), reader: provider.stream() }
}

/** Takes the parts of one answer in order; the caller owns connection and clock. */
export class AnswerFolder {
  readonly #provider: Provider
  #status: number | null = null
  #headers: ResponseHeaders = {}
  #headersMs: number | null = null
  #firstTokenMs: number | null = null
  #chunks: Uint8Array[] = []
  #bytes = 0
  #stream: Stream | null = null
  #retryAfterMs: number | null = null

  constructor(provider: Provider) {
    this.#provider = provider
  }

  start(status: number, headers: ResponseHeaders, ms: number): void {
    this.#status = status
    this.#headers = headers
    this.#headersMs = ms
    const framing = framingOf(headerText(headers, 'content-type') ?? undefined)
    if (status < 300 && framing !== null) this.#stream = streamOf(framing, this.#provider)
  }

  /** Whether the answer comes in pieces, of which the first one with content is still to come. */
  get awaitsFirstToken(): boolean {
    return this.#stream !== null && this.#firstTokenMs === null
  }

  /** Says whether there is room for more. */
  push(chunk: Uint8Array, ms: number): boolean {
    this.#bytes += chunk.byteLength
    if (this.#bytes > maxBodyBytes) return false
    if (!this.#stream) this.#chunks.push(chunk)
    else for (const event of this.#stream.frames.push(chunk)) this.#take(event, ms)
    return true
  }

  #take(event: StreamEvent, ms: number): void {
    if (this.#stream?.reader.push(event).hasContent) this.#firstTokenMs ??= ms
  }

  /** The response came to its end. */
  end(ms: number): Outcome {
    if (this.#status === null) return { kind: 'broken', detail: 'no response' }
    const encoding = headerText(this.#headers, 'content-encoding')?.trim().toLowerCase() ?? ''
    if (encoding !== '' && encoding !== 'identity') {
      const detail = `the answer came ${encoding}-encoded though plain was asked for`
      return this.#status < 300 ? { kind: 'broken', detail } : this.#rejected(this.#status, detail)
    }
    if (this.#stream) {
      for (const event of this.#stream.frames.end()) this.#take(event, ms)
      const folded = this.#stream.reader.end()
      return 'reply' in folded ? { kind: 'reply', reply: folded.reply } : { kind: 'broken', detail: folded.broken }
    }
    const [only = new Uint8Array()] = this.#chunks
    const bytes =
      this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : Buffer.from(only.buffer, only.byteOffset, only.length)
    const text = bytes.toString('utf8')
    return this.#status < 300 ? this.#whole(text) : this.#rejected(this.#status, text)
  }

  #whole(text: string): Outcome {
    const parsed = parseJson(text)
    const reply: Reply | null = parsed === undefined ? this.#unnamedStream() : this.#provider.reply(parsed)
    return reply
      ? { kind: 'reply', reply }
      : { kind: 'broken', detail: `not an answer of ${this.#provider.name}: ${opening(text)}` }
  }

  /** A stream whose content type did not say so. It came to its end marker; when it began is not known any more. */
  #unnamedStream(): Reply | null {
    const { frames, reader } = streamOf(this.#provider.framing, this.#provider)
    for (const chunk of this.#chunks) for (const event of frames.push(chunk)) reader.push(event)
    for (const event of frames.end()) reader.push(event)
    const folded = reader.end()
    return 'reply' in folded ? folded.reply : null
  }

  #rejected(status: number, text: string): Outcome {
    const { code, detail, retryAfterMs } = this.#provider.rejection(status, parseJson(text) ?? text)
    this.#retryAfterMs = retryAfterMs ?? null
    return { kind: 'rejected', status, code, detail }
  }

  /** null until the answer begins. */
  get status(): number | null {
    return this.#status
  }

  get headers(): ResponseHeaders {
    return this.#headers
  }

  get headersMs(): number | null {
    return this.#headersMs
  }

  get firstTokenMs(): number | null {
    return this.#firstTokenMs
  }

  get sawBytes(): boolean {
    return this.#bytes > 0
  }

  /** What the body of a rejection told of when to come again. */
  get retryAfterMs(): number | null {
    return this.#retryAfterMs
  }
}

function parseJson(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function opening(text: string): string {
  if (text === '') return 'an empty body'
  // Cleaned before it is cut, and cut between words: nobody knows half a key or half an address again.
  const { text: clean } = withoutSecrets(text.slice(0, 4096))
  return JSON.stringify(clean.length > 120 ? clean.slice(0, 120).replace(/\S{1,80}$/, '') : clean)
}
