// What was served, read: the bytes of an exchange become a call as the harness's metrics know it.

import type { AnsweredCall, Outcome } from '../core/types.ts'
import { AnswerFolder } from '../providers/answer-folder.ts'
import type { Provider } from '../providers/provider.ts'
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
  const folder = new AnswerFolder(provider)
  folder.start(status, headers, headersMs ?? totalMs)
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

function unanswered(outcome: Outcome): Read {
  return { outcome, firstTokenMs: null }
}
