// Whether an answer that is code or a single value comes bare, as a program takes it, or in a fence or with words around it.

import type { AnsweredCall } from '../../core/types.ts'
import { isBare } from '../bare.ts'
import { absent, type BothMetric, value } from '../metric.ts'
import { oncePerReply, replyOf } from '../reply.ts'

const isBareReply = oncePerReply(({ text }) => isBare(text))

export const bareAnswer = {
  on: 'both',
  name: 'bare-answer',
  title: 'Bare answer',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [{ name: 'bare-answer', title: 'Bare answer', method: { kind: 'share-difference' }, minPairs: 50 }],
  measure: (left, right) => {
    // Either answer: see `json-kept`.
    const applies = isBareCall(left) || isBareCall(right)
    if (!applies) return { left: absent('not-asked'), right: absent('not-asked') }
    return { left: measureOf(left), right: measureOf(right) }
  },
} as const satisfies BothMetric

function isBareCall(call: AnsweredCall): boolean {
  const reply = replyOf(call)
  return reply !== null && reply.toolCalls.length === 0 && isBareReply(reply)
}

function measureOf(call: AnsweredCall) {
  return replyOf(call) === null ? absent('no-reply') : value(isBareCall(call) ? 1 : 0)
}
