// What a provider API is to the house: bytes ↔ nouns, with no connection of its own.

import type { AskedForm, Json, JsonObject, Reply } from '../core/types.ts'

/** One provider API: its request, its reply, its stream and its rejections. One file each, listed in `index.ts`. */
export interface Provider {
  /** The file's name and the word in the config. */
  readonly name: string
  readonly title: string
  /** Whether a captured request body is written in this API. Certain or false: never a guess. */
  readonly accepts: (body: Json) => boolean
  /** Whether it can be in this API at all: where something beside the body (its path, its answer) says that it is. */
  readonly allows: (body: Json) => boolean
  /** Whether a captured body asks for a stream; false where the API says so elsewhere than in the body. */
  readonly isStreaming: (body: JsonObject) => boolean
  /** How a streamed answer is cut into events, where the response's content type does not say. */
  readonly framing: Framing
  /**
   * What is sent: path below the base URL, and the body with model, stream flag, renames and overrides applied. The path may
   * depend on model and stream flag, and may carry a query (`/models/{model}:streamGenerateContent?alt=sse`).
   */
  readonly request: (body: JsonObject, options: RequestOptions) => { readonly path: string; readonly body: JsonObject }
  /**
   * The body with a line at the start of its system prompt, where prompt caches compare first; null where it has none: an
   * instruction that was not there would be another request.
   */
  readonly salted: (body: JsonObject, line: string) => JsonObject | null
  /** Headers that carry the key and the API's version; lower-case names. */
  readonly headers: (key: string | null) => Readonly<Record<string, string>>
  /** A path that costs nothing and tells whether target and key work; null where the API has none. */
  readonly probePath: string | null
  /** An answer that came whole; null where it has not this API's shape. */
  readonly reply: (body: Json) => Reply | null
  /** A reader for one streamed answer. */
  readonly stream: () => StreamReader
  /** What an error answer says. `body` is the parsed JSON, or the text where it is none. */
  readonly rejection: (status: number, body: Json) => Rejection
  /** The request as people read it: the last user message, plain. */
  readonly prompt: (body: JsonObject) => string
  /** A body, but for its model, that asks nothing but this. */
  readonly question: (text: string) => JsonObject
  /** The form of answer that a captured body asks for. */
  readonly asked: (body: JsonObject) => AskedForm
  /** Who the request names as its user or conversation; null where nobody. */
  readonly party: (body: JsonObject) => string | null
  /** The body without what names a person (`user` and its like). */
  readonly withoutParty: (body: JsonObject) => JsonObject
}

/** Server-sent events, or one JSON text a line (Ollama's own API). */
export type Framing = 'sse' | 'ndjson'

export interface RequestOptions {
  /** null sends the captured model. */
  readonly model: string | null
  readonly stream: boolean
  /** Fields of the captured body that go by another name here; before the overrides. */
  readonly rename?: Readonly<Record<string, string>> | undefined
  readonly overrides: JsonObject
}

export interface Rejection {
  readonly code: string | null
  /** At most 300 characters, with nothing that looks like a key. */
  readonly detail: string
  /** ms to wait before the next request, where the body says so. */
  readonly retryAfterMs?: number
}

/** Folds the events of one stream into a reply. */
export interface StreamReader {
  /** Takes one event. Says whether it brought content that a user would see (text, refusal, tool call, reasoning). */
  readonly push: (event: StreamEvent) => { readonly hasContent: boolean }
  /** At the end of the body: a reply, or why the stream was broken (no end marker, an error event, not JSON). */
  readonly end: () => { readonly reply: Reply } | { readonly broken: string }
}

/** One event of a stream. A line of newline-delimited JSON is an event without a name. */
export interface StreamEvent {
  readonly event: string | null
  readonly data: string
}

/** Cuts one body into events. */
export interface FrameReader {
  /** Takes the next bytes of the body and gives the events that they completed. */
  readonly push: (bytes: Uint8Array) => readonly StreamEvent[]
  /** At the end of the body: the events that its end completed. */
  readonly end: () => readonly StreamEvent[]
}
