// When each piece of a streamed answer is due.

/** Share of an answer's latency that passes before its first token: simulated, the data holds none. */
const firstTokenShare = 0.25

/** The pieces after the first are at most this many. */
const laterPieces = 12

/** A piece of text and when it is due, in ms after the request. */
export interface DuePiece {
  readonly text: string
  readonly dueMs: number
}

/** Cuts a text into one piece and at most twelve more, the last due at the end; a text of one token is one piece. */
export function paced(
  text: string,
  { tokens, totalMs }: { readonly tokens: number; readonly totalMs: number },
): readonly DuePiece[] {
  // By code points: a chunk must not end within a surrogate pair.
  const points = Array.from(text)
  const count = Math.max(1, Math.min(laterPieces + 1, tokens, points.length))
  const firstMs = firstTokenShare * totalMs
  return Array.from({ length: count }, (_, place) => ({
    text: points
      .slice(Math.round((place * points.length) / count), Math.round(((place + 1) * points.length) / count))
      .join(''),
    dueMs: count === 1 ? firstMs : firstMs + ((totalMs - firstMs) * place) / (count - 1),
  }))
}
