// A streamed body cut into its frames, byte for byte: what `push` and `end` give, joined, is what came.

import type { Framing } from '../../providers/provider.ts'

export interface FrameCutter {
  /** The frames that these bytes completed, with the blank line or the line feed that ends each. */
  readonly push: (bytes: Uint8Array) => readonly string[]
  /** What came after the last whole frame; empty where nothing did. */
  readonly end: () => string
}

const frameEnds: Readonly<Record<Framing, RegExp>> = { sse: /\r\n\r\n|\n\n|\r\r/, ndjson: /\n/ }

export function createFrameCutter(framing: Framing): FrameCutter {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const ending = frameEnds[framing]
  let rest = ''
  return {
    push: (bytes) => {
      rest += decoder.decode(bytes, { stream: true })
      const frames: string[] = []
      for (let found = ending.exec(rest); found !== null; found = ending.exec(rest)) {
        const length = found.index + found[0].length
        frames.push(rest.slice(0, length))
        rest = rest.slice(length)
      }
      return frames
    },
    end: () => rest + decoder.decode(),
  }
}
