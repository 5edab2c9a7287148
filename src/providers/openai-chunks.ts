// The events of OpenAI's streams: what is an error, what is the end, and what is to be folded.

import type { Json, JsonObject, Reply } from '../core/types.ts'
import type { StreamEvent, StreamReader } from './provider.ts'
import { cleanDetail, messageOf } from './rejection.ts'
import { fieldOf, isObject, parseJson } from './shape.ts'

/** The end marker of the stream, as `data`. */
export const doneMark = '[DONE]'

/** What one API makes of the chunks of its stream. */
export interface ChunkFold {
  /** Takes one chunk. Says whether it brought content that a user would see. */
  readonly take: (chunk: JsonObject) => boolean
  /** Whether the API said why it stopped: then only the end marker is wanting. */
  readonly hasFinish: () => boolean
  /** The answer, null where no chunk held any. */
  readonly reply: () => Reply | null
}

/** A reader of streams that end with `[DONE]`, as chat completions and completions do. */
export function createChunkReader(fold: ChunkFold): StreamReader {
  let isDone = false
  let broken: string | null = null
  return {
    push: (event) => {
      if (isDone || broken !== null || event.data.trim() === '') return { hasContent: false }
      if (event.data.trim() === doneMark) {
        isDone = true
        return { hasContent: false }
      }
      const chunk = chunkOf(event)
      if ('broken' in chunk) {
        broken = chunk.broken
        return { hasContent: false }
      }
      return { hasContent: fold.take(chunk.json) }
    },
    end: () => {
      if (broken !== null) return { broken }
      if (!isDone) {
        return { broken: fold.hasFinish() ? 'the stream ended without its end marker' : 'the stream was cut' }
      }
      const reply = fold.reply()
      return reply === null ? { broken: 'the stream held no answer' } : { reply }
    },
  }
}

/** The object that an event carries, or why the stream is broken: not JSON, no object, an error. */
export function chunkOf(event: StreamEvent): { readonly json: JsonObject } | { readonly broken: string } {
  const chunk = parseJson(event.data)
  if (event.event === 'error' || (isObject(chunk) && (fieldOf(chunk, 'error') ?? null) !== null)) {
    return { broken: errorIn(chunk ?? event.data) }
  }
  if (isObject(chunk)) return { json: chunk }
  return { broken: `an event of the stream is ${chunk === undefined ? 'not JSON' : 'no object'}` }
}

/** What an error in a stream says. */
export function errorIn(json: Json): string {
  const said = messageOf(json)
  return said === null ? 'the stream brought an error' : cleanDetail(said)
}

/** An answer that a log kept as the list of its chunks, with or without the end marker; null where it is none. */
export function replyOfChunks(chunks: readonly Json[], reader: StreamReader): Reply | null {
  for (const chunk of chunks) {
    reader.push({ event: null, data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) })
  }
  reader.push({ event: null, data: doneMark })
  const end = reader.end()
  return 'reply' in end ? end.reply : null
}
