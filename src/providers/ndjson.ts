// Newline-delimited JSON from bytes that may be split anywhere, also inside a character.

import type { FrameReader, StreamEvent } from './provider.ts'

/** As for server-sent events: what exceeds it is not an answer but a broken server. Characters. */
const maxLine = 16 * 1024 * 1024

/**
 * A reader for one body: each line that is not blank is an event without a name. LF and CRLF end a line; a lone CR
 * does not, as JSON takes it for white space. The last line may lack its end: a cut one is then no JSON, and the API's
 * reader says so.
 */
export function createNdjsonReader(): FrameReader {
  const decoder = new TextDecoder('utf-8')
  let pieces: string[] = []
  let held = 0
  let isOverfull = false
  const close = (events: StreamEvent[], rest: string) => {
    const line = pieces.length === 0 ? rest : pieces.join('') + rest
    pieces = []
    held = 0
    if (line.trim() !== '') events.push({ event: null, data: line.endsWith('\r') ? line.slice(0, -1) : line })
  }
  const take = (text: string, isEnd: boolean): readonly StreamEvent[] => {
    const events: StreamEvent[] = []
    if (isOverfull) return events
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      close(events, text.slice(start, end))
      start = end + 1
    }
    // Subtle: pieces are joined once a line ends, as a string grown by each chunk would be searched from its start again.
    if (start < text.length) pieces.push(text.slice(start))
    held += text.length - start
    if (isEnd) close(events, '')
    else if (held > maxLine) {
      isOverfull = true
      pieces = []
      events.push({ event: 'error', data: `a line of the stream is longer than ${maxLine} characters` })
    }
    return events
  }
  return {
    push: (bytes) => take(decoder.decode(bytes, { stream: true }), false),
    end: () => take(decoder.decode(), true),
  }
}
