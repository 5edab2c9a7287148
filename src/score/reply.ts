// What metrics ask of a call: its usage and its text, or why there is none.

import canonicalize from 'canonicalize'
import type { AbsenceReason, AnsweredCall, Reply, Usage } from '../core/types.ts'

export function usageOf(call: AnsweredCall): Usage | AbsenceReason {
  if (call.outcome.kind !== 'reply') return 'no-reply'
  return call.outcome.reply.usage ?? 'not-reported'
}

/** The answer itself; null where none came. */
export function replyOf({ outcome }: AnsweredCall): Reply | null {
  return outcome.kind === 'reply' ? outcome.reply : null
}

/** What follows from a reply alone is worked out once, however many metrics and comparisons ask. */
export function oncePerReply<Derived>(derive: (reply: Reply) => Derived): (reply: Reply) => Derived {
  const known = new WeakMap<Reply, { readonly derived: Derived }>()
  return (reply) => {
    const found = known.get(reply)
    if (found !== undefined) return found.derived
    const derived = derive(reply)
    known.set(reply, { derived })
    return derived
  }
}

/** What a user or a program is given: the text, and each tool call on a line of its own. */
export const givenText = oncePerReply(({ text, toolCalls }) =>
  toolCalls.length === 0
    ? text
    : [text, ...toolCalls.map((each) => `${each.name}(${canonicalArguments(each.arguments)})`)]
        .filter(Boolean)
        .join('\n'),
)

/** As `givenText`; null where no answer came. */
export function textOf(call: AnsweredCall): string | null {
  const reply = replyOf(call)
  return reply && givenText(reply)
}

/** Order of keys and white space are no difference. */
function canonicalArguments(text: string): string {
  // Sorting the keys of more than that is no longer quick, and says little that the text does not.
  if (text.length > mostSorted) return text
  try {
    return canonicalize(JSON.parse(text)) ?? text
  } catch {
    return text
  }
}

const mostSorted = 100_000
