// Which reader cuts a streamed body into events: by its content type, else by the API.

import { createNdjsonReader } from './ndjson.ts'
import type { FrameReader, Framing } from './provider.ts'
import { createSseReader } from './sse.ts'

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
