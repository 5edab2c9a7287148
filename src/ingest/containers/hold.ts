// The bytes of one piece of a log while it is read: all of them up to a limit, and only their opening beyond it.

/** What is kept of a piece that is too long, for the excerpt. */
const openingBytes = 2048

export interface Held {
  readonly bytes: Uint8Array
  readonly size: number
  /** `bytes` is then the opening alone. */
  readonly isOver: boolean
}

export function createHold(maxBytes: number) {
  let parts: Uint8Array[] = []
  let size = 0
  return {
    keep: (part: Uint8Array): void => {
      // Past the limit nothing more is held than the opening, whatever comes before the end.
      if (size <= maxBytes && size + part.length > maxBytes) {
        parts = [Buffer.concat([...parts, part.subarray(0, openingBytes)]).subarray(0, openingBytes)]
      } else if (size <= maxBytes) parts.push(part)
      size += part.length
    },
    isEmpty: () => size === 0,
    /** What was kept; the hold is empty again. */
    take: (): Held => {
      const [only, ...more] = parts
      const held = {
        bytes: only === undefined || more.length > 0 ? Buffer.concat(parts) : only,
        size,
        isOver: size > maxBytes,
      }
      parts = []
      size = 0
      return held
    },
  }
}
