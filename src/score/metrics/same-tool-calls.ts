// Whether two answers call the same tools, in the same order, with the same arguments as JSON.

import { isSameToolCalls } from '../../diff/tools.ts'
import { absent, type PairMetric, value } from '../metric.ts'
import { replyOf } from '../reply.ts'

export const sameToolCalls = {
  on: 'pair',
  name: 'same-tool-calls',
  title: 'Same tool calls',
  version: 1,
  unit: 'share',
  better: 'higher',
  readsRequest: true,
  summaries: [{ name: 'same-tool-calls', title: 'Same tool calls', method: { kind: 'excess-share' }, minPairs: 50 }],
  measure: (left, right, { asked }) => {
    const [a, b] = [replyOf(left), replyOf(right)]
    const areCalled = [a, b].some((reply) => reply !== null && reply.toolCalls.length > 0)
    // Where tools are offered and neither calls one, that is agreement. Leaving it out would leave out the record of which the noise
    // floor calls none and the candidate one: a call that nobody else makes would be seen by nobody.
    if (!areCalled && (asked?.tools.length ?? 0) === 0) return absent('not-asked')
    if (a === null || b === null) return absent('no-reply')
    return value(isSameToolCalls(a.toolCalls, b.toolCalls) ? 1 : 0)
  },
} as const satisfies PairMetric
