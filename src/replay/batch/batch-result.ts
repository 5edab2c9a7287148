// One request's answer, out of a batch: the same outcomes as in the live lane.

import type { Json } from '../../core/types.ts'
import type { Provider } from '../../providers/provider.ts'
import { type BatchResult, isTransientStatus } from './batch-api.ts'

type Answer = Omit<BatchResult, 'customId'>

/** What an answer with a status says. */
export function answerOf(provider: Provider, status: number, body: Json): Answer {
  if (status >= 200 && status < 300) {
    const reply = provider.reply(body)
    if (reply) return { outcome: { kind: 'reply', reply }, httpStatus: status, isFinal: true }
    const opening = JSON.stringify(body).slice(0, 120)
    return {
      outcome: { kind: 'broken', detail: `not an answer of ${provider.name}: ${opening}` },
      httpStatus: status,
      isFinal: true,
    }
  }
  const { code, detail } = provider.rejection(status, body)
  return {
    outcome: { kind: 'rejected', status, code, detail },
    httpStatus: status,
    isFinal: !isTransientStatus(status),
  }
}

/** The request was not answered at all, which says nothing of the model. */
export function unanswered(detail: string): Answer {
  return { outcome: { kind: 'broken', detail }, httpStatus: null, isFinal: false }
}
