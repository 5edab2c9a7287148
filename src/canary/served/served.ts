// What the proxy tells of one request once it is over: bytes and times, read by nobody yet.

import type { Arm } from '../../core/types.ts'
import type { Assignment } from '../dealing/router.ts'
import type { Failure } from '../proxy/forward.ts'
import type { Trace } from '../tracing/trace-context.ts'

/** One request to one arm. */
export interface Served extends Assignment {
  /** The response's `x-shadowgate-id`. */
  readonly id: string
  /** ms since 1970. */
  readonly atMs: number
  /** A name of the `providers` roster; null where the path is of none. */
  readonly api: string | null
  /** As the client asked, with its query. */
  readonly path: string
  /** Who answered, which is production where the candidate failed before anything was sent. */
  readonly servedBy: Arm
  /** A copy that nobody saw, or the candidate's failed try before production answered. */
  readonly isUnseen: boolean
  /** The fault by which a drill spoilt it. */
  readonly drill?: string
  /** By the headers that the config names. */
  readonly segments: Readonly<Record<string, string>>
  /** Absent where nobody traces. */
  readonly trace?: Trace | undefined
  /** ms since 1970; absent where nobody traces. */
  readonly endedAtMs?: number | undefined
  /** What the client asked with that is a secret: taken out of whatever is kept. Absent where there is none. */
  readonly credentials?: readonly string[] | undefined
  readonly request: Uint8Array
  readonly status: number | null
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The answer's bytes, or their opening where it is very long. */
  readonly answer: Uint8Array
  readonly isCut: boolean
  /** Length of each piece and ms from the request until it came, in turn. */
  readonly pieces: Float64Array
  readonly headersMs: number | null
  readonly totalMs: number
  readonly failure: Failure | null
}

/** So much of an answer is kept for reading. */
const mostKept = 8 * 1024 * 1024

/** Keeps what passes. */
export function createTap(elapsed: () => number) {
  const startedAt = elapsed()
  const chunks: Buffer[] = []
  const pieces: number[] = []
  let [kept, isCut] = [0, false]
  let status: number | null = null
  let headersMs: number | null = null
  let headers: Served['headers'] = {}
  return {
    start: (code: number, received: Served['headers']) => {
      status = code
      headers = received
      headersMs = elapsed() - startedAt
    },
    data: (chunk: Buffer) => {
      if (kept + chunk.length > mostKept) {
        isCut = true
        return
      }
      kept += chunk.length
      chunks.push(chunk)
      pieces.push(chunk.length, elapsed() - startedAt)
    },
    status: () => status,
    over: (failure: Failure | null) => ({
      status,
      headers,
      answer: chunks[0] !== undefined && chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, kept),
      isCut,
      pieces: new Float64Array(pieces),
      headersMs,
      totalMs: elapsed() - startedAt,
      failure,
    }),
  }
}
