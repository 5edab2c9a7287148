// Many requests that were served, in one piece of memory: another thread is given it, where objects would be copied one by one.

import type { Served } from './served.ts'

export interface Packed {
  readonly memory: ArrayBuffer
  /** So much of it is used. */
  readonly bytes: number
}

export interface Packing {
  /** Gives the piece that was full before this one, where it was. */
  readonly add: (served: Served) => Packed | null
  /** What was added since the last piece; null for nothing. */
  readonly take: () => Packed | null
}

/** So large is a piece, unless a single request is larger. */
export const pieceBytes = 256 * 1024

/** Lengths of text, request and answer, and how many numbers: 32 bits each. */
const headBytes = 16

/** For each request its head, numbers, small fields as JSON, request and answer; the next begins where numbers may. */
export function createPacking(): Packing {
  let memory: Buffer | null = null
  let at = 0
  const take = (): Packed | null => {
    if (memory === null) return null
    const packed = { memory: memory.buffer as ArrayBuffer, bytes: at }
    memory = null
    at = 0
    return packed
  }
  return {
    take,
    add: (served) => {
      const { request, answer, pieces } = served
      // Bytes and numbers go beside: `undefined` leaves them out of the text.
      const text = JSON.stringify({ ...served, request: undefined, answer: undefined, pieces: undefined })
      // A character of a text takes three bytes of UTF-8 at most.
      const most = headBytes + pieces.byteLength + text.length * 3 + request.length + answer.length + 8
      const full = memory !== null && at + most > memory.length ? take() : null
      memory ??= Buffer.from(new ArrayBuffer(Math.max(pieceBytes, most)))
      const numbersAt = at + headBytes
      new Float64Array(memory.buffer, numbersAt, pieces.length).set(pieces)
      const textAt = numbersAt + pieces.byteLength
      const textBytes = memory.write(text, textAt, 'utf8')
      memory.set(request, textAt + textBytes)
      memory.set(answer, textAt + textBytes + request.length)
      new Uint32Array(memory.buffer, at, 4).set([textBytes, request.length, answer.length, pieces.length])
      at = aligned(textAt + textBytes + request.length + answer.length)
      return full
    },
  }
}

/** In the order in which they were added. Request and answer lie in the memory that was given. */
export function* unpacked({ memory, bytes }: Packed): Generator<Served> {
  let at = 0
  while (at < bytes) {
    const [textBytes = 0, requestBytes = 0, answerBytes = 0, count = 0] = new Uint32Array(memory, at, 4)
    const pieces = new Float64Array(memory, at + headBytes, count)
    const textAt = at + headBytes + pieces.byteLength
    const fields = JSON.parse(Buffer.from(memory, textAt, textBytes).toString('utf8')) as Fields
    const requestAt = textAt + textBytes
    const request = new Uint8Array(memory, requestAt, requestBytes)
    const answer = new Uint8Array(memory, requestAt + requestBytes, answerBytes)
    yield { ...fields, request, answer, pieces }
    at = aligned(requestAt + requestBytes + answerBytes)
  }
}

type Fields = Omit<Served, 'request' | 'answer' | 'pieces'>

/** Numbers of 64 bits begin at a multiple of 8. */
function aligned(at: number): number {
  return Math.ceil(at / 8) * 8
}
