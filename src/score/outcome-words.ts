// How a call ended, in a word or two.

import { unreachable } from '../core/fault.ts'
import type { AnsweredCall, Outcome } from '../core/types.ts'

/** "answered", "refused", "HTTP 500", "timed out (headers)". */
export function outcomeWords(call: AnsweredCall, isRefused: boolean): string {
  const { outcome } = call
  switch (outcome.kind) {
    case 'reply':
      return isRefused ? 'refused' : stopWords(outcome)
    case 'rejected':
      return `HTTP ${outcome.status}${outcome.code ? ` ${outcome.code}` : ''}`
    case 'broken':
      return `broken: ${outcome.detail}`
    case 'timeout':
      return `timed out (${outcome.phase.replace('-', ' ')})`
    case 'cancelled':
      return 'cancelled'
    default:
      return unreachable(outcome)
  }
}

function stopWords(outcome: Outcome & { kind: 'reply' }): string {
  switch (outcome.reply.stop) {
    case 'length':
      return 'cut at the limit'
    case 'tool':
      return 'called a tool'
    case 'filtered':
      return 'filtered'
    case 'refused':
      return 'refused'
    case 'end':
    case 'unknown':
      return 'answered'
    default:
      return unreachable(outcome.reply.stop)
  }
}
