// What metrics ask of a call: its usage and its text, or why there is none.

import canonicalize from 'canonicalize'
import type { AbsenceReason, AnsweredCall, Usage } from '../core/types.ts'

export function usageOf(call: AnsweredCall): Usage | AbsenceReason {
  if (call.outcome.kind !== 'reply') return 'no-reply'
  return call.outcome.reply.usage ?? 'not-reported'
}

/** What a user or a program is given: the text, and each tool call on a line of its own. null where no answer came. */
export function textOf(call: AnsweredCall): string | null {
  if (call.outcome.kind !== 'reply') return null
  const { text, toolCalls } = call.outcome.reply
  return [text, ...toolCalls.map((each) => `${each.name}(${canonicalArguments(each.arguments)})`)]
    .filter(Boolean)
    .join('\n')
}

/** Order of keys and white space are no difference. */
function canonicalArguments(text: string): string {
  try {
    return canonicalize(JSON.parse(text)) ?? text
  } catch {
    return text
  }
}
