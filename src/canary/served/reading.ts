// What was served, read: the bytes of an exchange become a call as the harness's metrics know it.

import { thrownMessage } from '../../core/fault.ts'
import type { AnsweredCall, Outcome } from '../../core/types.ts'
import { AnswerFolder } from '../../providers/answer-folder.ts'
import type { Provider } from '../../providers/provider.ts'
import { decoderOf } from './decode.ts'
import type { Served } from './served.ts'

type Exchanged = Pick<
  Served,
  'status' | 'headers' | 'answer' | 'isCut' | 'pieces' | 'headersMs' | 'totalMs' | 'failure'
>

/**
 * null where nobody can say what came of it: the client left, or the answer was longer than what is kept of one. A call without an
 * answer is infinitely slow.
 */
export function callOf(served: Exchanged, provider: Provider): AnsweredCall | null {
  const { failure, isCut, totalMs } = served
  if (isCut || failure?.kind === 'left') return null
  const { outcome, firstTokenMs } = outcomeOf(served, provider)
  if (outcome.kind !== 'reply') return { outcome, latencyMs: Infinity, firstTokenMs: Infinity, tries: 1 }
  return { outcome, latencyMs: totalMs, firstTokenMs, tries: 1 }
}

interface Read {
  readonly outcome: Outcome
  readonly firstTokenMs: number | null
}

function outcomeOf(
  { failure, status, headers, headersMs, answer, pieces, totalMs }: Exchanged,
  provider: Provider,
): Read {
  if (failure?.kind === 'timeout')
    return unanswered({ kind: 'timeout', phase: headersMs === null ? 'first-token' : 'total' })
  if (failure) return unanswered({ kind: 'broken', detail: failure.detail })
  if (status === null) return unanswered({ kind: 'broken', detail: 'no response' })
  const exchanged = { status, headers, headersMs: headersMs ?? totalMs, answer, pieces, totalMs }
  try {
    const decode = decoderOf(headers['content-encoding'])
    return decode === null ? folded(exchanged, provider) : decompressed(exchanged, provider, decode)
  } catch (error) {
    const detail = thrownMessage(error)
    return unanswered({ kind: 'broken', detail: `the answer can't be decompressed: ${detail}` })
  }
}

interface Arrived {
  readonly status: number
  readonly headers: Exchanged['headers']
  readonly headersMs: number
  readonly answer: Uint8Array
  readonly pieces: Float64Array
  readonly totalMs: number
}

function folded({ status, headers, headersMs, answer, pieces, totalMs }: Arrived, provider: Provider): Read {
  const folder = new AnswerFolder(provider)
  folder.start(status, headers, headersMs)
  let at = 0
  for (let piece = 0; piece < pieces.length; piece += 2) {
    const end = at + (pieces[piece] ?? 0)
    if (!folder.push(answer.subarray(at, end), pieces[piece + 1] ?? totalMs)) {
      return unanswered({ kind: 'broken', detail: 'the answer is too long' })
    }
    at = end
  }
  const outcome = folder.end(totalMs)
  return { outcome, firstTokenMs: folder.firstTokenMs }
}

/**
 * The whole of it is read at once; when its first token came is found by halves among the pieces, since no piece of it can be
 * decompressed without those before it.
 */
function decompressed(arrived: Arrived, provider: Provider, decode: (bytes: Uint8Array) => Uint8Array): Read {
  const { answer, pieces, totalMs } = arrived
  const { 'content-encoding': _, ...headers } = arrived.headers
  const until = (bytes: number, atMs: number): Read => {
    const plain = decode(answer.subarray(0, bytes))
    const all = Float64Array.of(plain.length, atMs)
    return folded({ ...arrived, headers, answer: plain, pieces: all, totalMs: atMs }, provider)
  }
  const read = until(answer.length, totalMs)
  if (read.firstTokenMs === null || pieces.length === 0) return read
  const ends: number[] = []
  for (let piece = 0; piece < pieces.length; piece += 2) ends.push((ends.at(-1) ?? 0) + (pieces[piece] ?? 0))
  let [low, high] = [0, ends.length - 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (until(ends[middle] ?? 0, totalMs).firstTokenMs === null) low = middle + 1
    else high = middle
  }
  return { outcome: read.outcome, firstTokenMs: pieces[2 * low + 1] ?? totalMs }
}

function unanswered(outcome: Outcome): Read {
  return { outcome, firstTokenMs: null }
}
