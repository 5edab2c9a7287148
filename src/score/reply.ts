// What metrics ask of a call: its usage and its text, or why there is none.

import type { AbsenceReason, AnsweredCall, Usage } from '../core/types.ts'

export function usageOf(call: AnsweredCall): Usage | AbsenceReason {
  if (call.outcome.kind !== 'reply') return 'no-reply'
  return call.outcome.reply.usage ?? 'not-reported'
}

export function textOf(call: AnsweredCall): string | null {
  return call.outcome.kind === 'reply' ? call.outcome.reply.text : null
}
