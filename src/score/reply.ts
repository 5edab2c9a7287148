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
  const slot = slots++
  return (reply) => {
    const known = derivedOf(reply)
    const found = known[slot]
    if (found !== undefined) return (found === nothing ? undefined : found) as Derived
    const derived = derive(reply)
    known[slot] = derived === undefined ? nothing : derived
    return derived
  }
}

let slots = 0
/** Stands for `undefined`, which is an answer too: that a text is no JSON is not found out twice. */
const nothing = Symbol('undefined')
/** What was derived of each reply, by the slots of those who asked. A map for each slot would be a fifth of all that is measured. */
const derivedFrom = new WeakMap<Reply, unknown[]>()
let recent: readonly (readonly [Reply, unknown[]])[] = []

function derivedOf(reply: Reply): unknown[] {
  for (const [known, own] of recent) if (known === reply) return own
  const own = derivedFrom.get(reply) ?? []
  derivedFrom.set(reply, own)
  const [last] = recent
  recent = last === undefined ? [[reply, own]] : [[reply, own], last]
  return own
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
