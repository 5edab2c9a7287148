// Which reader cuts a streamed body into events: by its content type, else by the API.

import { createNdjsonReader } from './ndjson.ts'
import type { Framing, StreamEvent } from './provider.ts'
import { createSseReader } from './sse.ts'

/** Cuts one body into events. */
export interface FrameReader {
  /** Takes the next bytes of the body and gives the events that they completed. */
  readonly push: (bytes: Uint8Array) => readonly StreamEvent[]
  /** At the end of the body: the events that its end completed. */
  readonly end: () => readonly StreamEvent[]
}

/** A reader for one body in that framing. */
export function createFrameReader(framing: Framing): FrameReader {
  return framing === 'sse' ? createSseReader() : createNdjsonReader()
}

/** The names that servers give newline-delimited JSON; none is registered. */
const ndjsonTypes = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonl',
  'application/jsonlines',
  'application/x-jsonlines',
  'application/json-lines',
  'application/stream+json',
])

/** The framing that a content type names; null where it names none, and the body is to be read whole. */
export function framingOf(contentType: string | undefined): Framing | null {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type.includes('text/event-stream')) return 'sse'
  return ndjsonTypes.has(type) ? 'ndjson' : null
}
