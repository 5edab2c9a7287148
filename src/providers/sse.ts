// Server-sent events from bytes that may be split anywhere, also inside a character.

import { createParser, type ParseError } from 'eventsource-parser'
import type { FrameReader, StreamEvent } from './provider.ts'

/** A whole answer fits many times; what exceeds it is not an answer but a broken server. Characters. */
const maxEvent = 16 * 1024 * 1024

/**
 * A reader for one body. The specification drops an event that no blank line closed; servers that leave the last one out
 * are common and every SDK reads them, so `end` gives it. A cut one is then no JSON, and the API's reader says so.
 */
export function createSseReader(): FrameReader {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let events: StreamEvent[] = []
  let isOverfull = false
  const parser = createParser({
    maxBufferSize: maxEvent,
    onEvent: (message) => events.push({ event: message.event ?? null, data: message.data }),
    onError: (error: ParseError) => {
      if (error.type !== 'max-buffer-size-exceeded') return
      isOverfull = true
      events.push({ event: 'error', data: `an event of the stream is longer than ${maxEvent} characters` })
    },
  })
  const take = (text: string): readonly StreamEvent[] => {
    if (!isOverfull && text !== '') parser.feed(text)
    const taken = events
    events = []
    return taken
  }
  return {
    push: (bytes) => take(decoder.decode(bytes, { stream: true })),
    end: () => take(`${decoder.decode()}\n\n`),
  }
}
